"""Numbers for operators: who uses the bot, and how much it does.

What is counted as it happens (chats that spoke, messages sent) is kept by day and forgotten after ten; of the chats
only a HyperLogLog is kept, which can say how many there were and not which. What can be counted from the settings
themselves is counted when somebody asks, at most once a minute.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.errors import StoreUnavailable
from bot.model import Tag
from bot.store import keys
from bot.store.chats import Chats
from bot.store.connect import Database

KEPT_S = 10 * 86_400
ACTIVE_DAYS = 7
WRITE_EVERY_S = 1.0
RECOUNT_AFTER_S = 60.0
MOST_REMEMBERED = 10_000
CHATS_AT_A_STRETCH = 500
"""Counted without a break: some milliseconds, so that nobody's answer waits for the census."""


class Activity:
    """Which chats asked something, by day (UTC)."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._noted: set[int] = set()
        self._day = ""

    async def note(self, chat_id: int) -> None:
        """A chat asked something. Never raises: nobody's answer depends on it."""
        day = day_of(self._now())
        if day != self._day or len(self._noted) >= MOST_REMEMBERED:
            self._noted.clear()
            self._day = day
        if chat_id in self._noted:
            return
        key = keys.active_chats(day)
        try:
            await self._database.run_many([("PFADD", key, chat_id), ("EXPIRE", key, KEPT_S)])
        except StoreUnavailable:
            return
        self._noted.add(chat_id)

    async def active(self) -> int:
        """How many different chats asked something within a week. Raises StoreUnavailable."""
        days = [day_of(self._now() - timedelta(days=ago)) for ago in range(ACTIVE_DAYS)]
        return int(await self._database.run(("PFCOUNT", *map(keys.active_chats, days))))


class SentCounter:
    """How many messages went out, by day (UTC); a sender writes down once a second at most what it counted."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._counted = 0
        self._written_s = 0.0

    async def add(self, messages: int) -> None:
        """Count messages. Raises StoreUnavailable; then they are counted the next time."""
        self._counted += messages
        if self._counted and time.monotonic() - self._written_s >= WRITE_EVERY_S:
            await self.write()

    async def write(self) -> None:
        """Write down what was counted. Raises StoreUnavailable."""
        if self._counted:
            key = keys.sent_messages(day_of(self._now()))
            counted = self._counted
            await self._database.run_many([("INCRBY", key, counted), ("EXPIRE", key, KEPT_S)])
            self._counted -= counted
            self._written_s = time.monotonic()

    async def aclose(self) -> None:
        """Write down the last of it, if Redis is there."""
        with suppress(StoreUnavailable):
            await self.write()

    async def today(self) -> int:
        """How many went out since midnight (UTC), by all senders. Raises StoreUnavailable."""
        return int(await self._database.run(("GET", keys.sent_messages(day_of(self._now())))) or 0)


@dataclass
class ChatCounts:
    """All chats with settings: how many of each kind, of each language, and followers of each tag."""

    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    followers: Counter[Tag] = field(default_factory=Counter)
    reachable: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.kinds.total()


class ChatCensus:
    """Counts the chats by walking over them, a hundred buckets a step."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._counts = ChatCounts()
        self._counted_s: float | None = None

    async def counts(self) -> ChatCounts:
        """The numbers, not older than a minute. Raises StoreUnavailable."""
        if self._counted_s is None or time.monotonic() - self._counted_s > RECOUNT_AFTER_S:
            self._counts, self._counted_s = await self._count(), time.monotonic()
        return self._counts

    async def _count(self) -> ChatCounts:
        """Count; a group with topics is one chat, which is reachable if any of them is."""
        counts = ChatCounts()
        groups: set[int] = set()
        reachable_groups: set[int] = set()
        walked = 0
        async for chat in self._chats.all():
            walked += 1
            if walked % CHATS_AT_A_STRETCH == 0:
                await asyncio.sleep(0)
            counts.followers.update(chat.follows.keys())
            chat_id = chat.address.chat_id
            if chat_id > 0:
                counts.reachable += chat.reachable
            elif chat.reachable:
                reachable_groups.add(chat_id)
            if chat_id not in groups:
                counts.kinds[chat.kind.value] += 1
                counts.languages[chat.language] += 1
            if chat_id < 0:
                groups.add(chat_id)
        counts.reachable += len(reachable_groups)
        return counts


def day_of(moment: datetime) -> str:
    """The name of a day in keys."""
    return moment.astimezone(UTC).strftime("%Y%m%d")
