"""A claimed source, held for as long as its poll takes: the lease is short, and renewed while the work goes on.

A worker that is killed in the middle of a poll thus delays that source by a quarter of a minute, not by the longest
time that a poll may take.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.errors import StoreUnavailable
from bot.store.schedule import Claim, Schedule
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LEASE_S = 12.0


@dataclass(slots=True)
class Held:
    """The claim as it is now: each renewal changes its token."""

    claim: Claim


@asynccontextmanager
async def held(schedule: Schedule, claim: Claim, lease_s: float = LEASE_S) -> AsyncIterator[Held]:
    """Renew ``claim`` within the context; after it, ``claim`` of what it yields is the one to settle."""
    current, over = Held(claim), asyncio.Event()
    renewing = asyncio.create_task(_renew(schedule, current, over, lease_s))
    try:
        yield current
    finally:
        # Not cancelled: a renewal that Redis has made and we have not heard of would leave us with a void token.
        over.set()
        await renewing


async def _renew(schedule: Schedule, current: Held, over: asyncio.Event, lease_s: float) -> None:
    while await pause(over, lease_s / 3):
        try:
            token, kept = await schedule.renew([current.claim], lease_s)
        except StoreUnavailable as error:
            log.debug("a poll's lease was not renewed", source=current.claim.member, cause=str(error))
            continue
        if not kept:
            return
        current.claim = current.claim._replace(token=token)
