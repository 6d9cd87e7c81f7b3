"""Turns at hosts, booked by all workers in one place: however many there are, a host is asked once an interval."""

from __future__ import annotations

from bot.store import keys
from bot.store.connect import Database
from bot.store.scripts import ScriptCall, script

LONGEST_AHEAD_S = 600.0
"""No worker books further ahead: a clock that was set back must not silence a host for a day."""


class Turns:
    """The book of turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def book(self, host: str, interval_s: float) -> float:
        """Book the next turn at ``host``; the seconds until it comes. Raises StoreUnavailable."""
        ahead_ms = int(max(LONGEST_AHEAD_S, 4 * interval_s) * 1000)
        args = (self._database.clock_shift_ms(), int(interval_s * 1000), ahead_ms)
        return (
            float(await self._database.run(ScriptCall(script("book_turn"), (keys.turn(host),), args))) / 1000
        )
