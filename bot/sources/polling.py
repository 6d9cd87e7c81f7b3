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

from bot.errors import SourceError
from bot.model import Quote
from bot.sources.articles import is_story
from bot.sources.feed import parse_feed
from bot.sources.fetching import Fetched, Fetcher, Gone, NotModified, Validators
from bot.sources.listing import parse_listing
from bot.sources.outline import Outline
from bot.sources.pace import adapted_s, after_success_s
from bot.sources.rates import RATES_FORMATS
from bot.sources.rates.page import RatesPage
from bot.sources.sources_file import NewsSource, RatesSource
from bot.sources.websub import Hub, hub_of
from bot.sources.wordpress import parse_posts, posts_url

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewsRead:
    """Stories, newest or oldest first as the source has them; the store knows which are new.

    ``validators`` go into the next poll, which should come ``next_after_s`` seconds from now. ``moved_to`` is
    the address to use from now on, where the old one said so for good. ``hub`` would tell of news (WebSub).
    """

    entries: tuple[Outline, ...]
    validators: Validators
    next_after_s: float
    moved_to: str | None = None
    hub: Hub | None = None


@dataclass(frozen=True, slots=True)
class RatesRead:
    """Quotes as the bank publishes them; the rest as in :class:`NewsRead`."""

    quotes: tuple[Quote, ...]
    validators: Validators
    next_after_s: float
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that nothing changed: nothing was parsed, nothing is to be stored but these."""

    validators: Validators
    next_after_s: float
    moved_to: str | None = None


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


_OLDER_PAGES_S = 10.0  # no page is begun after that: the first is worth more than all that follow

NewsFormat = Callable[[Fetched, NewsSource, datetime], ParsedNews]


async def poll_news(
    source: NewsSource, fetcher: Fetcher, validators: Validators, now: datetime, *, older_pages: int = 0
) -> NewsPoll:
    """Poll a news source once. Raises FetchError or FormatError.

    ``older_pages`` is how many pages further back may be read too, for the first fill of a source.
    """
    url = posts_url(source.url) if source.format == "wordpress" else source.url
    delay_s = await fetcher.crawl_delay_s(url) if source.format == "listing" else 0.0
    answer = await fetcher.fetch(url, validators, crawl_delay_s=delay_s)
    if not isinstance(answer, Fetched):
        return _nothing_new(answer, source.every_s)
    parsed = await _parsed(answer, source, now)
    older = await _older(parsed.next_url, {url, answer.url}, older_pages, source, fetcher, now)
    return NewsRead(
        entries=(*parsed.entries, *older),
        validators=answer.validators,
        next_after_s=after_success_s(
            adapted_s(source.every_s, (entry.published for entry in parsed.entries), now),
            parsed.ttl_s,
            answer.fresh_for_s,
        ),
        moved_to=answer.moved_to,
        hub=parsed.hub,
    )


async def poll_rates(
    source: RatesSource, fetcher: Fetcher, validators: Validators, now: datetime
) -> RatesPoll:
    """Poll a rates source once, for the day of ``now`` where its address asks for one.

    Validators belong to one address, so a dated one is asked without. Raises FetchError or FormatError.
    """
    today = now.date()
    answer = await fetcher.fetch(source.url_for(today), Validators() if source.dated else validators)
    if not isinstance(answer, Fetched):
        return _nothing_new(answer, source.every_s)
    page = RatesPage(source.name, answer.content_type, today, today if source.dated else None)
    quotes = await asyncio.to_thread(RATES_FORMATS[source.format], answer.body, page)
    return RatesRead(
        quotes=tuple(quotes),
        validators=answer.validators,
        next_after_s=after_success_s(source.every_s, answer.fresh_for_s),
        moved_to=None if source.dated else answer.moved_to,
    )


async def _older(
    url: str | None, seen: set[str], pages: int, source: NewsSource, fetcher: Fetcher, now: datetime
) -> list[Outline]:
    """The entries of the pages before the first; a page that fails, or comes a second time, ends the walk."""
    entries: list[Outline] = []
    deadline_s = asyncio.get_running_loop().time() + _OLDER_PAGES_S
    while url and url not in seen and pages > 0 and asyncio.get_running_loop().time() < deadline_s:
        seen.add(url)
        try:
            answer = await fetcher.fetch(url)
            if not isinstance(answer, Fetched):
                break
            parsed = await _parsed(answer, source, now)
        except SourceError as error:
            log.info("older page not read", source=source.name, cause=str(error))
            break
        entries += parsed.entries
        url, pages = parsed.next_url, pages - 1
    return entries


async def _parsed(page: Fetched, source: NewsSource, now: datetime) -> ParsedNews:
    """The page's stories, all that it takes to know them again read there and then: this is a thread of its own."""

    def parse() -> ParsedNews:
        parsed = NEWS_FORMATS[source.format](page, source, now)
        return replace(parsed, entries=tuple(entry for entry in parsed.entries if is_story(entry)))

    return await asyncio.to_thread(parse)


def _nothing_new(answer: NotModified | Gone, every_s: float) -> Unchanged | Ended:
    if isinstance(answer, Gone):
        return Ended()
    return Unchanged(answer.validators, after_success_s(every_s, answer.fresh_for_s), answer.moved_to)


def _feed(page: Fetched, source: NewsSource, now: datetime) -> ParsedNews:
    feed = parse_feed(
        page.body, content_type=page.content_type, base_url=page.url, source=source.name, now=now
    )
    hub = hub_of(feed.head, page.url, page.hub_url, page.self_url)
    return ParsedNews(feed.entries, feed.ttl_s, hub=hub)


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
