"""Punctuality: the limiter hears of what left late, and of nothing else."""

from __future__ import annotations

import asyncio
import time

from bot.roles.punctuality import LATE_S, Punctuality
from bot.store.articles import Articles
from bot.store.connect import Database
from bot.store.log_tail import LogTail
from bot.store.outbox import Outbox
from bot.store.rate_limiter import RateLimiter
from tests.waiting import wait_until

PER_SECOND = 30
TENTH = PER_SECOND // 10


async def test_who_left_late_keeps_a_place_for_longer_and_who_was_on_time_does_not(
    database: Database,
) -> None:
    limiter = RateLimiter(database, PER_SECOND)
    punctuality = Punctuality(Outbox(database, limiter, LogTail(database, Articles(database, 86_400))))
    no_more = asyncio.Event()
    running = asyncio.create_task(punctuality.run(no_more))
    permits = await limiter.pushes([1])
    now = time.monotonic()
    punctuality.leaving(1, permits.time_ms, asked_at=now)
    punctuality.leaving(1, permits.time_ms, asked_at=now - 100 * LATE_S)

    async def the_permit_moved() -> bool:
        (moved,) = await database.run(("LRANGE", "{l}:bot", 0, -1))
        return bool(float(moved) >= permits.time_ms + 100 * LATE_S * 1000)

    await wait_until(the_permit_moved)
    no_more.set()
    await running
