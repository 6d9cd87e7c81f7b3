"""Two simulated days: chats in many zones, senders as processes of their own, a clock that jumps from event to event.

Time stands while anybody is at work: it goes on when nothing is due and nobody holds a chat. So a jump ends no lease
that a living sender needs, and what is counted at the end is what would have happened in two real days.
"""

from __future__ import annotations

import asyncio
import re
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.briefing.timetable import due_at
from bot.language import Tongues
from bot.model import Address, BriefingPlan, Mode, Position, Tag
from bot.store import keys
from bot.store.articles import Articles
from bot.store.chats import ChatChange, Chats
from bot.store.connect import Database
from bot.store.outbox import LEASE_S
from handlers import choices
from tests.redis_server import RedisServer
from tests.store.samples import a_chat, an_article
from tests.stories.clockwork_sender import ClockFile
from tests.stories.newsroom import Newsroom

TOGETHER_S = 150.0
"""What comes due within so many seconds is let come due at once."""

IN_FLIGHT = 32
PATIENCE_S = 60.0


class TwoDays:
    """``start`` is where the clock begins; ``events`` are done when the clock gets there."""

    def __init__(self, newsroom: Newsroom, database: Database, clock: ClockFile, clock_file: Path) -> None:
        self._newsroom = newsroom
        self._database = database
        self._clock = clock
        self._clock_file = clock_file
        self._chats = Chats(database)
        self.articles = Articles(database, 7 * 86_400)
        self.senders: list[Process] = []
        self.plans: dict[int, tuple[BriefingPlan, ZoneInfo]] = {}

    @property
    def now(self) -> datetime:
        """What Redis' clock shows."""
        return datetime.now(UTC) + timedelta(milliseconds=self._clock.shift_ms())

    async def start_sender(self) -> None:
        """One more sender."""
        self.senders.append(
            await self._newsroom.start_process(
                str(self._clock_file), module="tests.stories.clockwork_sender", MESSAGES_PER_SECOND="1000"
            )
        )

    async def subscribe(self, chat_ids: Iterable[int], zones: list[str], hours: list[int]) -> None:
        """Plan a briefing for every chat, zone by zone and hour by hour, as a person would."""
        begun = self.now
        wishes = []
        for number, chat_id in enumerate(chat_ids):
            zone = zones[number % len(zones)]
            plan = BriefingPlan(time(hours[number % len(hours)]))
            new = replace(
                a_chat(chat_id), timezone=zone, follows={Tag("KZ"): Position(1)}, mode=Mode.BRIEFING
            )
            wishes.append(
                ChatChange(new, lambda chat, _end, plan=plan: choices.plan_briefing(chat, plan, begun), 0)  # type: ignore[misc]
            )
            self.plans[chat_id] = (plan, ZoneInfo(zone))
        await self._chats.update_many(wishes)

    async def publish(self, title: str) -> None:
        """A story comes out now."""
        await self.articles.append([replace(an_article("KZ", title=title), published=self.now)])

    async def let_pass(self, until: datetime) -> None:
        """Let time pass, from one due briefing to the next."""
        while self.now < until:
            await self._until(self._idle)
            ahead = min(await self.next_due() + timedelta(seconds=TOGETHER_S), until) - self.now
            self._clock.advance(max(0.0, ahead.total_seconds()))

    async def kill_while_sending(self, after: int) -> None:
        """``kill -9`` for a sender once so many more messages have arrived, and start another in its place."""
        journal = self._newsroom.telegram.journal
        before = journal.delivered
        self._clock.advance(max(0.0, (await self.next_due() - self.now).total_seconds() + TOGETHER_S))
        await self._until(lambda: journal.delivered >= before + after)
        await self._newsroom.kill(self.senders.pop(0))
        await self.start_sender()
        await self._until(self._nothing_moves, every_s=1.0)
        self._clock.advance(LEASE_S + 1)  # what the dead one held comes due again

    async def without_redis(self, redis: RedisServer, length: timedelta) -> None:
        """Redis is down for as long."""
        await self._until(self._idle)
        redis.kill()
        self._clock.advance(length.total_seconds())
        await asyncio.sleep(0.5)  # the senders find out
        redis.start()

    def received(self) -> dict[int, Counter[str]]:
        """How often each chat got the briefing of each day."""
        telegram = self._newsroom.telegram
        return {
            chat_id: Counter(each.text.partition("\n")[0] for each in telegram.deliveries(chat_id))
            for chat_id in self.plans
        }

    def told(self, chat_ids: Iterable[int]) -> dict[int, str]:
        """The numbers of the days whose story each of the chats was told."""
        telegram = self._newsroom.telegram
        texts = {chat: "\n".join(each.text for each in telegram.deliveries(chat)) for chat in chat_ids}
        return {chat: "".join(sorted(re.findall(r"Story of day (\d)", text))) for chat, text in texts.items()}

    def expected(self, start: datetime, end: datetime) -> dict[int, Counter[str]]:
        """What each chat should have got: once each date whose briefing came due between the two moments."""
        english = Tongues()["en"]
        days = [start.date() + timedelta(days=number) for number in range(-1, (end - start).days + 2)]
        return {
            chat_id: Counter(
                f"☀️ {english.weekday_and_day(day)}"
                for day in days
                if start < (due_at(plan, zone, Address(chat_id), day) or start) <= end
            )
            for chat_id, (plan, zone) in self.plans.items()
        }

    async def _idle(self) -> bool:
        """Whether nothing is due and nobody holds a chat."""
        now_ms = int(self.now.timestamp() * 1000)
        schedules = [keys.chat_schedule(shard) for shard in range(keys.SHARDS)]
        counts = await self._database.run_many(
            [("ZCOUNT", each.due, "-inf", now_ms) for each in schedules]
            + [("ZCARD", each.leases) for each in schedules]
        )
        return not any(counts)

    async def next_due(self) -> datetime:
        """When the next chat is due."""
        schedules = [keys.chat_schedule(shard) for shard in range(keys.SHARDS)]
        firsts = await self._database.run_many(
            [("ZRANGE", each.due, 0, 0, "WITHSCORES") for each in schedules]
        )
        return datetime.fromtimestamp(min(float(first[1]) for first in firsts if first) / 1000, UTC)

    async def _nothing_moves(self) -> bool:
        """Whether what is left in hands is in dead ones: nothing is due, and nothing arrives any more."""
        before, leases = self._newsroom.telegram.journal.delivered, await self._leases()
        await asyncio.sleep(1.0)
        return (before, leases) == (self._newsroom.telegram.journal.delivered, await self._leases())

    async def _leases(self) -> list[object]:
        schedules = [keys.chat_schedule(shard) for shard in range(keys.SHARDS)]
        return await self._database.run_many([("ZRANGE", each.leases, 0, -1) for each in schedules])

    async def _until(self, condition: Callable[[], bool | Awaitable[bool]], *, every_s: float = 0.02) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = condition()
                if found if isinstance(found, bool) else await found:
                    return
                await asyncio.sleep(every_s)
