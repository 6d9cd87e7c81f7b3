"""The chats that one sender process has in its hands, and the renewing of their leases.

A lease is renewed once a quarter of it has passed, so a chat is lost only by a process that stood still for most
of a lease; :meth:`Leases.safe` is asked before every send, so such a process does not send what another one may.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import structlog

from bot.errors import StoreUnavailable
from bot.store.outbox import LEASE_S, Outbox
from bot.store.schedule import Claim
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

SAFETY_S = 5.0


@dataclass(slots=True)
class _Lease:
    claim: Claim
    taken_at: float


class Leases:
    """Claims by member, each with its current token."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._held: dict[str, _Lease] = {}

    def __len__(self) -> int:
        return len(self._held)

    def take(self, claims: Iterable[Claim], asked_at: float) -> None:
        """These chats are ours; ``asked_at`` is the monotonic time before the claim was sent."""
        for claim in claims:
            self._held[claim.member] = _Lease(claim, asked_at)

    def release(self, member: str) -> None:
        """This chat is settled."""
        self._held.pop(member, None)

    def token(self, claim: Claim) -> int:
        """The token that is valid now for a chat claimed as ``claim``."""
        lease = self._held.get(claim.member)
        return lease.claim.token if lease else claim.token

    def safe(self, member: str) -> bool:
        """Whether the chat will be ours for long enough to send to it."""
        lease = self._held.get(member)
        return lease is not None and time.monotonic() < lease.taken_at + LEASE_S - SAFETY_S

    async def run(self, no_more: asyncio.Event) -> None:
        """Renew until ``no_more`` is set."""
        while await pause(no_more, LEASE_S / 8):
            asked_at = time.monotonic()
            old = [item.claim for item in self._held.values() if asked_at - item.taken_at > LEASE_S / 4]
            try:
                tokens = await self._outbox.renew(old)
            except StoreUnavailable as error:
                log.warning("leases cannot be renewed", cause=str(error))
                continue
            for claim in old:
                token = tokens[claim.member]
                if token is None:
                    self._held.pop(claim.member, None)
                elif claim.member in self._held:
                    self._held[claim.member] = _Lease(replace(claim, token=token), asked_at)
