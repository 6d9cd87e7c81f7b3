"""The briefing: one message with what matters from what a chat follows, and the rates it watches.

``choose`` picks and ranks, ``digest`` words: eight stories at most, short titles, one sentence for each
country or topic, which together always fit one message. Both are pure: the callers bring the stories (the
sender from the log, ``/briefing`` from the lists), the quotes, and what the buttons mean."""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, takewhile

from bot.briefing import html
from bot.briefing.cards import linked_title, whole_sentences
from bot.briefing.html import Html
from bot.briefing.rates_table import dollar_rate, rate_line
from bot.catalogue import Catalogue
from bot.language import Tongue
from bot.model import Article, Button, Message, Quote, Tag

WINDOW = dt.timedelta(hours=36)
"""Older stories are no news at breakfast, however long the chat got no briefing."""

MOST_SHOWN = 8
MOST_RATES = 5
NUMBERS_PER_ROW = 5
LONGEST_TITLE = 140
LONGEST_LEAD = 180


@dataclass(frozen=True, slots=True)
class Choice:
    """The stories of a briefing, best first, of ``total`` that there were."""

    stories: tuple[Article, ...]
    total: int


@dataclass(frozen=True, slots=True)
class DigestLinks:
    """What the buttons under a briefing mean, as button data."""

    story: Callable[[str], str]
    all_of: Callable[[Tag], str]
    change_time: str
    subscribe: str


def by_tag(articles: Iterable[Article]) -> Mapping[Tag, Sequence[Article]]:
    """Sort stories onto the shelves from which :func:`choose` takes them: by tag, newest first."""
    shelves: dict[Tag, list[Article]] = {}
    for article in sorted(articles, key=lambda article: article.published, reverse=True):
        for tag in article.tags:
            shelves.setdefault(tag, []).append(article)
    return shelves


def choose(
    shelves: Mapping[Tag, Sequence[Article]], follows: Collection[Tag], since: dt.datetime, now: dt.datetime
) -> Choice:
    """Pick the stories on the shelves of ``follows`` that came out after ``since`` (at most 36 hours ago).

    Ranked by how many of the chat's own subscriptions a story touches, then by freshness.
    """
    start = max(since, now - WINDOW)
    matching: dict[str, Article] = {}
    touches: Counter[str] = Counter()
    for tag in follows:
        for article in takewhile(lambda article: article.published > start, shelves.get(tag, ())):
            matching[article.id] = article
            touches[article.id] += 1

    def rank(article: Article) -> tuple[int, dt.datetime, str]:
        return touches[article.id], article.published, article.id

    return Choice(tuple(heapq.nlargest(MOST_SHOWN, matching.values(), key=rank)), len(matching))


def digest(
    choice: Choice,
    quotes: Sequence[Quote],
    follows: Collection[Tag],
    tongue: Tongue,
    catalogue: Catalogue,
    now: dt.datetime,
    links: DigestLinks,
) -> Message:
    """Word the briefing of the day of ``now`` (the reader's local time)."""
    groups = _grouped(choice.stories, follows, catalogue)
    stories = [article for group in groups.values() for article in group]
    if not stories:
        return _quiet_day(quotes, follows, tongue, now, links)
    parts = (
        _heading(tongue, now),
        *_sections(groups, tongue, catalogue),
        _remainder(tongue, choice.total - len(stories)),
        _rates(quotes, tongue),
        _sources(stories, tongue),
    )
    return Message(html.joined("\n\n", parts), _buttons(stories, groups, tongue, catalogue, links))


def _grouped(
    stories: Iterable[Article], follows: Collection[Tag], catalogue: Catalogue
) -> Mapping[Tag, Sequence[Article]]:
    """Put each story under the first of its tags that is followed, groups in the catalogue's order."""
    groups: dict[Tag, list[Article]] = {tag: [] for tag in catalogue.tags}
    for article in stories:
        home = next((tag for tag in article.tags if tag in follows and tag in groups), None)
        if home is not None:
            groups[home].append(article)
    return {tag: group for tag, group in groups.items() if group}


def _sections(
    groups: Mapping[Tag, Sequence[Article]], tongue: Tongue, catalogue: Catalogue
) -> Iterator[Html]:
    """Word each group: its name, its stories numbered through, a sentence about the first of them."""
    numbers = count(1)
    for tag, group in groups.items():
        name = html.bold(html.text(f"{catalogue.flag(tag)} {catalogue.name(tag, tongue.code)}"))
        titles = [_title(next(numbers), article, tongue) for article in group]
        sentence = whole_sentences(html.one_line(group[0].summary), LONGEST_LEAD)
        yield html.joined("\n", (name, titles[0], html.quote(html.isolated(sentence)), *titles[1:]))


def _heading(tongue: Tongue, now: dt.datetime) -> Html:
    return html.joined(" ", (html.text("☀️"), html.bold(html.text(tongue.weekday_and_day(now.date())))))


def _title(number: int, article: Article, tongue: Tongue) -> Html:
    return html.joined(" ", (html.text(f"{tongue.number(number)}."), linked_title(article, LONGEST_TITLE)))


def _sources(stories: Iterable[Article], tongue: Tongue) -> Html:
    names = dict.fromkeys(html.shortened(html.one_line(article.source), 60) for article in stories)
    listed = tongue.listing([name for name in names if name])
    return html.italic(html.fill(tongue.gettext("From {sources}"), sources=html.isolated(listed)))


def _remainder(tongue: Tongue, hidden: int) -> Html:
    if hidden <= 0:
        return html.EMPTY
    more = tongue.ngettext("…and {count} more", "…and {count} more", hidden)
    return html.fill(more, count=html.text(tongue.number(hidden)))


def _rates(quotes: Sequence[Quote], tongue: Tongue) -> Html:
    rates = [rate for quote in quotes if (rate := dollar_rate(quote))][:MOST_RATES]
    return html.joined("\n", (html.code(rate_line(rate, rates, tongue)) for rate in rates))


def _quiet_day(
    quotes: Sequence[Quote],
    follows: Collection[Tag],
    tongue: Tongue,
    now: dt.datetime,
    links: DigestLinks,
) -> Message:
    _ = tongue.gettext
    if follows:
        line = _("No news from what you follow. Have a calm day!")
    else:
        line = _("You follow nothing yet. Choose your countries and topics, and news will be here.")
    body = html.joined("\n\n", (_heading(tongue, now), html.text(line), _rates(quotes, tongue)))
    choose_more = Button("➕ " + _("Add or change"), data=links.subscribe)
    return Message(body, ((choose_more,),))


def _buttons(
    stories: Sequence[Article],
    groups: Mapping[Tag, Sequence[Article]],
    tongue: Tongue,
    catalogue: Catalogue,
    links: DigestLinks,
) -> tuple[tuple[Button, ...], ...]:
    numbers = [
        Button(tongue.number(number), data=links.story(article.id))
        for number, article in enumerate(stories, 1)
    ]
    rows_needed = math.ceil(len(numbers) / NUMBERS_PER_ROW)
    per_row = math.ceil(len(numbers) / rows_needed)
    rows = [tuple(numbers[at : at + per_row]) for at in range(0, len(numbers), per_row)]
    biggest = max(groups, key=lambda tag: len(groups[tag]))
    name = f"{catalogue.flag(biggest)} {catalogue.name(biggest, tongue.code)}"
    everything = Button(tongue.gettext("All: {name}").format(name=name), data=links.all_of(biggest))
    change = Button("🕗 " + tongue.gettext("Change time"), data=links.change_time)
    return (*rows, (everything, change))
