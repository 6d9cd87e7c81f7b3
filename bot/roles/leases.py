"""The chats that one sender process has in its hands, and the renewing of their leases.

All leases are renewed every eighth of their length, so a chat is lost only by a process (or a Redis) that stood
still for three quarters of a lease; :meth:`Leases.safe` is asked before every send, so such a process does not
send what another one may. A chat stays in hand, lease or no lease, until its send is settled: this process never
sends to it a second time meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from bot.errors import StoreUnavailable
from bot.store.outbox import Outbox
from bot.store.schedule import Claim
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

RENEWALS = 8
"""So often in its length is a lease renewed."""

SAFETY = 1 / 6
"""A send that starts in this last part of its lease might still be on its way when it has run out."""

LOST = float("-inf")


@dataclass(slots=True)
class _Lease:
    claim: Claim
    taken_at: float


class Leases:
    """Claims by member, each with its current token."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._held: dict[str, _Lease] = {}
        self.still = asyncio.Lock()
        """Held while tokens are used to settle: a renewal at that moment would make them void."""

    def __len__(self) -> int:
        return len(self._held)

    def take(self, claims: Iterable[Claim], asked_at: float) -> list[Claim]:
        """These leases are ours; ``asked_at`` is the monotonic time before the claim was sent.

        Returns the chats that were not in our hands already. One that was has come back because its lease ran
        out: whatever is under way goes on, under the new lease.
        """
        fresh = [claim for claim in claims if claim.member not in self._held]
        self._held.update((claim.member, _Lease(claim, asked_at)) for claim in claims)
        return fresh

    def release(self, member: str) -> None:
        """This chat is settled, or was never sent to."""
        self._held.pop(member, None)

    def token(self, claim: Claim) -> int:
        """The token that is valid now for a chat claimed as ``claim``."""
        lease = self._held.get(claim.member)
        return lease.claim.token if lease else claim.token

    def safe(self, member: str) -> bool:
        """Whether the chat will be ours for long enough to send to it."""
        lease = self._held.get(member)
        return lease is not None and time.monotonic() < lease.taken_at + self._outbox.lease_s * (1 - SAFETY)

    async def run(self, no_more: asyncio.Event) -> None:
        """Renew until ``no_more`` is set."""
        while await pause(no_more, self._outbox.lease_s / RENEWALS):
            async with self.still:
                await self._renew()

    async def _renew(self) -> None:
        asked_at = time.monotonic()
        old = [lease.claim for lease in self._held.values()]
        try:
            tokens = await self._outbox.renew(old)
        except StoreUnavailable as error:
            log.warning("leases cannot be renewed", cause=str(error))
            return
        for claim in old:
            lease = self._held.get(claim.member)
            if lease is None or lease.claim is not claim:
                continue
            token = tokens[claim.member]
            if token is None:
                lease.taken_at = LOST
            else:
                self._held[claim.member] = _Lease(claim._replace(token=token), asked_at)
