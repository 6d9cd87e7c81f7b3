"""``briefing-bot check``: is everything as it should be? Every source is fetched and read; the answer is a table.

The assembly gives the parts and prints what comes back. A finding is a value; nothing here writes to the store.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.errors import BriefingError, SourceError
from bot.sources.fetching import Fetcher, Validators
from bot.sources.polling import BROKEN_OFF, Ended, NewsRead, RatesRead, poll_news, poll_rates
from bot.sources.sources_file import NewsSource, RatesSource

AT_ONCE = 8

Progress = Callable[[int, int], None]
"""Called with how many findings there are, and of how many."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row: what was looked at, whether it is well, of what kind (the format that was found), and what was seen or
    what is wrong.
    """

    name: str
    well: bool
    kind: str = ""
    items: int | None = None
    newest: datetime | None = None
    took_s: float = 0.0
    words: str = ""


async def check_part(name: str, kind: str, look: Callable[[], Awaitable[str]]) -> Finding:
    """Look at a part that is not a source; ``look`` says what it saw, or raises what is wrong."""
    started = time.monotonic()
    try:
        words = await look()
    except (BriefingError, OSError) as error:
        return Finding(name, False, kind, took_s=time.monotonic() - started, words=str(error))
    return Finding(name, True, kind, took_s=time.monotonic() - started, words=words)


async def check_sources(
    sources: Iterable[NewsSource | RatesSource], fetcher: Fetcher, now: datetime, progress: Progress
) -> list[Finding]:
    """Fetch and read every source, a few at a time, as a first poll would."""
    todo = list(sources)
    places = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def look(source: NewsSource | RatesSource) -> Finding:
        nonlocal done
        async with places:
            finding = await _check_source(source, fetcher, now)
        done += 1
        progress(done, len(todo))
        return finding

    return list(await asyncio.gather(*map(look, todo)))


async def _check_source(source: NewsSource | RatesSource, fetcher: Fetcher, now: datetime) -> Finding:
    started = time.monotonic()
    try:
        answer = (
            await poll_news(source, fetcher, Validators(), now)
            if isinstance(source, NewsSource)
            else await poll_rates(source, fetcher, Validators(), now)
        )
    except SourceError as error:
        return Finding(source.name, False, source.format, took_s=time.monotonic() - started, words=str(error))
    except Exception as error:
        # A mistake of ours that this page brought to light: the others are looked at all the same.
        words = f"could not be read; please report this mistake: {error!r}"
        return Finding(source.name, False, source.format, took_s=time.monotonic() - started, words=words)
    took_s = time.monotonic() - started
    match answer:
        case NewsRead(entries=entries) if entries:
            newest = max((entry.published for entry in entries if entry.published), default=None)
            broken = "" if answer.whole else f"{BROKEN_OFF}; what came: "
            words = broken + (entries[0].title or entries[0].whole().text)
            return Finding(source.name, answer.whole, answer.found, len(entries), newest, took_s, words)
        case RatesRead(quotes=quotes) if quotes:
            first = quotes[0]
            sample = f"1 {first.base} = {first.value} {first.quote}, {first.as_of}"
            return Finding(source.name, True, source.format, len(quotes), None, took_s, sample)
        case Ended():
            return Finding(source.name, False, source.format, None, None, took_s, "gone for good (410)")
    return Finding(source.name, False, source.format, 0, None, took_s, "nothing to read on the page")
