"""All connections to Redis are made here, and all of Redis' errors are translated here.

:func:`connect` turns ``REDIS_URL`` into a :class:`Database`: one Redis (TCP, TLS or unix socket), a Sentinel
service or a Cluster, with redis-py's own clients behind it (:mod:`bot.store.clients`). The rest of the store says
what to run; it never sees a client, a pool or an exception of redis-py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from redis.asyncio.cluster import RedisCluster
from redis.exceptions import (
    AskError,
    AuthenticationError,
    ClusterDownError,
    MasterDownError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.errors import StoreCorrupted, StoreUnavailable
from bot.store.clients import Client, make_client
from bot.store.copies import Spelled
from bot.store.masters import masters_behind
from bot.store.scripts import ScriptCall

Command = tuple[Any, ...] | ScriptCall

_PASSING = (
    RedisConnectionError,
    RedisTimeoutError,
    AskError,  # and MovedError, which is one
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

    What somebody is told is done is not only run but *kept*: it outlives the master that it was told to
    (:mod:`bot.store.copies`). ``clock_shift_ms`` is added to Redis' clock inside the scripts. It is zero outside
    tests: two simulated days pass by moving it.
    """

    def __init__(self, client: Client, clock_shift_ms: Callable[[], int] = lambda: 0) -> None:
        self._client = client
        self._masters = masters_behind(client)
        self.clock_shift_ms = clock_shift_ms
        self._round_trips = 0

    @property
    def round_trips(self) -> int:
        """How often Redis was asked for something so far."""
        return self._round_trips + self._masters.round_trips

    async def run(self, command: Command) -> Any:
        """The answer to one command. Raises StoreUnavailable, or StoreCorrupted for an answer of the wrong kind."""
        return (await self.run_many([command]))[0]

    async def run_many(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to independent commands, sent together. Raises as :meth:`run`, for the first that failed.

        Commands that share a slot run in their order; nothing is promised across slots.
        """
        return await _answered(commands, self._attempt)

    async def keep(self, command: Command) -> Any:
        """As :meth:`run`, for a write that a dying master must not take along."""
        return (await self.keep_many([command]))[0]

    async def keep_many(self, commands: Sequence[Command]) -> list[Any]:
        """As :meth:`run_many`, for writes that a dying master must not take along."""
        return await _answered(commands, self._masters.write)

    async def _attempt(self, commands: Sequence[Spelled]) -> list[Any]:
        self._round_trips += 1
        if len(commands) == 1:
            try:
                return [await self._client.execute_command(*commands[0])]
            except NoScriptError as missing:
                return [missing]
        if isinstance(self._client, RedisCluster):
            pipeline: Any = self._client.pipeline()
        else:
            pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        answers: list[Any] = await pipeline.execute(raise_on_error=False)
        return answers

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()


async def _answered(
    commands: Sequence[Command], send: Callable[[Sequence[Spelled]], Awaitable[list[Any]]]
) -> list[Any]:
    """The answers; a server that has not seen a script yet (new, restarted, failed over) learns it from EVAL."""
    if not commands:
        return []
    with _translated():
        answers = await send([_spelled(command) for command in commands])
        missing = [i for i, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
        if missing:
            learnt = await send([_with_source(commands[i]) for i in missing])
            for i, answer in zip(missing, learnt, strict=True):
                answers[i] = answer
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
    return answers


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _PASSING as error:
        raise StoreUnavailable(_words(error)) from error
    except RedisError as error:
        raise StoreCorrupted(_words(error)) from error


def _spelled(command: Command) -> Spelled:
    if isinstance(command, ScriptCall):
        return ("EVALSHA", command.script.sha1, len(command.keys), *command.keys, *command.args)
    return command


def _with_source(command: Command) -> Spelled:
    assert isinstance(command, ScriptCall)
    return ("EVAL", command.script.source, len(command.keys), *command.keys, *command.args)


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
