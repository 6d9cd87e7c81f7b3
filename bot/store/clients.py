"""How redis-py's own clients are made for each kind of REDIS_URL: one Redis, a Sentinel service, a Cluster.

:func:`make_client` is called once a process, by :mod:`bot.store.connect`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import hiredis
from redis.asyncio import BlockingConnectionPool, Connection, Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool, SentinelManagedConnection
from redis.backoff import ExponentialBackoff, NoBackoff

Client = Redis | RedisCluster
"""Whichever it is; only the modules next door know which."""

CONNECTIONS = 32
MOST_CONNECTIONS = 1024
TIMEOUT_S = 10.0


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
    pool.connection_class = _improved(pool.connection_class)
    return Redis.from_pool(pool)


def _improved(connection_class: type[AbstractConnection]) -> type[AbstractConnection]:
    """redis-py's asyncio connection, faster, and without a trap for who cancels.

    redis-py joins arguments in Python; a batch of a sender has thousands, and hiredis does it ten times faster (a
    command name of two words, redis-py has some, is left to it). And redis-py bounds each write by
    ``asyncio.wait_for``, which makes a task of it and, before Python 3.12, swallows a cancellation that comes in the
    moment in which the write ends: whoever waits for the cancelled task then waits for ever.
    """

    class Improved(connection_class):  # type: ignore[valid-type, misc]
        socket_timeout: float | None

        def pack_command(self, *args: Any) -> list[bytes]:
            if " " in args[0]:
                packed: list[bytes] = super().pack_command(*args)
                return packed
            return [hiredis.pack_command(args)]

        async def send_packed_command(
            self, command: bytes | str | Iterable[bytes], check_health: bool = True
        ) -> None:
            timeout_s, self.socket_timeout = self.socket_timeout, None
            try:
                async with asyncio.timeout(timeout_s):
                    await super().send_packed_command(command, check_health)
            finally:
                self.socket_timeout = timeout_s

    return Improved


def _sentinel_client(url: str, common: dict[str, Any]) -> Redis:
    parts = urlsplit(url)
    service, _, db = parts.path.strip("/").partition("/")
    # A Sentinel that does not answer is passed over at once: there are others, and the loops try again anyway.
    asking = common | {"retry": Retry(NoBackoff(), 0), "socket_connect_timeout": 1.0}
    # Redis' own user and password are not theirs: a Sentinel without one refuses whoever brings one.
    asking |= {
        name.removeprefix("sentinel_"): value
        for name, value in parse_qsl(parts.query.replace("+", "%2B"))
        if name in ("sentinel_username", "sentinel_password")
    }
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        _hosts(parts.netloc), sentinel_kwargs=asking, **common, **_credentials(parts.netloc)
    )
    for one in sentinel.sentinels:
        one.connection_pool.connection_class = _improved(Connection)
    client: Redis = sentinel.master_for(
        service,
        redis_class=_BehindSentinel,
        db=int(db or 0),
        retry=Retry(ExponentialBackoff(cap=1, base=0.05), 3),
        connection_class=_improved(SentinelManagedConnection),
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
    # At its limit a node's pool raises, and redis-py then closes all connections of all nodes: let it have room.
    client = RedisCluster(
        startup_nodes=nodes, max_connections=MOST_CONNECTIONS, **common, **_credentials(netloc)
    )
    # All nodes that it will find are made with these.
    client.get_connection_kwargs()["connection_class"] = _improved(Connection)
    return client


def _hosts(netloc: str) -> list[tuple[str, int]]:
    hosts = [item.rpartition(":") for item in netloc.rpartition("@")[2].split(",")]
    return [(host.strip("[]"), int(port)) for host, _, port in hosts]


def _credentials(netloc: str) -> dict[str, Any]:
    user, _, password = netloc.rpartition("@")[0].partition(":")
    return {name: unquote(value) for name, value in (("username", user), ("password", password)) if value}
