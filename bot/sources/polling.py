"""The worker's door: one call polls one source once, and answers with a value that only has to be stored.

Fetch → parse (in a thread: a big feed would hold up everything else) → entries or quotes, with what makes the
next request conditional and when it should be made. Knows no Redis. Raises SourceError; the caller counts and
backs off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import structlog

from bot.errors import FetchError, SourceError
from bot.model import Quote
from bot.sources.articles import is_story
from bot.sources.dialect import dialect
from bot.sources.feed import parse_feed
from bot.sources.fetching import Fetched, Fetcher, Gone, NotModified, Validators
from bot.sources.listing import parse_listing
from bot.sources.outline import Outline
from bot.sources.pace import UNKNOWN, Habits, learned
from bot.sources.rates import RATES_FORMATS
from bot.sources.rates.page import RatesPage
from bot.sources.sources_file import NewsSource, RatesSource
from bot.sources.websub import Hub, hub_of
from bot.sources.wordpress import parse_posts, posts_url

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewsRead:
    """Stories, newest or oldest first as the source has them; the store knows which are new.

    ``validators`` and ``habits`` go into the next poll, which should come ``next_after_s`` seconds from now.
    ``moved_to`` is the address to use from now on, where the old one said so for good. ``hub`` would tell of news
    (WebSub). ``whole`` is False if the page broke off; ``found`` is what it turned out to be, in a word or two.
    """

    entries: tuple[Outline, ...]
    validators: Validators
    next_after_s: float
    moved_to: str | None = None
    hub: Hub | None = None
    habits: Habits = UNKNOWN
    whole: bool = True
    found: str = ""


@dataclass(frozen=True, slots=True)
class RatesRead:
    """Quotes as the bank publishes them; the rest as in :class:`NewsRead`."""

    quotes: tuple[Quote, ...]
    validators: Validators
    next_after_s: float
    moved_to: str | None = None
    habits: Habits = UNKNOWN


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that nothing changed: nothing was parsed, nothing is to be stored but these."""

    validators: Validators
    next_after_s: float
    moved_to: str | None = None
    habits: Habits = UNKNOWN


@dataclass(frozen=True, slots=True)
class Ended:
    """The publisher has taken the source down for good (410): do not ask again until the operator says so."""


NewsPoll = NewsRead | Unchanged | Ended
RatesPoll = RatesRead | Unchanged | Ended


@dataclass(frozen=True, slots=True)
class ParsedNews:
    """What a news format makes of a page; ``next_url`` is the page with older stories."""

    entries: tuple[Outline, ...]
    ttl_s: float | None = None
    next_url: str | None = None
    hub: Hub | None = None
    found: str = ""


BROKEN_OFF = "sent a page that breaks off"
_OLDER_PAGES_S = 10.0  # no page is begun after that: the first is worth more than all that follow

NewsFormat = Callable[[Fetched, NewsSource, datetime], ParsedNews]


async def poll_news(
    source: NewsSource,
    fetcher: Fetcher,
    validators: Validators,
    now: datetime,
    *,
    older_pages: int = 0,
    habits: Habits = UNKNOWN,
) -> NewsPoll:
    """Poll a news source once. Raises FetchError or FormatError.

    ``older_pages`` is how many pages further back may be read too, for the first fill of a source. ``habits`` is what
    the last poll knew of them.
    """
    url = posts_url(source.url) if source.format == "wordpress" else source.url
    delay_s = await fetcher.crawl_delay_s(url) if source.format == "listing" else 0.0
    answer = await fetcher.fetch(url, validators, crawl_delay_s=delay_s)
    if not isinstance(answer, Fetched):
        return _nothing_new(answer, source.every_s, habits, now)
    parsed = await _parsed(answer, source, now)
    if not (answer.whole or parsed.entries):
        raise FetchError(BROKEN_OFF)
    walk = Walk(source, fetcher, now, delay_s, older_pages)
    older = await walk.older(parsed.next_url, {url, answer.url})
    published = learned(habits.published, (entry.published for entry in parsed.entries), now)
    habits = Habits(published, parsed.ttl_s, answer.fresh_for_s)
    return NewsRead(
        entries=(*parsed.entries, *older),
        validators=answer.validators,
        next_after_s=habits.due_in_s(source.every_s, now),
        moved_to=answer.moved_to,
        hub=parsed.hub,
        habits=habits,
        whole=answer.whole,
        found=parsed.found or source.format,
    )


