"""The ``listing`` format: a page that lists stories, as HTML of any theme or as extracted text →
:class:`Listing`.

For sources without a feed. Bytes in; stories, the rates ticker, the page's date, the counter and the next
page out. Pure; the caller runs it in a thread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from selectolax.lexbor import LexborHTMLParser

from bot.errors import FormatError
from bot.model import FeedEntry
from bot.sources.dates import not_in_future
from bot.sources.decoding import decode
from bot.sources.definition_lists import paired
from bot.sources.links import canonical_link
from bot.sources.listed import ListedStory
from bot.sources.listing_html import base_of, next_page, strip_page, take_stories
from bot.sources.listing_text import stories_of_text
from bot.sources.listing_words import Results, counter
from bot.sources.nesting import levelled, shortened
from bot.sources.plain_text import page_text, tidy_lines
from bot.sources.rates.ticker import TickerLine, page_date, ticker_lines
from bot.sources.relative_time import time_from

_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|article|table|ul|a)\b", re.IGNORECASE)
_MOST_TAGS = 50_000  # the longest archive of a year has fewer
_LONGEST_PAGE = 3_000_000  # characters; a longer list of headlines was not written for people


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing page says. ``date`` is the page's own, not that of a story."""

    stories: tuple[ListedStory, ...]
    ticker: tuple[TickerLine, ...] = ()
    date: date | None = None
    results: Results | None = None
    next_url: str | None = None

    def entries(self, source: str, now: datetime) -> tuple[FeedEntry, ...]:
        """The stories as entries like those of a feed."""
        return tuple(_entry(story, source, now) for story in self.stories)


def parse_listing(body: bytes, *, content_type: str | None, url: str) -> Listing:
    """Read a page. An empty list of stories is a valid answer ("Nothing found").

    Raises FormatError if the body is empty or no text at all.
    """
    text = decode(body, content_type)[:_LONGEST_PAGE].replace("\0", "")
    if not text.strip():
        raise FormatError("an empty page")
    if text.lstrip()[:5].lower() in ("%pdf-", "pk\x03\x04"):
        raise FormatError("a file, not a page")
    if _MARKUP.search(text):
        return _html(text, url)
    lines = tidy_lines(text)
    return Listing(
        stories=tuple(stories_of_text(text)),
        ticker=tuple(ticker_lines(lines)),
        date=page_date(lines),
        results=counter(lines),
    )


def _html(markup: str, url: str) -> Listing:
    markup = paired(levelled(shortened(markup, _MOST_TAGS)))
    tree = LexborHTMLParser(markup)
    base = base_of(tree, url)
    following = next_page(tree, base)
    visible = page_text(markup)
    strip_page(tree)
    stories = take_stories(tree, base)
    rest = page_text(tree.html or "")
    return Listing(
        stories=tuple(stories),
        ticker=tuple(ticker_lines(visible)),
        date=page_date(rest),
        results=counter(" ".join(visible.split())),
        next_url=following if following != url else None,
    )


def _entry(story: ListedStory, source: str, now: datetime) -> FeedEntry:
    identity = canonical_link(story.link) if story.link else f"{source}\n{story.title or story.excerpt[:200]}"
    return FeedEntry(
        identity=identity,
        title=story.title or "",
        link=story.link,
        published=not_in_future(story.published, now) or time_from(story.when, now),
        text=story.excerpt,
        image_url=story.image_url,
    )
