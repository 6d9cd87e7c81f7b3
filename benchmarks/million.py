"""A million subscribers: what they take, how fast a story reaches all of them, how fast all is back after a kill.

One database for all three, as loading it is the slow part. ``CHATS=100000`` makes it a tenth.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import Any

import aiohttp
import orjson

from benchmarks import surroundings
from benchmarks.surroundings import RunningRedis
from bot.errors import StoreUnavailable
from bot.store.connect import Database
from bot.store.fanout import Fanout

ABOUT = "a million subscribers: memory, fan-out of one story, restart after kill -9"
GOALS = {
    "bytes per subscriber": 250,
    "fan-out s": 5.0,
    "slowest call ms": 5.0,
    "sending again s": 2.0,
}

CHATS = int(os.environ.get("CHATS", "1000000"))
SLOWER_THAN_US = 500


async def memory(database: Database) -> int:
    return int((await database.run(("INFO", "memory")))["used_memory"])


async def load(database: Database) -> dict[str, Any]:
    """Subscribe everybody; what that takes."""
    before = await memory(database)
    began = time.perf_counter()
    await surroundings.subscribe(database, CHATS)
    took_s = time.perf_counter() - began
    return {
        "chats": CHATS,
        "loaded per s": round(CHATS / took_s),
        "bytes per subscriber": round((await memory(database) - before) / CHATS),
    }


async def fan_out(database: Database) -> dict[str, Any]:
    """One story for everybody: how long, the slowest call by Redis' own clock, bytes a follower."""
    await database.run(("CONFIG", "SET", "slowlog-log-slower-than", SLOWER_THAN_US))
    await database.run(("CONFIG", "SET", "slowlog-max-len", 100_000))
    entry = await surroundings.publish(database)
    before = await memory(database)
    await database.run(("SLOWLOG", "RESET"))
    trips, began = database.round_trips, time.perf_counter()
    met = await Fanout(database, "benchmark").mark([entry])
    took_s = time.perf_counter() - began
    slow = sorted(call[2] for call in await database.run(("SLOWLOG", "GET", 100_000)))
    return {
        "followers met": met,
        "fan-out s": round(took_s, 2),
        "round trips": database.round_trips - trips,
        # By the clock on the wall: on a busy machine the slowest are those in which Redis lost its core.
        "slowest call ms": round(slow[-1] / 1000, 2) if slow else f"< {SLOWER_THAN_US / 1000}",
        "99 of 100 calls ms": _percentile_99_ms(slow, database.round_trips - trips),
        "calls over 5 ms": sum(duration > 5000 for duration in slow),
        "bytes per due chat": round((await memory(database) - before) / met),
    }


def _percentile_99_ms(slow_us: list[int], calls: int) -> float | str:
    """Of all calls, those that were too fast for the slow log included."""
    slower = calls // 100
    return round(slow_us[-slower - 1] / 1000, 2) if len(slow_us) > slower else f"< {SLOWER_THAN_US / 1000}"


async def restart(redis: RunningRedis) -> dict[str, Any]:
    """Kill Redis while a sender delivers; from its first answer to the first message after it."""
    async with (
        surroundings.a_bare_server() as url,
        surroundings.a_sender(redis.url, url),
        aiohttp.ClientSession(url) as server,
    ):

        async def answered() -> int:
            async with server.get("/count") as response:
                return int(await response.read())

        async def until_more_than(count: int) -> float:
            while await answered() <= count:  # noqa: ASYNC110 - the server is another process
                await asyncio.sleep(0.01)
            return time.perf_counter()

        await until_more_than(100)
        await redis.database.run(("CONFIG", "SET", "appendfsync", "always"))
        pid = int((await redis.database.run(("INFO", "server")))["process_id"])
        os.kill(pid, signal.SIGKILL)
        killed = time.perf_counter()
        await asyncio.sleep(0.5)
        in_flight_then = await answered()
        up = await _answers(redis.database)
        return {
            "Redis back s": round(up - killed, 2),
            "sending again s": round(await until_more_than(in_flight_then) - up, 2),
        }


async def _answers(database: Database) -> float:
    while True:
        try:
            await database.run(("GET", "anything"))
        except StoreUnavailable:
            await asyncio.sleep(0.01)
        else:
            return time.perf_counter()


async def main() -> dict[str, Any]:
    async with surroundings.a_redis() as redis:
        report = await load(redis.database)
        report |= await fan_out(redis.database)
        report |= await restart(redis)
    return {"benchmark": "million", **report, "goals": GOALS}


if __name__ == "__main__":
    found = surroundings.run(main())
    print(surroundings.table_of_goals(found))
    print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
