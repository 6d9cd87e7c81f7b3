"""``briefing-bot backfill-rates``: the history of rates from banks that serve past dates, so that charts begin full.

One source after the other, one request at a time, at the pace that the fetcher keeps with every host. How far each
source came is remembered for a day, so that a call that was cut off goes on where it was. Only history is written:
what people see in /rates, and alerts, stay the business of the worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus

import structlog

from bot.errors import FetchError, SourceError
from bot.model import Fixing, Quote
from bot.rate_choice import foreign
from bot.roles.rates_desk import weigh
from bot.sources.fetching import Fetched, Fetcher
from bot.sources.rates import RATES_FORMATS
from bot.sources.rates.page import RatesPage
from bot.sources.sources_file import RatesSource
from bot.store.backfill_marks import BackfillMarks
from bot.store.held_rates import HeldRate
from bot.store.rates import Rates, RatesNews

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

TRIES = 3
_NO_PAGE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.NO_CONTENT})

Progress = Callable[[str, int, int], None]
"""Called with a source's name, how many of its days are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What became of a source: ``points`` were written; ``trouble`` says why it ended before its time."""

    source: str
    points: int
    trouble: str = ""


class Backfill:
    """The history of the ``days`` before ``today``, of every source that has one."""

    def __init__(
        self, fetcher: Fetcher, rates: Rates, marks: BackfillMarks, today: date, days: int, progress: Progress
    ) -> None:
        self._fetcher = fetcher
        self._rates = rates
        self._marks = marks
        self._today = today
        self._first = today - timedelta(days=days)
        self._progress = progress

    async def run(self, sources: Sequence[RatesSource]) -> list[Backfilled]:
        """All of them, one by one; trouble with one stops no other. Raises StoreUnavailable."""
        return [await self._source(source) for source in sources if source.history_address]

    async def _source(self, source: RatesSource) -> Backfilled:
        done = await self._marks.last_done(source.name, self._first)
        dates = list(self._dates(source, done))
        ledger = _Ledger(source.format, self._today)
        written = 0
        try:
            for number, day in enumerate(dates, 1):
                points = ledger.enter(await self._page(source, day))
                await self._write(points)
                written += len(points)
                await self._marks.done(source.name, self._first, day)
                self._progress(source.name, number, len(dates))
        except SourceError as error:
            return Backfilled(source.name, written, str(error))
        return Backfilled(source.name, written)

    def _dates(self, source: RatesSource, done: date | None) -> Iterator[date]:
        """The days to ask for, oldest first; a page that has many days is asked for once."""
        if not source.history_is_dated:
            if done is None:
                yield self._today
            return
        day = max(self._first, done + timedelta(days=1)) if done else self._first
        while day < self._today:
            yield day
            day += timedelta(days=1)

    async def _page(self, source: RatesSource, day: date) -> list[Quote]:
        """The quotes of a day; none where the bank has no page for it. Raises SourceError."""
        requested = day if source.history_is_dated else None
        for left in reversed(range(TRIES)):
            try:
                answer = await self._fetcher.fetch(source.history_url_for(day))
            except FetchError as error:
                if error.status in _NO_PAGE and requested:
                    return []
                if not left:
                    raise
                log.info("asking again", source=source.name, day=str(day), cause=str(error))
                continue
            if isinstance(answer, Fetched):
                page = RatesPage(source.name, answer.content_type, self._today, requested)
                quotes = RATES_FORMATS[source.format](answer.body, page)
                return [quote for quote in quotes if self._first <= quote.as_of <= self._today]
        return []

    async def _write(self, points: Sequence[Quote]) -> None:
        while points and not await self._rates.commit(
            (await self._rates.snapshot()).revision, RatesNews(points=points)
        ):
            pass


class _Ledger:
    """The outlier guard for days that come in order: a wild value waits until the next fixing confirms it."""

    def __init__(self, source_format: str, today: date) -> None:
        self._format = source_format
        self._today = today
        self._last: dict[str, list[Fixing]] = {}
        self._held: dict[str, HeldRate] = {}

    def enter(self, quotes: Sequence[Quote]) -> Sequence[Quote]:
        """The quotes of a page, against the dollar, that may be written."""
        weighed = weigh(quotes, self._format, self._last, self._held.values(), {}, self._today)
        self._last |= {foreign(fixing.quote): [fixing] for fixing in weighed.news.fixings}
        for rate in weighed.release:
            self._held.pop(rate.name, None)
        self._held |= {rate.name: rate for rate in weighed.hold}
        return weighed.news.points
