"""Stories and quotes to test with, invented, and the strict reader of Telegram's HTML that judges the
markup."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from bot.catalogue import load_catalogue
from bot.demo.markup import read_text
from bot.language import Tongues
from bot.model import Article, Message, Quote, Tag

NOW = dt.datetime(2026, 4, 3, 9, 0, tzinfo=dt.UTC)
CATALOGUE = load_catalogue()
TONGUES = Tongues()
ENGLISH = TONGUES["en"]

STORY = Article(
    id="a1",
    title="Kazakhstan opens its first hydrogen plant",
    link="https://news.example/hydrogen?from=feed&page=1",
    published=NOW - dt.timedelta(hours=3),
    source="The Steppe Courier",
    summary="The plant near Mangystau starts with 2,000 tonnes a year. Half of it goes abroad.",
    countries=(Tag("KZ"),),
    topics=(Tag("energy"),),
)

any_text = st.text(max_size=600)
"""Whatever a feed may hold, lone surrogates and control characters included."""

articles = st.builds(
    lambda title, link, source, summary, tags, age: replace(
        STORY,
        title=title,
        link=link,
        source=source,
        summary=summary,
        countries=tags,
        published=NOW - dt.timedelta(minutes=age),
    ),
    any_text,
    st.none() | any_text | st.just("https://news.example/ä?q=<\"'>&x"),
    any_text,
    st.text(max_size=3000) | st.just("Word. " * 600),
    st.lists(st.sampled_from(CATALOGUE.tags), max_size=8).map(tuple),
    st.integers(-100, 10_000_000),
)


def story(number: int, **changes: object) -> Article:
    """Make one of many stories."""
    changed = {"id": f"a{number}", "title": f"Story number {number}", **changes}
    return replace(STORY, **changed)  # type: ignore[arg-type]


def quote(base: str, against: str, value: str, change: str | None = None, source: str = "Ticker") -> Quote:
    """Make a quote of the third of April."""
    percent = None if change is None else Decimal(change)
    return Quote(base, against, Decimal(value), NOW.date(), source, percent)


def as_seen(message: Message) -> str:
    """Give the text that a person sees; fails as Telegram does on broken markup or a message too long."""
    assert all(len((b.data or "").encode()) <= 64 for row in message.buttons for b in row)
    formatted = read_text(message.html, "HTML")
    assert 0 < len(formatted.text.encode("utf-16-le")) // 2 <= 4096
    return formatted.text
