"""Exchange rates as Redis keeps them: what each source said last, and which of that speaks for each currency.

The worker takes a :meth:`Rates.snapshot`, decides what is new (:mod:`bot.roles.rates_desk`), and brings it back with
the revision that it decided by; a script stores it whole or not at all. Readers ask for :meth:`Rates.latest`: one
short round trip while nothing has changed, two when something has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType

from bot.model import Fixing, Quote, RateMove
from bot.rate_choice import PEGS, USD, choose, foreign
from bot.store import keys
from bot.store.connect import Command, Database
from bot.store.packing import pack_fixing, pack_move, unpack_fixing
from bot.store.rate_history import history_end_ms, history_value
from bot.store.scripts import ScriptCall, script

LEAST_HISTORY_DAYS = 400
"""Charts of a year need more than a year, whatever RETENTION_DAYS says about stories."""

_CREDIT = "@"
_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What every source said last, by currency, as of ``revision``; ``credits`` are the texts that sources ask for."""

    revision: str
    fixings: Mapping[str, Sequence[Fixing]]
    credits: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RatesNews:
    """What one page brings: new last words, points of history, moves of the rates that people see, a credit."""

    fixings: Sequence[Fixing] = ()
    points: Sequence[Quote] = ()
    moves: Sequence[RateMove] = ()
    credits: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (self.fixings or self.points or self.moves or self.credits)


EMPTY = Snapshot("0", MappingProxyType({}), MappingProxyType({}))


class Rates:
    """All rates against the dollar. ``now`` is for the age of what is shown and of history."""

    def __init__(
        self,
        database: Database,
        history_days: int = LEAST_HISTORY_DAYS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._history_days = max(history_days, LEAST_HISTORY_DAYS)
        self._now = now
        self._snapshot = EMPTY
        self._chosen: tuple[str, date, Mapping[str, Quote]] | None = None

    async def snapshot(self) -> Snapshot:
        """The last words of all sources. Raises StoreUnavailable."""
        revision = await self._database.run(("GET", keys.RATES_REVISION))
        current = (revision or b"0").decode()
        if current != self._snapshot.revision:
            # Together, so that what was read is not newer than its revision says: the script would refuse it then.
            revision, stored = await self._database.run_many(
                [("GET", keys.RATES_REVISION), ("HGETALL", keys.RATES)]
            )
            self._snapshot = _snapshot((revision or b"0").decode(), stored)
        return self._snapshot

    async def latest(self) -> Mapping[str, Quote]:
        """Currency code → the quote that speaks for it today, in either direction. Raises StoreUnavailable.

        Before anything was read it is empty; after that, currencies with a peg are always there.
        """
        snapshot, today = await self.snapshot(), self._now().date()
        if self._chosen is None or self._chosen[:2] != (snapshot.revision, today):
            codes = [*snapshot.fixings, *(PEGS if snapshot.fixings else ())]
            chosen = {code: choose(snapshot.fixings.get(code, ()), code, today) for code in codes}
            quotes = {code: quote for code, quote in chosen.items() if quote}
            self._chosen = (snapshot.revision, today, MappingProxyType(quotes))
        return self._chosen[2]

    async def credits(self) -> Mapping[str, str]:
        """Source → the text that it wants to be named with, as of the last look. Raises StoreUnavailable.

        Who has just asked for :meth:`latest` pays no second round trip.
        """
        snapshot = self._snapshot if self._snapshot is not EMPTY else await self.snapshot()
        return snapshot.credits

    async def commit(self, revision: str, news: RatesNews) -> bool:
        """Store news that were decided by ``revision``; False if that is no longer the newest.

        Raises StoreUnavailable; then it may have been stored, and deciding again shows whether it was.
        """
        fields: list[str | bytes] = []
        for fixing in news.fixings:
            quote = fixing.quote
            fields += (f"{foreign(quote)}{_BETWEEN}{quote.source}", pack_fixing(fixing))
        for source, text in news.credits.items():
            fields += (f"{_CREDIT}{source}", text)
        histories: list[str] = []
        points: list[str | int] = []
        for quote in news.points:
            histories.append(keys.rate_history(foreign(quote), quote.source, quote.as_of))
            points += (quote.as_of.day, history_value(quote), history_end_ms(quote.as_of, self._history_days))
        call = ScriptCall(
            script("keep_rates"),
            (keys.RATES_REVISION, keys.RATES, keys.RATE_MOVES, *histories),
            (revision, len(fields) // 2, *fields, *points, *map(pack_move, news.moves)),
        )
        return bool(await self._database.keep(call))

    async def put(self, quotes: Sequence[Quote], source_format: str = "ticker") -> None:
        """Keep these as they are, unjudged and telling nobody; quotes without the dollar are left out."""
        kept = [quote for quote in quotes if USD in (quote.base, quote.quote) and quote.base != quote.quote]
        news = RatesNews([Fixing(quote, source_format) for quote in kept], kept)
        while not await self.commit((await self.snapshot()).revision, news):
            pass

    async def forget_source(self, source: str) -> None:
        """Forget what a source said last (its history stays); for an operator who took it out of the file."""
        snapshot = await self.snapshot()
        fields = [f"{code}{_BETWEEN}{source}" for code in snapshot.fixings] + [f"{_CREDIT}{source}"]
        commands: list[Command] = [("HDEL", keys.RATES, *fields), ("INCR", keys.RATES_REVISION)]
        await self._database.run_many(commands)


def _snapshot(revision: str, stored: Mapping[bytes, bytes]) -> Snapshot:
    fixings: dict[str, list[Fixing]] = defaultdict(list)
    texts = {}
    for name, value in stored.items():
        field_name = name.decode()
        if field_name.startswith(_CREDIT):
            texts[field_name.removeprefix(_CREDIT)] = value.decode()
        else:
            fixings[field_name.partition(_BETWEEN)[0]].append(unpack_fixing(value))
    return Snapshot(revision, dict(fixings), texts)
