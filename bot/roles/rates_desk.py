"""The rates desk: what a bank's page says → judged, chosen and stored, with the moves that people should hear of.

:func:`weigh` is the pure decision about one page: cross through the dollar, let the outlier guard hold back what
nobody confirms, set the day's change, and see which of the rates that people see have moved. :class:`RatesDesk` does
it with the store: read, decide, store whole or not at all; if another worker was faster, once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import structlog

from bot.briefing.changes import day_change
from bot.model import Fixing, Quote, RateMove
from bot.rate_choice import BANK_OF, choose, foreign, peg
from bot.sources.rates.guard import LIMIT_PERCENT, Accepted, judge
from bot.sources.rates.usd import against_usd
from bot.store.held_rates import HeldRate, HeldRates
from bot.store.rates import Rates, RatesNews

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST_WEEKEND = timedelta(days=4)
"""Between two fixings without one that we have missed."""

Fixings = Mapping[str, Sequence[Fixing]]


@dataclass(slots=True)
class Weighed:
    """The decision about a page: what is new, what is held back from now on, what no longer."""

    news: RatesNews = field(default_factory=RatesNews)
    hold: Sequence[HeldRate] = ()
    release: Sequence[HeldRate] = ()


def weigh(
    quotes: Iterable[Quote],
    source_format: str,
    known: Fixings,
    held: Iterable[HeldRate],
    limits: Mapping[str, Decimal],
    today: date,
) -> Weighed:
    """Decide about the quotes of one page (of one or many days), given everything that is stored.

    ``limits`` are per cents a day by currency, where they differ from the usual.
    """
    scales = _Scales(known, held, limits)
    for quote in sorted(against_usd(quotes), key=lambda quote: quote.as_of):
        scales.weigh(quote, source_format)
    scales.ask_again()
    return scales.result(known, today)


class _Scales:
    """The working state of one decision."""

    def __init__(self, known: Fixings, held: Iterable[HeldRate], limits: Mapping[str, Decimal]) -> None:
        self._book = {code: {fixing.quote.source: fixing for fixing in of} for code, of in known.items()}
        self._held = {rate.name: rate for rate in held}
        self._held_before = dict(self._held)
        self._limits = limits
        self._new: dict[tuple[str, str], Fixing] = {}
        self._points: list[Quote] = []
        self._touched: dict[str, None] = {}

    def weigh(self, quote: Quote, source_format: str) -> None:
        """Accept a quote or hold it back; what is known already changes nothing."""
        last = self._book.get(foreign(quote), {}).get(quote.source)
        if last and quote.as_of < last.quote.as_of:
            return
        if last and (quote.as_of, quote.base, quote.value) == (
            last.quote.as_of,
            last.quote.base,
            last.quote.value,
        ):
            return
        previous = last.quote if last else None
        limit = self._limits.get(foreign(quote), LIMIT_PERCENT)
        verdict = judge(quote, previous, self._witnesses(quote), limit)
        if isinstance(verdict, Accepted):
            self._accept(quote, source_format, last)
        else:
            rate = HeldRate(quote, source_format, verdict.compared_with, verdict.moved_percent)
            self._held[rate.name] = rate

    def _witnesses(self, quote: Quote) -> list[Quote]:
        """What else is known of the pair: other sources, the peg, and what is held of other days and sources."""
        code = foreign(quote)
        others = [
            fixing.quote for source, fixing in self._book.get(code, {}).items() if source != quote.source
        ]
        promised = peg(code, quote.as_of)
        return [
            *others,
            *([promised] if promised else []),
            *(rate.quote for rate in self._held.values() if foreign(rate.quote) == code),
        ]

    def _accept(self, quote: Quote, source_format: str, last: Fixing | None) -> None:
        earlier = last.quote if last and last.quote.as_of < quote.as_of else last.previous if last else None
        fixing = Fixing(
            replace(quote, change_percent=_change(quote, earlier, source_format)), source_format, earlier
        )
        code = foreign(quote)
        self._book.setdefault(code, {})[quote.source] = fixing
        self._new[code, quote.source] = fixing
        self._points.append(quote)
        self._touched[code] = None
        for name, rate in list(self._held.items()):
            same = (foreign(rate.quote), rate.quote.source) == (code, quote.source)
            if same and rate.quote.as_of <= quote.as_of:
                del self._held[name]

    def ask_again(self) -> None:
        """Judge anew what was held back of currencies that somebody has spoken of now."""
        for rate in [rate for rate in self._held.values() if foreign(rate.quote) in self._touched]:
            self.weigh(rate.quote, rate.format)

    def result(self, known: Fixings, today: date) -> Weighed:
        """What became of it."""
        moves = []
        for code in self._touched:
            old = choose(known.get(code, ()), code, today)
            new = choose(self._book[code].values(), code, today)
            if new and (old is None or _told(new) != _told(old)):
                moves.append(RateMove(new, old))
        before = self._held_before
        return Weighed(
            RatesNews(tuple(self._new.values()), tuple(self._points), tuple(moves)),
            [rate for name, rate in self._held.items() if before.get(name) != rate],
            [rate for name, rate in before.items() if name not in self._held],
        )


def _change(quote: Quote, earlier: Quote | None, source_format: str) -> Decimal | None:
    """The day's change: against the fixing before if we have that, else as printed.

    A ticker's own word goes first: its few digits make a poor change. So does a bank's after a gap of ours.
    """
    printed, reckoned = quote.change_percent, day_change(quote, earlier)
    recent = earlier is not None and quote.as_of - earlier.as_of <= LONGEST_WEEKEND
    if reckoned is not None and recent and source_format in BANK_OF:
        return reckoned
    return printed if printed is not None else reckoned


def _told(quote: Quote) -> tuple[str, Decimal, date]:
    return quote.base, quote.value, quote.as_of


def _credited(moves: Iterable[RateMove], credits: Mapping[str, str]) -> Sequence[RateMove]:
    return tuple(replace(move, credit=credits.get(move.new.source, "")) for move in moves)


class RatesDesk:
    """Takes in what the worker has read. ``limits`` are of the sources file."""

    def __init__(
        self, rates: Rates, held: HeldRates, limits: Mapping[str, Decimal], now: Callable[[], datetime]
    ) -> None:
        self._rates = rates
        self._held = held
        self._limits = limits
        self._now = now

    async def take_in(
        self, source: str, source_format: str, credit: str | None, quotes: Sequence[Quote]
    ) -> int:
        """Store what is new on a page, and say how many fixings that is. Raises StoreUnavailable.

        Taking in the same page again changes nothing.
        """
        while True:
            snapshot, held = await self._rates.snapshot(), await self._held.all()
            weighed = weigh(quotes, source_format, snapshot.fixings, held, self._limits, self._now().date())
            news = weighed.news
            if credit and snapshot.credits.get(source) != credit:
                news = replace(news, credits={source: credit})
            news = replace(news, moves=_credited(news.moves, {**snapshot.credits, **news.credits}))
            if news.empty or await self._rates.commit(snapshot.revision, news):
                break
        await self._held.change(weighed.hold, weighed.release)
        for rate in weighed.hold:
            log.warning(
                "rate held back",
                source=rate.quote.source,
                rate=f"1 {rate.quote.base} = {rate.quote.value:f} {rate.quote.quote}",
                as_of=str(rate.quote.as_of),
                moved_percent=round(rate.moved_percent, 1),
                compared_with=rate.compared_with.source,
            )
        if news.fixings:
            moved = len(news.moves)
            log.info("rates stored", source=source, fixings=len(news.fixings), moved=moved)
        return len(news.fixings)
