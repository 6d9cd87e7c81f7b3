"""However many workers there are, a host is asked once an interval."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import StoreUnavailable
from bot.sources.manners import Manners
from bot.store.connect import Database
from bot.store.turns import LONGEST_AHEAD_S, Turns
from tests.conftest import Clock
from tests.store.leaks import leaked_keys


async def test_turns_follow_each_other_and_time_that_passes_is_not_waited_for_again(
    database: Database, clock: Clock
) -> None:
    turns = Turns(database)
    waits = [await turns.book("a.example", 10) for _ in range(3)]
    assert waits == pytest.approx([0, 10, 20], abs=0.5)
    assert await turns.book("b.example", 10) == 0
    clock.advance(15)
    assert await turns.book("a.example", 10) == pytest.approx(15, abs=0.5)
    clock.advance(100)
    assert await turns.book("a.example", 10) == 0
    assert await leaked_keys(database) == []


async def test_a_clock_that_was_set_back_silences_nobody(database: Database, clock: Clock) -> None:
    turns = Turns(database)
    clock.advance(3600)
    await turns.book("a.example", 1)
    clock.advance(-3600)
    assert await turns.book("a.example", 1) <= LONGEST_AHEAD_S


async def test_two_workers_ask_a_host_as_one_would(database: Database) -> None:
    begun_s: list[float] = []

    async def visit(manners: Manners) -> None:
        async with manners.turn("a.example"):
            begun_s.append(asyncio.get_running_loop().time())

    start_s = asyncio.get_running_loop().time()
    workers = [Manners(0.2, Turns(database).book) for _ in range(2)]
    await asyncio.gather(*(visit(worker) for worker in workers for _ in range(3)))
    assert len(begun_s) == 6
    # A busy machine may let somebody be late, but nobody comes before the turn.
    early_s = [start_s + 0.2 * turn - begun for turn, begun in enumerate(sorted(begun_s))]
    assert max(early_s) < 0.01


async def test_without_redis_each_worker_counts_for_itself() -> None:
    async def away(host: str, interval_s: float) -> float:
        raise StoreUnavailable("away")

    manners, clock_s = Manners(0.1, away), asyncio.get_running_loop().time
    begun_s = clock_s()
    for _ in range(3):
        async with manners.turn("a.example"):
            pass
    assert clock_s() - begun_s >= 0.19
