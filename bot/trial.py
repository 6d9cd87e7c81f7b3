"""``briefing-bot check URL``: what is at an address that no sources file names yet, and the entry to paste for it.

The page is fetched once and offered to every format. A web page that is none of them may say where its feed is, or that
WordPress made it: those are tried too. Nothing is stored.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.checkup import Finding
from bot.errors import SettingsError, SourceError
from bot.sources.articles import is_story
from bot.sources.decoding import decode
from bot.sources.dialect import dialect
from bot.sources.feed import parse_feed
from bot.sources.fetching import Fetched, Fetcher
from bot.sources.links import clean_link
from bot.sources.listing import parse_listing
from bot.sources.outline import Outline
from bot.sources.plain_text import plain_line
from bot.sources.rates import RATES_FORMATS
from bot.sources.rates.page import RatesPage
from bot.sources.sources_file import url_problem
from bot.sources.wordpress import parse_posts, posts_url

_MOST_FEEDS = 5
_HEAD = 200_000
_LINK_TAG = re.compile(r"<link\b[^>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(rel|type|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,300})", re.IGNORECASE)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything that was tried, and the TOML entry of what is best; None if nothing can be read there."""

    findings: tuple[Finding, ...]
    entry: str | None


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    url: str
    format: str
    kind: str
    finding: Finding


async def try_address(url: str, fetcher: Fetcher, now: datetime) -> Trial:
    """Try the address in every format, then what its page points to. Raises SettingsError if it is none."""
    if problem := url_problem(url):
        raise SettingsError([f"{url}: {problem}"])
    tries = _Tries(fetcher, now)
    page = await tries.page(url)
    if page is not None:
        markup = decode(page.body, page.content_type)[:_HEAD]
        tries.site = _site_name(markup, url)
        if not tries.as_feed(page):
            await tries.advertised(page, markup)
        if not tries.found:
            tries.as_listing(page)
            tries.as_rates(page)
    best = tries.found[0] if tries.found else None
    return Trial(tuple(tries.findings), _entry(best) if best else None)


class _Tries:
    """The tries so far: what was found, best first, and a row for each try worth telling."""

    def __init__(self, fetcher: Fetcher, now: datetime) -> None:
        self._fetcher = fetcher
        self._now = now
        self._begun = time.monotonic()
        self.site = ""
        self._asked: dict[str, str] = {}
        self.findings: list[Finding] = []
        self.found: list[_Found] = []

    async def page(self, url: str) -> Fetched | None:
        """The page at an address; a row of the table if it cannot be had."""
        self._begun = time.monotonic()
        try:
            answer = await self._fetcher.fetch(url)
        except SourceError as error:
            self._missed(url, "", str(error))
            return None
        if not isinstance(answer, Fetched):
            self._missed(url, "", "gone for good (410)")
            return None
        # What was moved for now only stays configured as it was.
        self._asked[answer.url] = answer.moved_to or url
        return answer

    def as_feed(self, page: Fetched) -> bool:
        """Whether the page is a feed or the posts of WordPress."""
        try:
            feed = parse_feed(
                page.body, content_type=page.content_type, base_url=page.url, source="", now=self._now
            )
        except SourceError as error:
            return self._posts(page, str(error))
        return self._stories(page.url, "feed", feed.entries, feed.title, dialect(feed.head))

    def _posts(self, page: Fetched, why_no_feed: str) -> bool:
        try:
            entries = parse_posts(
                page.body, content_type=page.content_type, base_url=page.url, source="", now=self._now
            )
        except SourceError:
            self._missed(page.url, "feed", why_no_feed)
            return False
        return self._stories(page.url, "wordpress", entries, None)

    async def advertised(self, page: Fetched, markup: str) -> None:
        """The feeds that a web page names, and the WordPress behind it."""
        feeds, is_wordpress = _advertised(markup, page.url)
        for url in feeds[:_MOST_FEEDS]:
            if feed := await self.page(url):
                self.as_feed(feed)
        if is_wordpress and not self.found:
            address = posts_url(f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}")
            if posts := await self.page(address):
                self._posts(posts, "not the JSON of a WordPress site")

    def as_listing(self, page: Fetched) -> None:
        """The page as a list of stories for people."""
        try:
            listing = parse_listing(page.body, content_type=page.content_type, url=page.url)
            entries = listing.entries("", self._now)
        except SourceError as error:
            self._missed(page.url, "listing", str(error))
            return
        self._stories(page.url, "listing", entries, None)

    def as_rates(self, page: Fetched) -> None:
        """The page as each bank's."""
        about = RatesPage("", page.content_type, self._now.date())
        for name, parse in RATES_FORMATS.items():
            try:
                quotes = list(parse(page.body, about))
            except SourceError:
                continue
            if quotes:
                first = quotes[0]
                sample = f"1 {first.base} = {first.value} {first.quote}, {first.as_of}"
                self._tell(page.url, name, "rates", len(quotes), None, sample, None)

    def _stories(
        self, url: str, format: str, entries: Sequence[Outline], title: str | None, found: str = ""
    ) -> bool:
        told = [entry for entry in entries if is_story(entry)]
        if not told:
            self._missed(url, format, "nothing to read on the page")
            return False
        newest = max((entry.published for entry in told if entry.published), default=None)
        sample = told[0].title or told[0].whole().text
        self._tell(url, format, "news", len(told), newest, sample, title, found)
        return True

    def _tell(
        self,
        url: str,
        format: str,
        kind: str,
        items: int,
        newest: datetime | None,
        sample: str,
        title: str | None,
        found: str = "",
    ) -> None:
        finding = Finding(url, True, found or format, items, newest, time.monotonic() - self._begun, sample)
        self.findings.append(finding)
        name = _printable(title or "") or _printable(self.site) or urlsplit(url).hostname or url
        self.found.append(_Found(name, self._asked.get(url, url), format, kind, finding))

    def _missed(self, url: str, format: str, words: str) -> None:
        self.findings.append(Finding(url, False, format, took_s=time.monotonic() - self._begun, words=words))


def _advertised(markup: str, base: str) -> tuple[list[str], bool]:
    """The feeds that the head of a page names, and whether it says that WordPress made it."""
    feeds: dict[str, None] = {}
    is_wordpress = False
    for tag in _LINK_TAG.finditer(markup):
        about = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag[0])}
        is_wordpress |= about.get("rel") == "https://api.w.org/"
        is_feed = about.get("rel", "").lower() == "alternate" and about.get("type", "").lower() in _FEED_TYPES
        if is_feed and (url := clean_link(about.get("href", "").replace("&amp;", "&"), base)):
            feeds[url] = None
    return list(feeds), is_wordpress


def _printable(text: str) -> str:
    """A name that the sources file takes: what cannot be seen goes."""
    return "".join(letter if letter.isprintable() else "" for letter in text)[:80].strip()


def _site_name(markup: str, url: str) -> str:
    title = _TITLE.search(markup)
    return (plain_line(title[1], limit=60) if title else "") or (urlsplit(url).hostname or url)


def _entry(found: _Found) -> str:
    """The entry for the sources file."""
    every = "5m" if found.kind == "news" else "30m"
    lines = [f"[[{found.kind}]]"]
    for key, value in (("name", found.name), ("url", found.url), ("format", found.format), ("every", every)):
        lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines)
