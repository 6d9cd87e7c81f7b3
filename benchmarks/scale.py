"""What each thing costs Redis and us, in CPU: the numbers that docs/scale.md calculates with.

Redis' own account of its CPU time is read before and after, so waiting and the network are not in it.
``CHATS=1000000`` for a whole million.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson

from benchmarks import surroundings
from benchmarks.surroundings import RunningRedis
from bot.assembly import Process, make_sender, make_store
from bot.model import Tag
from bot.store import keys
from bot.store.articles import Articles
from bot.store.connect import Database
from bot.store.fanout import Fanout
from bot.store.rate_limiter import RateLimiter
from bot.store.schedule import Schedule, Settlement
from bot.store.source_states import SourceState, SourceStates
from bot.store.updates_queue import UpdatesQueue

ABOUT = "what a subscriber, a push, an update, a poll cost: Redis' CPU, our CPU, bytes"

CHATS = int(os.environ.get("CHATS", "100000"))
PUSHES = 20_000
UPDATES = 5_000
POLLS = 2_000
ANSWERS = 2_000
NO_LIMIT_PER_S = 1_000_000


@dataclass
class Cost:
    """Of one thing of ``count``: µs of Redis' CPU, µs of ours, round trips."""

    count: int
    redis_us: float = 0.0
    our_us: float = 0.0
    round_trips: float = 0.0


@asynccontextmanager
async def measured(database: Database, count: int) -> AsyncIterator[Cost]:
    """Measure what is done inside, for ``count`` things."""
    cost = Cost(count)
    redis_s, our_s, trips = await redis_cpu_s(database), time.process_time(), database.round_trips
    yield cost
    cost.our_us = (time.process_time() - our_s) / count * 1e6
    cost.round_trips = (database.round_trips - trips) / count
    cost.redis_us = (await redis_cpu_s(database) - redis_s) / count * 1e6


async def redis_cpu_s(database: Database) -> float:
    cpu = await database.run(("INFO", "cpu"))
    return float(cpu["used_cpu_user"]) + float(cpu["used_cpu_sys"])


async def push(redis: RunningRedis, url: str) -> Cost:
    """Claim, compose, send, settle, by a whole sender; the fan-out is measured apart."""
    database = redis.database
    settings = surroundings.settings(redis.url, url)
    store = replace(make_store(database, settings), limiter=RateLimiter(database, NO_LIMIT_PER_S))
    async with aiohttp.ClientSession() as asking, AsyncExitStack() as stack:

        async def answered() -> int:
            async with asking.get(f"{url}/count") as response:
                return int(await response.read())

        role = await make_sender(Process(stack, settings, store))
        stopping, goal = asyncio.Event(), await answered() + PUSHES
        async with measured(database, PUSHES) as cost:
            sender = asyncio.ensure_future(role(stopping))
            while await answered() < goal:  # noqa: ASYNC110 - another process sets no events here
                await asyncio.sleep(0.02)
            stopping.set()
            await sender
    return cost


async def update(database: Database) -> Cost:
    """Queue, take and finish an update of the webhook, each alone, as they come."""
    queue = UpdatesQueue(database)
    async with measured(database, UPDATES) as cost:
        for number in range(UPDATES):
            await queue.put(number, str(number % 500), b"x" * 600)
            await queue.finish([taken.claim for taken in await queue.take(8)])
    return cost


async def poll(database: Database) -> Cost:
    """What a poll without news asks of Redis."""
    schedule, states = Schedule(database, keys.SOURCE_SCHEDULE), SourceStates(database)
    await schedule.wake(["Daily"])
    async with measured(database, POLLS) as cost:
        for _ in range(POLLS):
            (claim,) = (await schedule.claim(16, 45)).claims
            state: SourceState = await states.get("Daily")
            await states.put("Daily", replace(state, last_success=datetime.now(UTC)))
            await schedule.settle([Settlement(claim.member, claim.token, 0)])
    return cost


async def answer(database: Database) -> Cost:
    """A page of /latest, with its permit."""
    articles = Articles(database, surroundings.DAY_S)
    await articles.append([surroundings.a_story() for _ in range(50)])
    limiter = RateLimiter(database, NO_LIMIT_PER_S)
    async with measured(database, ANSWERS) as cost:
        for number in range(ANSWERS):
            await articles.latest(Tag("KZ"), offset=0, limit=6)
            await limiter.answer(number)
    return cost


async def main() -> dict[str, Any]:
    """Everything in turn, on one database."""
    async with surroundings.a_redis() as redis, surroundings.a_bare_server() as url:
        database = redis.database
        costs: dict[str, Cost] = {}
        before = int((await database.run(("INFO", "memory")))["used_memory"])
        async with measured(database, CHATS) as costs["subscriber, imported"]:
            await surroundings.subscribe(database, CHATS)
        bytes_each = (int((await database.run(("INFO", "memory")))["used_memory"]) - before) / CHATS
        entry = await surroundings.publish(database)
        async with measured(database, CHATS) as costs["follower, made due"]:
            await Fanout(database, "benchmark").mark([entry])
        costs["push"] = await push(redis, url)
        costs["update by webhook"] = await update(database)
        costs["poll without news"] = await poll(database)
        costs["page of /latest"] = await answer(database)
    return {
        "benchmark": "scale",
        "bytes per subscriber": round(bytes_each),
        "costs": {
            name: {
                "redis_us": round(cost.redis_us, 1),
                "our_us": round(cost.our_us, 1),
                "round_trips": round(cost.round_trips, 3),
            }
            for name, cost in costs.items()
        },
    }


def table(report: dict[str, Any]) -> str:
    """Lay the report out for people."""
    lines = [f"{'one':24}{'Redis µs':>10}{'our µs':>10}{'round trips':>14}"]
    for name, cost in report["costs"].items():
        lines.append(f"{name:24}{cost['redis_us']:>10}{cost['our_us']:>10}{cost['round_trips']:>14}")
    return "\n".join([*lines, f"bytes per subscriber: {report['bytes per subscriber']}"])


if __name__ == "__main__":
    found = surroundings.run(main())
    print(table(found))
    print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
