"""Rate alerts: 1,000 rules of 100,000 chats, and a fixing that concerns some of them.

From the fixing in the stream to everybody whom it concerns being due, by the parts of worker and sender that do it.
Who is due afterwards is compared, chat by chat, with who should be: nobody else is touched. ``CHATS=10000`` makes it
a tenth. The hard case on purpose: all rules are about one currency.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import orjson

from benchmarks import surroundings
from bot.model import (
    Address,
    Chat,
    ChatKind,
    Fixing,
    Position,
    Quote,
    RateMove,
    RateRule,
    RateThreshold,
    Side,
)
from bot.roles.alert_desk import AlertDesk
from bot.store import keys
from bot.store.articles import Articles
from bot.store.chats import ChatChange, Chats
from bot.store.connect import Database
from bot.store.fanout import Fanout
from bot.store.rate_moves import RateMoves
from bot.store.rates import Rates, RatesNews

ABOUT = "rate alerts: whom does a fixing concern, of 1,000 rules and 100,000 chats"
GOALS = {"whom it concerns s": 1.0, "touched in vain": 0}

CHATS = int(os.environ.get("CHATS", "100000"))
RULES = 1000
LOWEST = 450
"""Levels go up from here in steps of 0.1, every other one to be crossed downwards."""
BEFORE, AFTER = Decimal("499.97"), Decimal("501.02")
TODAY = datetime.now(UTC).date()


def rule(number: int) -> RateRule:
    """The ``number``-th rule: above 450.0, below 450.1, above 450.2 …"""
    side = Side.BELOW if number % 2 else Side.ABOVE
    return RateThreshold("KZT", side, LOWEST + Decimal(number) / 10)


def everybody() -> Iterator[Chat]:
    """Chats with one rule each; every rule has as many chats."""
    for number in range(CHATS):
        address = Address(5_000_000_000 + number * 7919 % 2_000_000_011)
        yield Chat(address, ChatKind.PRIVATE, "ru", "Asia/Almaty", alerts=(rule(number % RULES),))


def concerned() -> set[int]:
    """Whom the fixing concerns, found the slow way."""
    return {
        chat.address.chat_id
        for chat in everybody()
        for level in chat.alerts
        if isinstance(level, RateThreshold) and level.side is Side.ABOVE and BEFORE <= level.level < AFTER
    }


async def load(database: Database) -> dict[str, Any]:
    """Have everybody's rules stored."""
    chats, crowd = Chats(database), everybody()
    began = time.perf_counter()
    while some := list(islice(crowd, surroundings.CHATS_AT_ONCE)):
        await chats.update_many([ChatChange(chat, _as_it_is) for chat in some])
    return {"chats": CHATS, "rules": RULES, "loaded per s": round(CHATS / (time.perf_counter() - began))}


def _as_it_is(chat: Chat, _now: Position) -> Chat:
    return chat


async def fix(database: Database) -> dict[str, Any]:
    """A fixing comes in; how long until those whom it concerns are due, and who is."""
    old = Quote("USD", "KZT", BEFORE, TODAY - timedelta(days=1), "A bank")
    new = Quote("USD", "KZT", AFTER, TODAY, "A bank")
    await Rates(database).commit("0", RatesNews([Fixing(new, "nbk", old)], [new], [RateMove(new, old)]))
    desk = AlertDesk(
        RateMoves(database, "benchmark"), Articles(database, surroundings.DAY_S), lambda: datetime.now(UTC)
    )
    fanout = Fanout(database, "benchmark")
    trips, began = database.round_trips, time.perf_counter()
    await desk.deal()
    found_s = time.perf_counter() - began
    await fanout.mark(await fanout.read())
    took_s = time.perf_counter() - began
    touched, meant = await due(database), concerned()
    return {
        "rules met s": round(found_s, 3),
        "whom it concerns s": round(took_s, 3),
        "round trips": database.round_trips - trips,
        "concerned": len(meant),
        "touched": len(touched),
        "touched in vain": len(touched - meant),
        "forgotten": len(meant - touched),
    }


async def due(database: Database) -> set[int]:
    """Every chat that a sender would claim now."""
    shards = range(keys.SHARDS)
    schedules = await database.run_many([("ZRANGE", keys.chat_schedule(s).due, 0, -1) for s in shards])
    return {int(name.partition(b":")[0]) for names in schedules for name in names}


async def main() -> dict[str, Any]:
    async with surroundings.a_redis() as redis:
        report = await load(redis.database) | await fix(redis.database)
    return {"benchmark": "alerts", **report, "goals": GOALS}


if __name__ == "__main__":
    found = surroundings.run(main())
    print(surroundings.table_of_goals(found))
    print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
