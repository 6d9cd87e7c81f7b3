"""The masters behind a REDIS_URL: one, or those of a Cluster; what is written to them is kept.

:class:`bot.store.connect.Database` writes through one of the two classes below. The rule by which a write counts as
kept is in :mod:`bot.store.copies`; here is only who is written to, and over which connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode, PipelineCommand, RedisCluster
from redis.exceptions import AskError, ClusterDownError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.store.clients import Client
from bot.store.copies import Copies, Spelled

MOST_MAPS = 3
"""How often a write asks where its slot lives by now, before it is given up."""


class Masters(Protocol):
    """Where writes go that are to be kept."""

    round_trips: int

    async def write(self, commands: Sequence[Spelled]) -> list[Any]:
        """Run commands and see them copied; an error of the server stands in the place of its answer."""
        ...


def masters_behind(client: Client) -> Masters:
    """Those that ``client`` talks to."""
    return ClusterMasters(client) if isinstance(client, RedisCluster) else OnlyMaster(client)


class OnlyMaster:
    """The master of a single Redis or of a Sentinel service, whichever it is at the moment."""

    name = "master"

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._copies = Copies()
        self.round_trips = 0

    async def write(self, commands: Sequence[Spelled]) -> list[Any]:
        """See :class:`Masters`."""
        return await self._copies.write(self, commands)

    async def in_a_row(self, commands: Sequence[Spelled]) -> list[Any]:
        """Over one connection; where it breaks, redis-py repeats all of them over another."""
        self.round_trips += 1
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        answers: list[Any] = await pipeline.execute(raise_on_error=False)
        return answers


class ClusterMaster:
    """One of the masters of a Cluster."""

    def __init__(self, node: ClusterNode) -> None:
        self._node = node
        self.name = str(node.name)

    async def in_a_row(self, commands: Sequence[Spelled]) -> list[Any]:
        """Over one connection. Not by redis-py's pipeline: that sends what has moved over another."""
        calls = [PipelineCommand(number, *command) for number, command in enumerate(commands)]
        await self._node.execute_pipeline(calls)
        return [call.result for call in calls]


class ClusterMasters:
    """All masters of a Cluster."""

    def __init__(self, client: RedisCluster) -> None:
        self._client = client
        self._copies = Copies()
        self.round_trips = 0

    async def write(self, commands: Sequence[Spelled]) -> list[Any]:
        """See :class:`Masters`. What has moved is sent again to where it is by now."""
        answers: list[Any] = [None] * len(commands)
        waiting: Sequence[int] = range(len(commands))
        for _ in range(MOST_MAPS):
            await self._client.initialize()
            groups = self._by_master(waiting, commands)
            parts = await asyncio.gather(
                *(self._write_to(node, [commands[i] for i in group]) for node, group in groups)
            )
            for (_, group), part in zip(groups, parts, strict=True):
                for i, answer in zip(group, part, strict=True):
                    answers[i] = answer
            waiting = [i for i in waiting if isinstance(answers[i], AskError)]
            if not waiting:
                break
            await self._client.nodes_manager.initialize()
        return answers

    async def _write_to(self, node: ClusterNode, commands: Sequence[Spelled]) -> list[Any]:
        self.round_trips += 1
        try:
            return await self._copies.write(ClusterMaster(node), commands)
        except (RedisConnectionError, ClusterDownError, OSError):
            # Another may be master by now. Who asks again finds it.
            with suppress(RedisError, OSError):
                await self._client.nodes_manager.initialize()
            raise

    def _by_master(
        self, numbers: Iterable[int], commands: Sequence[Spelled]
    ) -> list[tuple[ClusterNode, list[int]]]:
        groups: dict[str, tuple[ClusterNode, list[int]]] = {}
        for i in numbers:
            node = self._client.get_node_from_key(_key(commands[i]))
            assert node is not None
            groups.setdefault(node.name, (node, []))[1].append(i)
        return list(groups.values())


def _key(command: Spelled) -> Any:
    """A key of the command: what decides where it goes."""
    return command[3] if command[0] in ("EVAL", "EVALSHA") else command[1]
