"""How far a back-fill of the history came, by source, so that one that was cut off goes on where it was."""

from __future__ import annotations

from datetime import date

from bot.store import keys
from bot.store.connect import Database

KEPT_S = 86_400


class BackfillMarks:
    """Marks for a day: after that a back-fill starts over, and finds that it changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_done(self, source: str, first: date) -> date | None:
        """The last day that is done of a back-fill that began at ``first``. Raises StoreUnavailable."""
        day = await self._database.run(("GET", keys.backfill_mark(source, first)))
        return date.fromisoformat(day.decode()) if day else None

    async def done(self, source: str, first: date, day: date) -> None:
        """A day is done. Raises StoreUnavailable."""
        await self._database.run(("SET", keys.backfill_mark(source, first), day.isoformat(), "EX", KEPT_S))
