"""Updates that the webhook took in and that are not handled yet: each once, in order within a chat.

The same mechanism as for deliveries: a *lane* (a chat, or a person who taps) with updates is due, is claimed by one
bot at a time, and is let go when its first update is done. So the order within a lane holds across all bots, and
what a dead bot had in hand comes back when its lease runs out: one update a lane at most is handled twice.

Everything lives in one slot: Telegram brings a bot some thousands of updates a second at most, and a slot carries
many times that. One bit an update remembers what was queued before; Telegram sends an update again when our answer
was lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.store import keys
from bot.store.connect import Command, Database
from bot.store.schedule import Claim, Schedule
from bot.store.scripts import ScriptCall, script

LEASE_S = 15.0
"""How long a lane stays in the hands of a bot that says nothing more."""

SEEN_BLOCK = 8192
SEEN_TTL_S = 2 * 86_400
"""Telegram gives up on an update after one day."""


@dataclass(frozen=True, slots=True)
class QueuedUpdate:
    """The first update of a lane that is ours; it was taken ``tries`` times by now, this one included."""

    claim: Claim
    body: bytes
    tries: int


class UpdatesQueue:
    """The queue that all bots of a token share."""

    def __init__(self, database: Database, lease_s: float = LEASE_S) -> None:
        self.lease_s = lease_s
        self._database = database
        self._schedule = Schedule(database, keys.UPDATES_SCHEDULE)

    async def put(self, update_id: int, lane: str, body: bytes) -> bool:
        """Queue an update; False if it was queued before. Raises StoreUnavailable: then it may be in or not."""
        block, bit = divmod(update_id, SEEN_BLOCK)
        names = (keys.updates_seen(block), keys.lane_updates(lane), keys.UPDATES_SCHEDULE.due)
        args = (self._database.clock_shift_ms(), bit, SEEN_TTL_S, lane, body)
        return bool(await self._database.keep(ScriptCall(script("put_update"), names, args)))

    async def take(self, limit: int) -> list[QueuedUpdate]:
        """The first updates of up to ``limit`` lanes that nobody has. Raises StoreUnavailable."""
        claims = (await self._schedule.claim(limit, self.lease_s)).claims
        commands: list[Command] = []
        for claim in claims:
            commands.append(("LINDEX", keys.lane_updates(claim.member), 0))
            commands.append(("HINCRBY", keys.UPDATES_TRIES, claim.member, 1))
        found = await self._database.run_many(commands)
        return [
            QueuedUpdate(claim, body or b"", tries)
            for claim, body, tries in zip(claims, found[::2], found[1::2], strict=True)
        ]

    async def finish(self, claims: Sequence[Claim]) -> bool:
        """These lanes' first updates are done; True if any of the lanes has more. Raises StoreUnavailable."""
        schedule, shift = keys.UPDATES_SCHEDULE, self._database.clock_shift_ms()
        calls = [
            ScriptCall(
                script("finish_update"),
                (keys.lane_updates(claim.member), schedule.due, schedule.leases, keys.UPDATES_TRIES),
                (shift, claim.member, claim.token),
            )
            for claim in claims
        ]
        return any(waiting > 0 for waiting in await self._database.run_many(calls))

    async def renew(self, claims: Sequence[Claim]) -> list[int | None]:
        """Keep lanes longer: the new token of each, or None where the lease was lost. Raises StoreUnavailable."""
        token, *kept = await self._database.run(self._schedule.renew_call(claims, self.lease_s))
        return [int(token) if held else None for held in kept]

    async def waiting(self) -> int:
        """How many lanes have updates that nobody handles yet. Raises StoreUnavailable."""
        return int(await self._database.run(("ZCARD", keys.UPDATES_SCHEDULE.due)))


async def agree_on_secret(database: Database, proposal: str) -> str:
    """The webhook's secret where the operator set none: the first proposal that came, the same for all bots."""
    *_, agreed = await database.run_many(
        [("SET", keys.WEBHOOK_SECRET, proposal, "NX"), ("GET", keys.WEBHOOK_SECRET)]
    )
    return str(agreed.decode())
