"""Moving house: 100,000 chats with every setting there is, exported and imported by the command line beside a bot.

A sender runs all the time and delivers a story to everybody; a person asks for settings meanwhile, every 20 ms. The
account is exact: what the second Redis says afterwards is, line by line, what the first one said.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from benchmarks import surroundings
from benchmarks.surroundings import TOKEN, RunningRedis
from bot.model import (
    BriefingPlan,
    Chat,
    Mode,
    Position,
    QuietHours,
    RateAlert,
    RateThreshold,
    Side,
)
from bot.store.chats import ChatChange, Chats
from bot.store.connect import connect

ABOUT = "export and import of 100,000 chats with every setting, beside a sender at work"
GOALS = {"export s": 10.0, "import s": 10.0, "import again s": 10.0, "lines that differ": 0}

CHATS = int(os.environ.get("CHATS", "100000"))
CHATS_AT_ONCE = 2000
ASK_EVERY_S = 0.02
NOW = datetime.now(UTC).replace(microsecond=0)

RULES = (
    RateAlert("KZT", Decimal("1.5")),
    RateThreshold("KZT", Side.ABOVE, Decimal("510")),
    RateThreshold("UZS", Side.BELOW, Decimal("12000.5")),
)


def with_settings(number: int, chat: Chat, now: Position) -> Chat:
    """One chat in two has changed something; every setting is there."""
    follows = dict.fromkeys(chat.follows, now)
    if number % 2:
        return replace(chat, follows=follows)
    at = NOW.time().replace(hour=number % 24, minute=number % 60, second=0)
    return replace(
        chat,
        follows=follows,
        mode=list(Mode)[number % 3],
        timezone=("Asia/Almaty", "Europe/Berlin", "America/New_York")[number % 3],
        briefing=BriefingPlan(at, frozenset({1, 3, 1 + number % 7}), skip_empty=number % 4 == 0),
        quiet=QuietHours(at, at.replace(hour=(at.hour + 9) % 24)) if number % 6 == 0 else None,
        alerts=RULES[: number % 4],
        paused=number % 50 == 0,
        gone_since=NOW if number % 70 == 0 else None,
        silent=number % 10 == 0,
        signature="— The Steppe Courier" if number % 8 == 0 else "",
    )


async def subscribe(redis: RunningRedis) -> None:
    """Have everybody, with what they chose."""
    chats, everybody = Chats(redis.database), enumerate(islice(surroundings.subscribers(), CHATS))
    while some := list(islice(everybody, CHATS_AT_ONCE)):
        await chats.update_many(
            [
                ChatChange(chat, lambda old, now, number=number: with_settings(number, old, now))  # type: ignore[misc]
                for number, chat in some
            ]
        )


class Took(NamedTuple):
    """From a process' start to its end; its own CPU does not depend on what else the machine has to do."""

    wall_s: float
    cpu_s: float


def children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def move(what: str, file: Path, redis_url: str) -> Took:
    """``briefing-bot export`` or ``import`` as a process, and what it took."""
    began, cpu_before_s = time.perf_counter(), children_cpu_s()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", what, str(file)),
        env={**os.environ, "BOT_TOKEN": TOKEN, "REDIS_URL": redis_url, "LOG_LEVEL": "WARNING"},
    )
    if await process.wait():
        raise RuntimeError(f"{what} failed")
    return Took(time.perf_counter() - began, children_cpu_s() - cpu_before_s)


async def ask(redis: RunningRedis, waited_s: list[float]) -> None:
    """Somebody who looks at settings all the time, and how long that takes."""
    chats = Chats(redis.database)
    addresses = [chat.address for chat in islice(surroundings.subscribers(), 500)]
    number = 0
    while True:
        began = time.perf_counter()
        await chats.get(addresses[number % len(addresses)])
        waited_s.append(time.perf_counter() - began)
        number += 1
        await asyncio.sleep(ASK_EVERY_S)


async def measure(old: RunningRedis, new: RunningRedis, folder: Path) -> dict[str, Any]:
    """Out of the old Redis and into the new one, twice; the person asks the new one."""
    first, second = folder / "first.jsonl", folder / "second.jsonl"
    took = {"export": await move("export", first, old.url)}
    waited_s: list[float] = []
    person = asyncio.create_task(ask(new, waited_s))
    took["import"] = await move("import", first, new.url)
    took["import again"] = await move("import", first, new.url)
    person.cancel()
    await move("export", second, new.url)
    before, after = (sorted(file.read_bytes().splitlines()) for file in (first, second))
    waited_s.sort()
    return {
        "chats": len(before),
        **{f"{name} s": round(each.wall_s, 2) for name, each in took.items()},
        **{f"{name}, our CPU s": round(each.cpu_s, 2) for name, each in took.items()},
        "lines that differ": len(set(before) ^ set(after)),
        "MB": round(first.stat().st_size / 1e6, 1),
        "a person waits ms, p50": round(waited_s[len(waited_s) // 2] * 1000, 2),
        "a person waits ms, p99": round(waited_s[len(waited_s) * 99 // 100] * 1000, 2),
    }


async def main() -> dict[str, Any]:
    async with (
        surroundings.a_redis() as old,
        surroundings.a_redis() as new,
        surroundings.a_bare_server() as url,
    ):
        await subscribe(old)
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            async with (
                surroundings.a_sender(old.url, url, MESSAGES_PER_SECOND="1000"),
                surroundings.a_sender(new.url, url),
                connect(old.url) as publisher,
            ):
                await surroundings.owe_everybody(publisher)
                report = await measure(old, new, Path(folder))
    return {"benchmark": "transfer", **report, "goals": GOALS}


if __name__ == "__main__":
    found = surroundings.run(main())
    print(surroundings.table_of_goals(found))
    print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
