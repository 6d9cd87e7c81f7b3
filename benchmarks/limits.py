"""How much of Telegram's limit is used, by 1 to 4 sender processes, while people ask things?

100,000 chats are owed a story; the server at the other end counts exact sliding windows and answers 429 beyond 30 a
second. Beside the broadcast somebody gets an answer twice a second, through the limiter, as handlers do. Also: what
a sender costs at 1000 a second (paid broadcasts).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from benchmarks import surroundings
from benchmarks.surroundings import RunningRedis
from bot.model import Address, Message
from bot.store.rate_limiter import MARGIN, RateLimiter
from bot.telegram.messenger import Messenger
from bot.telegram.session import open_session

ABOUT = "the share of the limit that 1 to 4 senders use, answers of 429, waiting for answers, CPU at 1000/s"
GOALS = {
    "used": 0.96,
    "answers of 429": 0,
    "answer p99 ms": 300,
    "margin": 0.04,
    "CPU at 1000/s": 0.35,
}

PER_SECOND = 30
PAID_PER_SECOND = 1000
OWED = int(os.environ.get("CHATS", "100000"))
WARM_UP_S = 2.0
MEASURE_S = float(os.environ.get("SECONDS", "20"))
PROCESSES = (1, 2, 4)
ANSWERS_EVERY_S = 0.5
ASKING_CHAT = 77


async def told(server: aiohttp.ClientSession) -> dict[str, float]:
    async with server.get("/") as response:
        found: dict[str, float] = await response.json()
        return found


async def ask_for(seconds: float, redis: RunningRedis, url: str) -> list[float]:
    """Get an answer twice a second; how long each took, in ms."""
    limiter = RateLimiter(redis.database, PER_SECOND)
    took_ms: list[float] = []
    async with open_session(url, 1) as session:
        messenger = Messenger(session, url, surroundings.TOKEN)
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            began = time.perf_counter()
            # A person a time: nobody asks twice a second.
            chat_id = ASKING_CHAT + len(took_ms)
            await asyncio.sleep(await limiter.answer(chat_id))
            await messenger.send(Address(chat_id), Message("1 USD = 505.05 KZT"))
            took_ms.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(max(0.0, began + ANSWERS_EVERY_S - time.perf_counter()))
    return took_ms


async def broadcast(redis: RunningRedis, processes: int) -> dict[str, Any]:
    """Some seconds in the middle of a long broadcast."""
    async with AsyncExitStack() as stack:
        _, port = await stack.enter_async_context(
            surroundings.a_process("-m", "benchmarks.strict_server", str(PER_SECOND))
        )
        url = f"http://127.0.0.1:{port}"
        server = await stack.enter_async_context(aiohttp.ClientSession(url))
        await surroundings.owe_everybody(redis.database)
        for _ in range(processes):
            await stack.enter_async_context(surroundings.a_sender(redis.url, url))
        await asyncio.sleep(WARM_UP_S)
        early = await told(server)
        took_ms = await ask_for(MEASURE_S, redis, url)
        found = await told(server)
    return {
        "processes": processes,
        "used": round((found["taken"] - 1) / found["span_s"] / PER_SECOND, 4),
        "answers of 429": int(early["refused"] + found["refused"]),
        "jitter ms": round((1 + MARGIN - found["tightest_s"]) * 1000, 1),
        "answer p50 ms": round(statistics.median(took_ms)),
        "answer p99 ms": round(statistics.quantiles(took_ms, n=100)[98]),
    }


async def paid(redis: RunningRedis) -> dict[str, Any]:
    """What one process costs at 1000 a second."""
    async with (
        surroundings.a_process("-m", "benchmarks.strict_server", str(PAID_PER_SECOND)) as (_, port),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as server,
    ):
        await surroundings.owe_everybody(redis.database)
        url = f"http://127.0.0.1:{port}"
        async with surroundings.a_sender(
            redis.url, url, MESSAGES_PER_SECOND=str(PAID_PER_SECOND), ALLOW_PAID_BROADCAST="true"
        ) as sender:
            await asyncio.sleep(WARM_UP_S)
            early = await told(server)
            cpu_s, began = _cpu_s(sender.pid), time.perf_counter()
            await asyncio.sleep(MEASURE_S / 2)
            took_s = time.perf_counter() - began
            cpu_s = _cpu_s(sender.pid) - cpu_s
            found = await told(server)
    return {
        "used at 1000/s": round((found["taken"] - 1) / found["span_s"] / PAID_PER_SECOND, 4),
        "answers of 429 at 1000/s": int(early["refused"] + found["refused"]),
        "jitter ms at 1000/s": round((1 + MARGIN - found["tightest_s"]) * 1000, 1),
        "CPU at 1000/s": round(cpu_s / took_s, 3),
    }


def _cpu_s(pid: int) -> float:
    """User and system time of a process (proc(5): fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def main() -> dict[str, Any]:
    async with surroundings.a_redis() as redis:
        await surroundings.subscribe(redis.database, OWED)
        rows = [await broadcast(redis, processes) for processes in PROCESSES]
        at_1000 = await paid(redis)
    return {"benchmark": "limits", "margin": MARGIN, "broadcasts": rows, **at_1000, "goals": GOALS}


def table(report: dict[str, Any]) -> str:
    """Lay the report out for people."""
    names = list(report["broadcasts"][0])
    lines = ["".join(f"{name:>16}" for name in names)]
    lines += ["".join(f"{row[name]:>16}" for name in names) for row in report["broadcasts"]]
    lines += [f"{name}: {report[name]}" for name in ("margin", *report) if "1000" in name or name == "margin"]
    return "\n".join(dict.fromkeys(lines))


if __name__ == "__main__":
    report = surroundings.run(main())
    print(table(report))
    print(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
