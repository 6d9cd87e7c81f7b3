"""What benchmarks need around them: a Redis like the embedded one, servers in processes of their own, many chats.

Nothing is pinned to a core, and every module can be run alone: ``python -m benchmarks.sender``.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from bot.model import Address, Article, Chat, ChatKind, Position, Tag
from bot.running import calm_the_collector
from bot.settings import Settings
from bot.store.articles import Articles
from bot.store.chats import ChatChange, Chats
from bot.store.connect import Database, connect
from bot.store.embedded import embedded_redis
from bot.store.fanout import Fanout, NewEntry

TOKEN = "123456789:benchmark-benchmark-benchmark"
KZ = Tag("KZ")
OTHERS = tuple(map(Tag, ("UZ", "KG", "TJ", "TM", "energy", "politics", "economy", "transport", "health")))
DAY_S = 86_400.0
CHATS_AT_ONCE = 5000

Result = TypeVar("Result")


class RunningRedis(NamedTuple):
    """A Redis that runs, and a connection to it."""

    url: str
    database: Database


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run as the bot does: on uvloop where there is one, with a calm collector (for every contender alike)."""
    calm_the_collector()
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    result: Result = uvloop.run(work)
    return result


def table_of_goals(report: dict[str, Any]) -> str:
    """Lay out a report of single figures, each beside its goal if it has one, for people."""
    goals = report["goals"]
    rows = [(name, value) for name, value in report.items() if name not in ("benchmark", "goals")]
    return "\n".join(
        f"{name:24}{value:>14}   {f'(goal: at most {goals[name]})' if name in goals else ''}"
        for name, value in rows
    )


@asynccontextmanager
async def a_redis() -> AsyncIterator[RunningRedis]:
    """The bot's own Redis with its settings, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with embedded_redis(Path(folder)) as url, connect(url) as database:
            yield RunningRedis(url, database)


def settings(redis_url: str, api_url: str, **more: str) -> Settings:
    """The settings of a bot over this Redis, towards this Telegram."""
    given = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": api_url,
        "REDIS_URL": redis_url,
        "HTTP_LISTEN": "",
        "LOG_LEVEL": "WARNING",
        **{name.upper(): value for name, value in more.items()},
    }
    return Settings(_env_file=None, **{name.lower(): value for name, value in given.items()})  # type: ignore


@asynccontextmanager
async def a_process(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A Python process of ours, and the first line that it prints; killed at the end."""
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield process, (await process.stdout.readline()).decode().strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def a_sender(redis_url: str, api_url: str, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """``briefing-bot sender`` as a process of its own that has started; ``more`` are variables."""
    variables = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": api_url,
        "REDIS_URL": redis_url,
        "HTTP_LISTEN": "",
        "LOG_LEVEL": "INFO",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sender"),
        env={**os.environ, **variables, **more},
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    while b"started" not in (line := await process.stderr.readline()):
        if not line:
            raise RuntimeError("the sender did not start")
    rest = asyncio.create_task(process.stderr.read())
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await rest


@asynccontextmanager
async def a_bare_server() -> AsyncIterator[str]:
    """The address of a server that answers every call as Telegram answers a message."""
    async with a_process("-m", "benchmarks.posting_server") as (_, port):
        yield f"http://127.0.0.1:{port}"


def subscribers() -> Iterator[Chat]:
    """Endless private chats; each follows Kazakhstan and two more, like most would."""
    for number in count(1):
        # Ids of real people are spread over a wide range.
        address = Address(5_000_000_000 + number * 7919 % 2_000_000_011)
        follows = (KZ, OTHERS[number % 9], OTHERS[(number // 9 + number + 1) % 9])
        language = "ru" if number % 3 else "en"
        yield Chat(
            address,
            ChatKind.PRIVATE,
            language,
            "Asia/Almaty",
            follows=dict.fromkeys(follows, Position(0)),
        )


async def subscribe(database: Database, how_many: int) -> None:
    """Have ``how_many`` subscribers who are owed nothing."""

    def as_new(chat: Chat, now: Position) -> Chat:
        return Chat(
            chat.address, chat.kind, chat.language, chat.timezone, follows=dict.fromkeys(chat.follows, now)
        )

    chats = Chats(database)
    everybody = islice(subscribers(), how_many)
    while some := [ChatChange(chat, as_new) for chat in islice(everybody, CHATS_AT_ONCE)]:
        await chats.update_many(some)


_numbers = count(1)


def a_story(*tags: Tag) -> Article:
    """A story of now."""
    number = next(_numbers)
    link = f"https://news.example/{number}"
    return Article(
        id=f"story{number}",
        title="Kazakhstan opens the last section of the new line",
        link=link,
        published=datetime.now(UTC),
        source="A newspaper",
        summary="The last rails were laid on Friday. " * 6,
        countries=tags or (KZ,),
        aliases=(link,),
    )


async def publish(database: Database) -> NewEntry:
    """Log a story about Kazakhstan, and return it as the fan-out gets it."""
    await Articles(database, DAY_S).append([a_story()])
    (entry,) = await Fanout(database, "benchmark").read()
    return entry


async def owe_everybody(database: Database) -> None:
    """Publish a story and make every follower due."""
    await Fanout(database, "benchmark").mark([await publish(database)])
