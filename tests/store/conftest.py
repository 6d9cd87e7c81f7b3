"""The store's tests run on every kind of Redis that REDIS_URL can name: one server, a Sentinel pair, a Cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.store.connect import Database, connect
from tests.conftest import Clock
from tests.redis_kinds import SentinelPair, ThreeMasters, running
from tests.redis_server import RedisServer
from tests.store.leaks import leaked_keys


@pytest.fixture(scope="session")
def three_masters() -> Iterator[ThreeMasters]:
    """A Cluster for all tests of a process."""
    with running(ThreeMasters()) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def steady_pair() -> Iterator[SentinelPair]:
    """A Sentinel pair for all tests of a process; nobody kills its master."""
    with running(SentinelPair()) as pair:
        yield pair


@pytest.fixture
def pair() -> Iterator[SentinelPair]:
    """A pair of its own: its master will be killed."""
    with running(SentinelPair()) as pair:
        yield pair


@pytest.fixture
def cluster() -> Iterator[ThreeMasters]:
    """A Cluster of its own, the first of whose masters has a replica, and will be killed."""
    with running(ThreeMasters(node_timeout_ms=1000)) as cluster:
        cluster.add_replica()
        yield cluster


@pytest.fixture
async def behind_sentinel(pair: SentinelPair) -> AsyncIterator[Database]:
    async with connect(pair.url) as database:
        yield database


@pytest.fixture
def redis_url(request: pytest.FixtureRequest) -> str:
    """Where the database of a test is; the parameter says what kind it is."""
    kind = getattr(request, "param", "single")
    if kind == "cluster":
        cluster: ThreeMasters = request.getfixturevalue("three_masters")
        return cluster.url
    if kind == "sentinel":
        pair: SentinelPair = request.getfixturevalue("steady_pair")
        return pair.url
    server: RedisServer = request.getfixturevalue("redis_server")
    server.start()
    return server.url


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that uses ``database`` once on each kind."""
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("redis_url", ["single", "sentinel", "cluster"], indirect=True)


@pytest.fixture
async def database(redis_url: str, clock: Clock) -> AsyncIterator[Database]:
    """An empty database on a real Redis of some kind; each test ends with a look at the keys that it left."""
    async with connect(redis_url, lambda: clock.shift_ms) as database:
        await database.run(("FLUSHALL",))
        yield database
        assert await leaked_keys(database) == []
