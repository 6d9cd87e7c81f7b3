"""Exchange rates: the newest quote of each currency against the dollar, whichever way round it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.model import Quote
from bot.store import keys
from bot.store.connect import Database
from bot.store.packing import pack_quote, unpack_quote

PIVOT = "USD"


class Rates:
    """The newest quotes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, quotes: Sequence[Quote]) -> None:
        """Keep these as the newest; quotes that do not concern the dollar are left out."""
        fields: list[str | bytes] = []
        for quote in quotes:
            if PIVOT in (quote.base, quote.quote) and quote.base != quote.quote:
                fields += [quote.base if quote.quote == PIVOT else quote.quote, pack_quote(quote)]
        if fields:
            await self._database.run(("HSET", keys.RATES, *fields))

    async def latest(self) -> Mapping[str, Quote]:
        """Currency code → its newest quote against the dollar, in either direction."""
        stored = await self._database.run(("HGETALL", keys.RATES))
        return {code.decode(): unpack_quote(packed) for code, packed in stored.items()}
