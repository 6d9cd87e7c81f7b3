"""The words of a story whose source carries only a teaser, read from the story's own page (trafilatura).

Only for sources whose entry in the sources file says ``full_text = true``, only for entries that are new, politely
(the fetcher's manners hold), and within a budget: what cannot be had in time keeps its teaser. Nothing of the page is
shown but what a summary takes.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from bot.errors import FetchError
from bot.model import FeedEntry
from bot.sources.boilerplate import without_boilerplate
from bot.sources.decoding import decode
from bot.sources.feed_entry import LONGEST_TEXT
from bot.sources.fetching import Fetched, Fetcher
from bot.sources.links import clean_link
from bot.sources.nesting import shortened
from bot.sources.plain_text import tidy_lines

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

MOST_PAGES = 10
"""Of one source at a time; the newest come first."""

BUDGET_S = 15.0
_REMEMBERED = 200
_WHOLE = 300  # characters; what is shorter may be all, but its page has more to summarise
_CUT = re.compile(r"(?:\.{3}|…|\[…\]|\[\.{3}\])\s*$")
_IMAGE = re.compile(
    r"<meta\b(?=[^>]{0,500}\bproperty\s*=\s*[\"']?og:image[\"'\s])[^>]{0,2000}?\bcontent\s*=\s*[\"']([^\"']+)",
    re.IGNORECASE,
)
_HEAD = 200_000
_LONGEST_PAGE = 1_000_000  # characters
_MOST_TAGS = 15_000  # an article has some thousands; what trafilatura does with many more takes minutes


@dataclass(frozen=True, slots=True)
class PageText:
    """What a story's page says, and its picture."""

    text: str
    image_url: str | None


class FullText:
    """Completes entries from their pages; remembers the last two hundred."""

    def __init__(self, fetcher: Fetcher, *, budget_s: float = BUDGET_S) -> None:
        self._fetcher = fetcher
        self._budget_s = budget_s
        self._pages: dict[str, PageText | None] = {}

    async def completed(self, entries: Sequence[FeedEntry], led_by: str | None = None) -> list[FeedEntry]:
        """The entries, those that are cut or empty with the text of their page where it can be had in time.

        ``led_by`` is the address of the source, which may not lead us into our own network.
        """
        wanted = [entry for entry in entries if entry.link and is_cut(entry)]
        wanted.sort(key=lambda entry: entry.published.timestamp() if entry.published else 0, reverse=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._budget_s):
                await asyncio.gather(
                    *(self._read(entry.link, led_by) for entry in wanted[:MOST_PAGES] if entry.link)
                )
        return [self._complete(entry) for entry in entries]

    async def _read(self, link: str, led_by: str | None) -> None:
        if link in self._pages:
            return
        try:
            answer = await self._fetcher.fetch(link, led_by=led_by)
        except FetchError as error:
            log.info("page of a story not read", link=link, cause=str(error))
            return
        page = await asyncio.to_thread(read_page, answer) if isinstance(answer, Fetched) else None
        self._pages[link] = page
        for surplus in list(self._pages)[: max(0, len(self._pages) - _REMEMBERED)]:
            del self._pages[surplus]

    def _complete(self, entry: FeedEntry) -> FeedEntry:
        page = self._pages.get(entry.link or "")
        if page is None or not is_cut(entry):
            return entry
        text = page.text if len(page.text) > len(entry.text) else entry.text
        return replace(entry, text=text, image_url=entry.image_url or page.image_url)


def is_cut(entry: FeedEntry) -> bool:
    """Whether the source gives no text, a short one, or one that it says is not all."""
    return len(entry.text) < _WHOLE or bool(_CUT.search(entry.text))


def read_page(page: Fetched) -> PageText | None:
    """The story on a web page, without what stands around it; None if there is none to be found."""
    import trafilatura  # 0.4 s to import: only who needs it pays

    markup = decode(page.body, page.content_type)
    image = _IMAGE.search(markup[:_HEAD])
    image_url = clean_link(html.unescape(image[1]), page.url) if image else None
    story = shortened(markup[:_LONGEST_PAGE], _MOST_TAGS)
    try:
        found = trafilatura.extract(story, url=page.url, include_comments=False, include_tables=False)
    except Exception as error:  # whatever it raises on a stranger's page, the teaser is still there
        log.info("page of a story not understood", link=page.url, cause=repr(error))
        found = None
    if not (found or image_url):
        return None
    return PageText(without_boilerplate(tidy_lines(found or ""))[:LONGEST_TEXT], image_url)
