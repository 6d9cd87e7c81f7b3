"""What does all that care cost? A whole sender against a bare loop that only posts, in one run.

The sender is the one that the bot runs: it claims, composes, sends and settles over a real Redis, with the limiter
asked but generous. Beside it in turn, without any queue: a bare aiohttp loop, and the ``send_message`` of aiogram
and python-telegram-bot. Medians of five rounds; every round has every contender. The sender's time holds its start
and its end (it waits up to a quarter of a second for more to settle), so the broadcast is long enough to hide them.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import orjson
from telegram import Bot
from telegram.request import HTTPXRequest

from benchmarks import surroundings
from benchmarks.posting import IN_FLIGHT, STORY, Result, bare, by_ptb, measure
from benchmarks.surroundings import RunningRedis
from bot.assembly import Process, make_sender, make_store
from bot.store.rate_limiter import RateLimiter

ABOUT = "a whole sender against a bare posting loop, aiogram and python-telegram-bot"
GOALS = {"sender / bare": 0.75, "sender / aiogram": 2.0, "sender / ptb default": 15.0}

ROUNDS = 5
MESSAGES = 60_000
NO_LIMIT_PER_S = 1_000_000

Round = Callable[[], Awaitable[Result]]


class WholeSender:
    """A sender process within ours; the fan-out, which is measured elsewhere, is done before it starts."""

    def __init__(self, redis: RunningRedis, server: aiohttp.ClientSession, url: str) -> None:
        self._redis = redis
        self._server = server
        self._settings = surroundings.settings(redis.url, url, max_concurrent_sends=str(IN_FLIGHT))
        self.round_trips = 0.0

    async def round(self) -> Result:
        """Owe everybody a story, then measure how it is delivered and written down."""
        await surroundings.owe_everybody(self._redis.database)
        database = self._redis.database
        store = replace(make_store(database, self._settings), limiter=RateLimiter(database, NO_LIMIT_PER_S))
        async with AsyncExitStack() as stack:
            role = await make_sender(Process(stack, self._settings, store))
            goal = await self._answered() + MESSAGES
            trips = database.round_trips
            began_s, cpu_began_s = time.perf_counter(), time.process_time()
            stopping = asyncio.Event()
            sender = asyncio.ensure_future(role(stopping))
            await asyncio.sleep(MESSAGES / 20_000)
            while await self._answered() < goal:  # noqa: ASYNC110 - the server is another process
                await asyncio.sleep(0.02)
            stopping.set()
            await sender
            took_s, cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_began_s
        self.round_trips = (database.round_trips - trips) / MESSAGES
        return Result(MESSAGES / took_s, cpu_s / MESSAGES * 1e6)

    async def _answered(self) -> int:
        async with self._server.get("/count") as response:
            return int(await response.read())


@asynccontextmanager
async def contenders(redis: RunningRedis, url: str) -> AsyncIterator[dict[str, Round]]:
    async with AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(limit=IN_FLIGHT)
        plain = await stack.enter_async_context(aiohttp.ClientSession(url, connector=connector))
        over_httpx = HTTPXRequest()
        await stack.enter_async_context(over_httpx)
        ptb = Bot(
            surroundings.TOKEN, base_url=f"{url}/bot", request=over_httpx, get_updates_request=over_httpx
        )
        method = f"{url}/bot{surroundings.TOKEN}/sendMessage"
        rounds: dict[str, Round] = {
            "bare": lambda: measure(bare(plain, method), MESSAGES // 2),
            "sender": WholeSender(redis, plain, url).round,
            "ptb default": lambda: measure(by_ptb(ptb), MESSAGES // 200),
        }
        if by_aiogram := await _aiogram(stack, url):
            rounds["aiogram"] = lambda: measure(by_aiogram, MESSAGES // 20)
        yield rounds


async def _aiogram(stack: AsyncExitStack, url: str) -> Callable[[int], Awaitable[object]] | None:
    """Post by aiogram, where somebody installed it; it is no dependency of ours."""
    try:
        from aiogram import Bot as AiogramBot  # type: ignore[import-not-found, unused-ignore]
        from aiogram.client.session.aiohttp import (  # type: ignore[import-not-found, unused-ignore]
            AiohttpSession,
        )
        from aiogram.client.telegram import (  # type: ignore[import-not-found, unused-ignore]
            TelegramAPIServer,
        )
    except ImportError:
        return None
    session = AiohttpSession(api=TelegramAPIServer.from_base(url), limit=IN_FLIGHT)
    bot = AiogramBot(surroundings.TOKEN, session=session)
    stack.push_async_callback(session.close)

    async def post(chat_id: int) -> object:
        return await bot.send_message(chat_id, STORY.html, parse_mode="HTML")

    return post


async def main() -> dict[str, Any]:
    """Run all rounds; returns medians and the ratios that the goals are about."""
    async with (
        surroundings.a_redis() as redis,
        surroundings.a_bare_server() as url,
        contenders(redis, url) as rounds,
    ):
        await surroundings.subscribe(redis.database, MESSAGES)
        results: dict[str, list[Result]] = {name: [] for name in rounds}
        for number in range(ROUNDS + 1):
            for name, one_round in rounds.items():
                result = await one_round()
                if number:  # the first warms up
                    results[name].append(result)
    return report_of(results)


def report_of(results: dict[str, list[Result]]) -> dict[str, Any]:
    """Medians, and the median of the ratios within each round: a slow moment hits both sides."""
    others = [name for name in results if name != "sender"]
    ratios = {
        f"sender / {name}": statistics.median(
            ours.per_s / theirs.per_s for ours, theirs in zip(results["sender"], results[name], strict=True)
        )
        for name in others
    }
    cpu_ratio = statistics.median(
        theirs.cpu_us / ours.cpu_us for ours, theirs in zip(results["sender"], results["bare"], strict=True)
    )
    return {
        "benchmark": "sender",
        "messages_per_s": {
            name: round(statistics.median(r.per_s for r in found)) for name, found in results.items()
        },
        "client_cpu_us_per_message": {
            name: round(statistics.median(r.cpu_us for r in found)) for name, found in results.items()
        },
        "ratios": {name: round(value, 2) for name, value in ratios.items()},
        "bare CPU / sender CPU": round(cpu_ratio, 2),
        "skipped": [] if "aiogram" in results else ["aiogram: not installed (pip install aiogram)"],
        "goals": GOALS,
    }


def table(report: dict[str, Any]) -> str:
    """Lay the report out for people."""
    lines = [f"{'':16}{'messages/s':>12}{'client CPU µs':>16}{'sender is':>12}{'goal':>8}"]
    for name, per_s in report["messages_per_s"].items():
        ratio = report["ratios"].get(f"sender / {name}", "")
        goal = GOALS.get(f"sender / {name}", "")
        cpu_us = report["client_cpu_us_per_message"][name]
        lines.append(f"{name:16}{per_s:>12,}{cpu_us:>16,}{ratio:>12}{goal:>8}")
    return "\n".join([*lines, *report["skipped"]])


if __name__ == "__main__":
    found = surroundings.run(main())
    print(table(found))
    print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
