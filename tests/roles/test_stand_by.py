"""One process polls, the others stand by, and one of them takes over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bot.roles.stand_by import OneAtATime
from bot.store.connect import Database, connect
from bot.store.lease import Lease
from tests.redis_server import RedisServer
from tests.waiting import wait_until

LEASE_S = 0.3
ASK_EVERY_S = 0.05


class Poll:
    """Work that notes when it runs."""

    def __init__(self, database: Database, name: str, journal: list[str]) -> None:
        self.stopping = asyncio.Event()
        self.journal = journal
        self.name = name
        self.role = OneAtATime(Lease(database, "{p}:test", name, LEASE_S), self.work, "testing", ASK_EVERY_S)

    async def work(self, enough: asyncio.Event) -> None:
        self.journal.append(f"{self.name} begins")
        await enough.wait()
        self.journal.append(f"{self.name} ends")


@asynccontextmanager
async def running(work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(work())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_one_works_and_another_takes_over_at_once_when_it_stops(database: Database) -> None:
    journal: list[str] = []
    a, b = Poll(database, "a", journal), Poll(database, "b", journal)
    async with running(lambda: a.role.run(a.stopping)):
        await wait_until(lambda: journal == ["a begins"])
        async with running(lambda: b.role.run(b.stopping)) as second:
            await asyncio.sleep(2 * ASK_EVERY_S)
            assert journal == ["a begins"]
            assert (a.role.working, b.role.working) == (True, False)
            a.stopping.set()
            await wait_until(lambda: journal == ["a begins", "a ends", "b begins"])
            b.stopping.set()
            await second
    assert journal[-1] == "b ends"


async def test_a_dead_one_is_replaced_when_its_lease_has_run_out(database: Database) -> None:
    journal: list[str] = []
    dead, b = Lease(database, "{p}:test", "dead", LEASE_S), Poll(database, "b", journal)
    assert await dead.hold()
    async with running(lambda: b.role.run(b.stopping)):
        await wait_until(lambda: journal == ["b begins"], within_s=2)
        assert not await dead.hold()


async def test_who_stood_still_and_lost_the_lease_stops(database: Database) -> None:
    journal: list[str] = []
    a = Poll(database, "a", journal)
    async with running(lambda: a.role.run(a.stopping)):
        await wait_until(lambda: journal == ["a begins"])
        await database.run(("SET", "{p}:test", "somebody else", "PX", 60_000))
        await wait_until(lambda: journal == ["a begins", "a ends"])


async def test_without_redis_the_one_at_work_goes_on_and_the_stand_by_stands_by(tmp_path: Any) -> None:
    server = RedisServer()
    server.start()
    journal: list[str] = []
    try:
        async with connect(server.url) as database:
            a, b = Poll(database, "a", journal), Poll(database, "b", journal)
            async with running(lambda: a.role.run(a.stopping)):
                await wait_until(lambda: journal == ["a begins"])
                async with running(lambda: b.role.run(b.stopping)):
                    await asyncio.sleep(ASK_EVERY_S)
                    server.kill()
                    await asyncio.sleep(LEASE_S)
                    assert journal == ["a begins"]
    finally:
        server.close()


async def test_who_starts_while_redis_is_away_works_at_once() -> None:
    server = RedisServer()
    journal: list[str] = []
    try:
        async with connect(server.url) as database:
            a = Poll(database, "a", journal)
            async with running(lambda: a.role.run(a.stopping)):
                await wait_until(lambda: journal == ["a begins"])
    finally:
        server.close()
