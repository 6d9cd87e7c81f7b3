"""A lease for what one process of many does at a time: polling Telegram.

Whoever holds it keeps renewing it; when the holder dies, the lease runs out and the next who asks gets it.
Redis' own expiry is the clock.
"""

from __future__ import annotations

from bot.store.connect import Database
from bot.store.scripts import ScriptCall, script


class Lease:
    """One process' view of the lease under ``key``; ``holder`` names the process, and no other."""

    def __init__(self, database: Database, key: str, holder: str, lasts_s: float) -> None:
        self._database = database
        self._key = key
        self._holder = holder
        self.lasts_s = lasts_s

    async def hold(self) -> bool:
        """Take the lease, or renew it; False while another process has it. Raises StoreUnavailable."""
        call = ScriptCall(script("hold_lease"), (self._key,), (self._holder, int(self.lasts_s * 1000)))
        return bool(await self._database.run(call))

    async def leave(self) -> None:
        """Give it back, so that the next need not wait until it runs out. Raises StoreUnavailable."""
        await self._database.run(ScriptCall(script("leave_lease"), (self._key,), (self._holder,)))
