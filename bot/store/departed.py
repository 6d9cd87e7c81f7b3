"""Chats that Telegram has refused for so long that their settings are forgotten: found by time, in small steps.

``save_chats.lua`` keeps a sorted set per shard of who is gone since when, so finding those whose time is over costs
nothing while there are none. The worker calls :meth:`Departed.forget_some` now and then; doing it twice, or in two
processes at once, changes nothing.
"""

from __future__ import annotations

from bot.model import Address
from bot.store import keys
from bot.store.chats import Chats
from bot.store.connect import Command, Database
from bot.store.scripts import ScriptCall, script

KEPT_S = 30 * 86_400.0
"""How long settings wait for a chat to come back (CONTRACT, promise 5)."""

AT_ONCE_PER_SHARD = 20


class Departed:
    """Everybody who has been gone for longer than ``kept_s`` seconds."""

    def __init__(self, database: Database, chats: Chats, kept_s: float = KEPT_S) -> None:
        self._database = database
        self._chats = chats
        self._kept_ms = int(kept_s * 1000)

    async def forget_some(self) -> int:
        """Forget a few hundred at most, and say how many there were. Raises StoreUnavailable."""
        shift = self._database.clock_shift_ms()
        calls: list[Command] = [
            ScriptCall(script("departed"), (keys.gone(shard),), (shift, self._kept_ms, AT_ONCE_PER_SHARD))
            for shard in range(keys.SHARDS)
        ]
        found = [member for members in await self._database.run_many(calls) for member in members]
        for member in found:
            await self._chats.forget(Address.parse(member.decode()))
        return len(found)
