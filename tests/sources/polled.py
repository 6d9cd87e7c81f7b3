"""A whole worker with two sources: a good one, whose times are watched, and one that is up to no good."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import itertools
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.catalogue import load_catalogue
from bot.roles.hubs import Hubs
from bot.roles.news_desk import NewsDesk
from bot.roles.rates_desk import RatesDesk
from bot.roles.worker import Worker
from bot.sources.fetching import Fetcher, Limits, guest_session
from bot.sources.full_text import FullText
from bot.sources.manners import Manners
from bot.sources.sources_file import NewsSource, Sources
from bot.store.articles import Articles
from bot.store.connect import Database
from bot.store.held_rates import HeldRates
from bot.store.keys import SOURCE_SCHEDULE
from bot.store.rates import Rates
from bot.store.schedule import Schedule
from bot.store.source_reports import SourceReport, SourceReports
from bot.store.source_states import SourceState, SourceStates
from bot.store.subscriptions import Subscriptions
from bot.store.tellings import Tellings
from bot.tagging import Tagger
from tests.sources.hostile import Answer, Asked, feed, says, serving, story

PATIENT = Limits()
"""The real ones. On a busy machine an answer may take a second or two; that is no trouble to be counted."""
HASTY = Limits(connect_s=0.5, total_s=1.5)
"""For servers that never end, so that no test waits for 30 s."""
DRAIN_S = 3
RETENTION_S = 90 * 86_400
_TAGGER = Tagger(load_catalogue())


@dataclass
class Polled:
    """What can be seen of it. ``good_times_s`` is when the good source was asked."""

    address: str
    asked: list[Asked]
    good_times_s: list[float]
    states: SourceStates
    schedule: Schedule
    reports: SourceReports
    articles: Articles
    let_go: asyncio.Event
    logs: list[EventDict] = field(default_factory=list)

    async def state(self, name: str = "Bad") -> SourceState:
        """What is remembered of a source."""
        return await self.states.get(name)

    async def report(self, name: str = "Bad") -> SourceReport:
        """What ``/sources`` has to show of it."""
        return next(report for report in await self.reports.all() if report.name == name)

    async def until_polled(self, times: int = 1, name: str = "Bad") -> SourceState:
        """Wait until a source was polled so often; a back-off is cut short."""
        async with asyncio.timeout(60):
            while (state := await self.states.get(name)).polls < times:
                if state.polls:
                    await self.schedule.wake([name])
                await asyncio.sleep(0.02)
        return state

    def said(self, name: str = "Bad") -> list[EventDict]:
        """The warnings and errors about a source."""
        return [line for line in self.logs if line["log_level"] in ("warning", "error", "critical")
                and line.get("source") == name]  # fmt: skip

    @property
    def longest_gap_s(self) -> float:
        """The longest time for which the good source was not asked, up to now."""
        times = [*self.good_times_s, asyncio.get_running_loop().time()]
        return max((later - earlier for earlier, later in itertools.pairwise(times)), default=0.0)


def news(name: str, url: str, **more: object) -> NewsSource:
    """An entry of the sources file, polled every second."""
    return NewsSource.model_validate({"name": name, "url": url, "format": "feed", "every": "1s", **more})


@asynccontextmanager
async def working(
    database: Database, *sources: NewsSource, limits: Limits = PATIENT, hubs: str | None = None
) -> AsyncIterator[None]:
    """A worker on these sources; ``hubs`` is where it tells hubs to call back."""
    stopping = asyncio.Event()
    async with guest_session() as session:
        fetcher = Fetcher(session, manners=Manners(interval_s=0), limits=limits)
        worker = Worker(
            Sources(news=sources),
            fetcher,
            NewsDesk(
                Articles(database, RETENTION_S),
                Tellings(database),
                _TAGGER,
                _now,
                full_text=FullText(fetcher),
            ),
            RatesDesk(Rates(database, 90), HeldRates(database), {}, _now),
            SourceStates(database),
            Schedule(database, SOURCE_SCHEDULE),
            _now,
            hubs=Hubs(Subscriptions(database), fetcher, hubs, _now) if hubs else None,
        )
        at_work = asyncio.create_task(worker.run(stopping))
        try:
            yield
        finally:
            stopping.set()
            await asyncio.wait({at_work}, timeout=DRAIN_S)
            at_work.cancel()
            with suppress(asyncio.CancelledError):
                await at_work


@asynccontextmanager
async def polling(
    database: Database, answer: Answer, *, path: str = "/page", limits: Limits = PATIENT, **bad: object
) -> AsyncIterator[Polled]:
    """A worker at work, on a good source and on one that ``answer`` serves, once it is let go."""
    loop, good_times_s, let_go = asyncio.get_running_loop(), list[float](), asyncio.Event()
    calm = says(feed(story(1)), "Content-Type: application/rss+xml")

    async def good(asked: Asked, writer: asyncio.StreamWriter) -> None:
        good_times_s.append(loop.time())
        await calm(asked, writer)

    async def bad_one(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await let_go.wait()
        await answer(asked, writer)

    async with serving(good) as (good_address, _), serving(bad_one) as (address, asked):
        seen = Polled(
            address,
            asked,
            good_times_s,
            SourceStates(database),
            Schedule(database, SOURCE_SCHEDULE),
            SourceReports(database),
            Articles(database, RETENTION_S),
            let_go,
        )
        sources = (news("Good", good_address), news("Bad", address + path, **bad))
        with capture_logs() as seen.logs:
            async with working(database, *sources, limits=limits):
                yield seen


def _now() -> datetime:
    return datetime.now(UTC)


class Memory:
    """How far this process grew since :meth:`mark`, at its worst moment. Linux only; elsewhere it never grows."""

    def mark(self) -> None:
        """Give back what is free, and begin to watch."""
        gc.collect()
        if sys.platform == "linux":
            with suppress(OSError, AttributeError):  # another libc has no such call
                ctypes.CDLL("libc.so.6").malloc_trim(0)
            Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew: proc(5)
        self._before_kb = _status_kb("VmRSS")

    @property
    def grown_bytes(self) -> int:
        """The peak since then, less what was held then."""
        return (_status_kb("VmHWM") - self._before_kb) * 1024


def _status_kb(name: str) -> int:
    status = Path(f"/proc/{os.getpid()}/status")
    found = re.search(rf"^{name}:\s+(\d+)", status.read_text(), re.MULTILINE) if status.exists() else None
    return int(found[1]) if found else 0
