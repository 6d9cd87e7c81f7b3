"""What many tests need: a real Redis that is empty at the start of each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.store.clients import make_client
from bot.store.connect import Database
from tests.redis_server import RedisServer


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One redis-server for all tests of a process."""
    server = RedisServer()
    server.start()
    yield server
    server.close()


class Clock:
    """Moves Redis' clock in tests: seconds pass by saying so."""

    def __init__(self) -> None:
        self.shift_ms = 0

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.shift_ms += int(seconds * 1000)


@pytest.fixture
def clock() -> Clock:
    """The clock of the ``database`` fixture."""
    return Clock()


@pytest.fixture
async def database(redis_server: RedisServer, clock: Clock) -> AsyncIterator[Database]:
    """An empty database on a real Redis, which an earlier test may have killed."""
    redis_server.start()
    database = Database(make_client(redis_server.url), lambda: clock.shift_ms)
    await database.run(("FLUSHALL",))
    yield database
    await database.aclose()