async def poll_rates(
    source: RatesSource, fetcher: Fetcher, validators: Validators, now: datetime, *, habits: Habits = UNKNOWN
) -> RatesPoll:
    """Poll a rates source once, for the day that it is there where its address asks for one.

    Validators belong to one address, so a dated one is asked without. Raises FetchError or FormatError.
    """
    today = source.today(now)
    answer = await fetcher.fetch(source.url_for(today), Validators() if source.dated else validators)
    if not isinstance(answer, Fetched):
        return _nothing_new(answer, source.poll_in_s(now), habits, now)
    page = RatesPage(source.name, answer.content_type, today, today if source.dated else None)
    quotes = await asyncio.to_thread(RATES_FORMATS[source.format], answer.body, page)
    habits = Habits(fresh_s=answer.fresh_for_s)
    return RatesRead(
        quotes=tuple(quotes),
        validators=answer.validators,
        next_after_s=habits.due_in_s(source.poll_in_s(now), now),
        moved_to=None if source.dated else answer.moved_to,
        habits=habits,
    )


@dataclass(frozen=True, slots=True)
class Walk:
    """The way back through a source's older pages, on its first fill."""

    source: NewsSource
    fetcher: Fetcher
    now: datetime
    delay_s: float
    pages: int

    async def older(self, url: str | None, seen: set[str]) -> list[Outline]:
        """Their entries; a page that fails, or comes a second time, ends the walk."""
        entries: list[Outline] = []
        clock_s, left = asyncio.get_running_loop().time, self.pages
        deadline_s = clock_s() + _OLDER_PAGES_S
        while url and url not in seen and left > 0 and clock_s() + self.delay_s < deadline_s:
            seen.add(url)
            try:
                answer = await self.fetcher.fetch(url, crawl_delay_s=self.delay_s, led_by=self.source.url)
                if not isinstance(answer, Fetched):
                    break
                parsed = await _parsed(answer, self.source, self.now)
            except SourceError as error:
                log.info("older page not read", source=self.source.name, cause=str(error))
                break
            entries += parsed.entries
            url, left = parsed.next_url, left - 1
        return entries


async def _parsed(page: Fetched, source: NewsSource, now: datetime) -> ParsedNews:
    """The page's stories, all that it takes to know them again read there and then: this is a thread of its own."""

    def parse() -> ParsedNews:
        parsed = NEWS_FORMATS[source.format](page, source, now)
        return replace(parsed, entries=tuple(entry for entry in parsed.entries if is_story(entry)))

    return await asyncio.to_thread(parse)


def _nothing_new(
    answer: NotModified | Gone, every_s: float, habits: Habits, now: datetime
) -> Unchanged | Ended:
    """What was known holds; a 304 without wishes of its own leaves the old ones in force (RFC 9111, 4.3.4)."""
    if isinstance(answer, Gone):
        return Ended()
    if answer.fresh_for_s is not None:
        habits = replace(habits, fresh_s=answer.fresh_for_s)
    return Unchanged(answer.validators, habits.due_in_s(every_s, now), answer.moved_to, habits)


def _feed(page: Fetched, source: NewsSource, now: datetime) -> ParsedNews:
    feed = parse_feed(
        page.body, content_type=page.content_type, base_url=page.url, source=source.name, now=now
    )
    hub = hub_of(feed.head, page.url, page.hub_url, page.self_url)
    return ParsedNews(feed.entries, feed.ttl_s, hub=hub, found=dialect(feed.head))


def _listing(page: Fetched, source: NewsSource, now: datetime) -> ParsedNews:
    listing = parse_listing(page.body, content_type=page.content_type, url=page.url)
    return ParsedNews(listing.entries(source.name, now), next_url=listing.next_url)


def _wordpress(page: Fetched, source: NewsSource, now: datetime) -> ParsedNews:
    entries = parse_posts(
        page.body, content_type=page.content_type, base_url=page.url, source=source.name, now=now
    )
    return ParsedNews(entries, next_url=page.next_url)


NEWS_FORMATS: Mapping[str, NewsFormat] = MappingProxyType(
    {"feed": _feed, "listing": _listing, "wordpress": _wordpress}
)
