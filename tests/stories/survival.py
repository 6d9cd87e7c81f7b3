"""What the survival stories share: a crowd that follows, a broadcast, accidents on the way, and an exact account.

Sizes are small in ``make test``; ``SURVIVE_SIZE=full`` (``make survive``) takes those of the promise: 5,000 chats,
20 kills, 20 seconds of a stopped Redis, and leases as long as in production.
"""

from __future__ import annotations

import asyncio
import os
import re
from asyncio.subprocess import Process
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import structlog

from bot.demo import LocalTelegram
from bot.model import Address, Chat, ChatKind, Position, Tag
from bot.store import keys
from bot.store.articles import Articles
from bot.store.chats import ChatChange, Chats
from bot.store.connect import Database
from bot.store.outbox import LEASE_S
from tests.store.samples import a_chat, an_article
from tests.stories.newsroom import Newsroom

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

FULL_SIZE = os.environ.get("SURVIVE_SIZE") == "full"
IN_FLIGHT = 32
PATIENCE_S = 400.0 if FULL_SIZE else 100.0
LOOK_AGAIN_S = 0.05
STORY = re.compile(r"Story (\d{3})")


def size(small: int, full: int) -> int:
    """A number of chats, kills or seconds: in ``make test``, and in ``make survive``."""
    return full if FULL_SIZE else small


@dataclass(frozen=True, slots=True)
class Account:
    """What became of what was owed. ``out_of_order`` and ``overlapping`` count chats."""

    owed: int
    lost: int
    doubles: int
    out_of_order: int
    overlapping: int


class Broadcast:
    """A crowd that follows Kazakhstan, and stories for it: "Story 001", "Story 002" …"""

    def __init__(self, newsroom: Newsroom, database: Database) -> None:
        self.newsroom = newsroom
        self.telegram: LocalTelegram = newsroom.telegram
        self.database = database
        self.chats = Chats(database)
        self.articles = Articles(database, 86_400)
        self.readers: list[int] = []
        self.published = 0
        newsroom.env |= {
            "MESSAGES_PER_SECOND": "1000",
            "MAX_CONCURRENT_SENDS": str(IN_FLIGHT),
            "LOG_LEVEL": "INFO",
        }

    async def gather_readers(self, chat_ids: Sequence[int]) -> None:
        """Subscribe them."""

        def follow(chat: Chat, end: Position) -> Chat:
            kind = ChatKind.PRIVATE if chat.address.chat_id > 0 else ChatKind.GROUP
            return replace(chat, kind=kind, follows={Tag("KZ"): end})

        for at in range(0, len(chat_ids), 500):
            await self.chats.update_many(
                [ChatChange(a_chat(chat_id), follow) for chat_id in chat_ids[at : at + 500]]
            )
        self.readers += chat_ids

    async def publish(self) -> None:
        """One more story goes into the log; its followers are owed it from now on."""
        self.published += 1
        title = f"Story {self.published:03}"
        appended = await self.articles.append([an_article("KZ", title=title, minutes=self.published)])
        assert len(appended.new) == 1

    async def chat(self, chat_id: int) -> Chat:
        """The settings of a chat that is subscribed."""
        chat = await self.chats.get(Address(chat_id))
        assert chat is not None
        return chat

    async def start_sender(self, **variables: str) -> Process:
        """A sender as a process of its own, with short leases unless the size is full."""
        if FULL_SIZE:
            variables = {"STRANGE_LEASE_S": str(LEASE_S)} | variables
        return await self.newsroom.start_hasty_process("sender", **variables)

    async def progress(self, delivered: int) -> None:
        """Wait until so many messages have arrived."""
        await self.until(lambda: self.telegram.journal.delivered >= delivered)

    async def finished(self, moved: dict[int, int] | None = None) -> Account:
        """Wait until everything has arrived and no chat is due or in anybody's hands; the account then."""
        await self.until(lambda: self.account(moved).lost == 0, every_s=0.25)
        await self.until(self.quiet, every_s=0.25)
        account = self.account(moved)
        log.info(
            "account", account=account, cut=self.cut_after_the_write(), answers=self.telegram.journal.answers
        )
        return account

    async def until(
        self, condition: Callable[[], bool | Awaitable[bool]], *, every_s: float = LOOK_AGAIN_S
    ) -> None:
        """Wait for a condition outside this process."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    found = condition()
                    if found if isinstance(found, bool) else await found:
                        return
                    await asyncio.sleep(every_s)
        except TimeoutError:
            raise AssertionError(f"not in {PATIENCE_S} s: {self.account()}") from None

    async def quiet(self) -> bool:
        """Whether no chat is due or in anybody's hands."""
        schedules = [keys.chat_schedule(shard) for shard in range(keys.SHARDS)]
        counts = await self.database.run_many(
            [("ZCARD", key) for schedule in schedules for key in (schedule.due, schedule.leases)]
        )
        return not any(counts)

    def account(self, moved: dict[int, int] | None = None) -> Account:
        """Count what arrived, chat by chat, and look at the journal for two sends to one chat at once."""
        lost = doubles = out_of_order = 0
        for reader in self.readers:
            got = self._stories(reader) + (self._stories(moved[reader]) if moved and reader in moved else [])
            times = Counter(got)
            lost += self.published - len(times)
            doubles += len(got) - len(times)
            first_times = list(times)
            out_of_order += first_times != sorted(first_times)
        return Account(
            self.published * len(self.readers), lost, doubles, out_of_order, len(self.overlapping_chats())
        )

    def _stories(self, chat_id: int) -> list[int]:
        texts = [delivery.text for delivery in self.telegram.deliveries(chat_id)]
        return [int(number) for text in texts for number in STORY.findall(text)]

    def overlapping_chats(self) -> set[int]:
        """Chats to which a second send began before the first was answered."""
        calls = defaultdict(list)
        for call in self.telegram.journal.of("sendMessage"):
            if call.chat_id is not None:
                calls[call.chat_id].append((call.received_s, call.answered_s))
        overlapping = set()
        for chat_id, times in calls.items():
            times.sort()
            if any(later[0] < earlier[1] for earlier, later in pairwise(times)):
                overlapping.add(chat_id)
        return overlapping

    def cut_after_the_write(self) -> int:
        """Stories in sends that arrived and whose answer did not: each may come twice, and nothing else may."""
        return sum(
            len(STORY.findall(call.params["text"]))
            for call in self.telegram.journal.calls
            if call.status == 0 and call.description == "reset after"
        )
