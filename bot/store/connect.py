"""All connections to Redis are made here, and all of Redis' errors are translated here.

:func:`connect` turns ``REDIS_URL`` into a :class:`Database`: one Redis (TCP, TLS or unix socket), a Sentinel
service or a Cluster, with redis-py's own clients behind it. The rest of the store says what to run; it never
sees a client, a pool or an exception of redis-py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import hiredis
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool, SentinelManagedConnection
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import (
    AuthenticationError,
    ClusterDownError,
    MasterDownError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.errors import StoreCorrupted, StoreUnavailable
from bot.store.scripts import ScriptCall

Command = tuple[Any, ...] | ScriptCall
Client = Redis | RedisCluster

CONNECTIONS = 32
MOST_CONNECTIONS = 1024
TIMEOUT_S = 10.0

_PASSING = (
    RedisConnectionError,
    RedisTimeoutError,
    ClusterDownError,
    MasterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    TryAgainError,
    OSError,
    TimeoutError,
)


class Database:
    """What the store asks of Redis: run one command, or many in one round trip.

    ``clock_shift_ms`` is added to Redis' clock inside the scripts. It is zero outside tests: two simulated days
    pass by moving it.
    """

    def __init__(self, client: Client, clock_shift_ms: Callable[[], int] = lambda: 0) -> None:
        self._client = client
        self.clock_shift_ms = clock_shift_ms
        self.round_trips = 0

    async def run(self, command: Command) -> Any:
        """The answer to one command. Raises StoreUnavailable, or StoreCorrupted for an answer of the wrong kind."""
        return (await self.run_many([command]))[0]

    async def run_many(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to independent commands, sent together. Raises as :meth:`run`, for the first that failed.

        Commands that share a slot run in their order; nothing is promised across slots.
        """
        if not commands:
            return []
        try:
            answers = await self._attempt(commands)
            missing = [i for i, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
            for i in missing:
                answers[i] = await self._load_and_run(commands[i])
        except _PASSING as error:
            raise StoreUnavailable(_words(error)) from error
        except RedisError as error:
            raise StoreCorrupted(_words(error)) from error
        for answer in answers:
            if isinstance(answer, _PASSING):
                raise StoreUnavailable(_words(answer)) from answer
            if isinstance(answer, ResponseError):
                raise StoreCorrupted(_words(answer)) from answer
        return answers

    async def _attempt(self, commands: Sequence[Command]) -> list[Any]:
        self.round_trips += 1
        if len(commands) == 1:
            try:
                return [await self._client.execute_command(*_spelled(commands[0]))]
            except NoScriptError as missing:
                return [missing]
        if isinstance(self._client, RedisCluster):
            pipeline: Any = self._client.pipeline()
        else:
            pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*_spelled(command))
        answers: list[Any] = await pipeline.execute(raise_on_error=False)
        return answers

    async def _load_and_run(self, command: Command) -> Any:
        """A server that has not seen the script yet (new, restarted, failed over) learns it from EVAL."""
        assert isinstance(command, ScriptCall)
        self.round_trips += 1
        return await self._client.execute_command(
            "EVAL", command.script.source, len(command.keys), *command.keys, *command.args
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def _spelled(command: Command) -> tuple[Any, ...]:
    if isinstance(command, ScriptCall):
        return ("EVALSHA", command.script.sha1, len(command.keys), *command.keys, *command.args)
    return command


def _words(error: BaseException) -> str:
    if isinstance(error, AuthenticationError):
        return "Redis refused the user name or password in REDIS_URL"
    return f"{type(error).__name__}: {error}"


@asynccontextmanager
async def connect(url: str, clock_shift_ms: Callable[[], int] = lambda: 0) -> AsyncIterator[Database]:
    """Open the database that ``url`` names (CONTRACT: ``REDIS_URL``), and close it at the end.

    Nothing is sent yet: a Redis that is down shows at the first command, as StoreUnavailable, and is tried again
    at the next.
    """
    database = Database(make_client(url), clock_shift_ms)
    try:
        yield database
    finally:
        await database.aclose()


def make_client(url: str) -> Client:
    """The redis-py client for ``url``. ``redis+sentinel://h:p,h:p/service`` and ``redis+cluster://h:p,h:p`` are ours.

    ``socket_timeout`` is set because redis-py's default of 5 s is shorter than a stop-the-world of a large Redis;
    pools wait for a free connection instead of raising (redis-py raises past 100).
    """
    # RESP2, so that answers have one shape on every server and client.
    common: dict[str, Any] = {"socket_timeout": TIMEOUT_S, "socket_connect_timeout": 5.0, "protocol": 2}
    if url.startswith("redis+sentinel://"):
        return _sentinel_client(url, common)
    if url.startswith("redis+cluster://"):
        return _cluster_client(url, common)
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=TIMEOUT_S,
        # One more try at once: after a restart of Redis every pooled connection is stale exactly once.
        retry=Retry(NoBackoff(), 1),
        **common,
    )
    pool.connection_class = _packing_in_c(pool.connection_class)
    return Redis.from_pool(pool)


def _packing_in_c(connection_class: type[AbstractConnection]) -> type[AbstractConnection]:
    """redis-py's asyncio connections join arguments in Python; a batch of a sender has thousands.

    hiredis does it ten times faster. A command name of two words (redis-py has some) is left to redis-py.
    """

    class PackingInC(connection_class):  # type: ignore[valid-type, misc]
        def pack_command(self, *args: Any) -> list[bytes]:
            if " " in args[0]:
                packed: list[bytes] = super().pack_command(*args)
                return packed
            return [hiredis.pack_command(args)]

    return PackingInC


def _sentinel_client(url: str, common: dict[str, Any]) -> Redis:
    parts = urlsplit(url)
    service, _, db = parts.path.strip("/").partition("/")
    # A Sentinel that does not answer is passed over at once: there are others, and the loops try again anyway.
    asking = common | {"retry": Retry(NoBackoff(), 0), "socket_connect_timeout": 1.0}
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        _hosts(parts.netloc), sentinel_kwargs=asking, **common, **_credentials(parts.netloc)
    )
    client: Redis = sentinel.master_for(
        service,
        redis_class=_BehindSentinel,
        db=int(db or 0),
        retry=Retry(ExponentialBackoff(cap=1, base=0.05), 3),
        connection_class=_packing_in_c(SentinelManagedConnection),
        # This pool does not wait: it raises at the limit, which is 100 unless we say so.
        max_connections=MOST_CONNECTIONS,
    )
    return client


class _BehindSentinel(Redis):
    """Closes the connections to the Sentinels, too; redis-py leaves them open."""

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        await super().aclose(close_connection_pool)
        pool = self.connection_pool
        assert isinstance(pool, SentinelConnectionPool)
        for sentinel in pool.sentinel_manager.sentinels:
            await sentinel.aclose()


def _cluster_client(url: str, common: dict[str, Any]) -> RedisCluster:
    netloc = urlsplit(url).netloc
    nodes = [ClusterNode(host, port) for host, port in _hosts(netloc)]
    return RedisCluster(startup_nodes=nodes, max_connections=CONNECTIONS, **common, **_credentials(netloc))


def _hosts(netloc: str) -> list[tuple[str, int]]:
    hosts = [item.rpartition(":") for item in netloc.rpartition("@")[2].split(",")]
    return [(host.strip("[]"), int(port)) for host, _, port in hosts]


def _credentials(netloc: str) -> dict[str, Any]:
    user, _, password = netloc.rpartition("@")[0].partition(":")
    return {name: unquote(value) for name, value in (("username", user), ("password", password)) if value}
