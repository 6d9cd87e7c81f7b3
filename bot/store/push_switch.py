"""The operators' switch for all pushes: while it is off, no push gets a permit, and everything stays owed.

The limiter's script looks at it (permits.lua), so it holds for every sender from the next permit on, and it survives
restarts: what an operator stopped, an operator starts again. Answers go on.
"""

from __future__ import annotations

from bot.store import keys
from bot.store.connect import Database


class PushSwitch:
    """One for the whole bot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pause(self) -> None:
        """Stop all pushes. Raises StoreUnavailable."""
        await self._database.keep(("SET", keys.PUSHES_PAUSED, 1))

    async def resume(self) -> None:
        """Let them go on. Raises StoreUnavailable."""
        await self._database.keep(("DEL", keys.PUSHES_PAUSED))

    async def paused(self) -> bool:
        """Whether they are stopped. Raises StoreUnavailable."""
        return bool(await self._database.run(("EXISTS", keys.PUSHES_PAUSED)))
