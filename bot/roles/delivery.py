"""Delivery: claim due chats with permits, word what they are owed, send many at once, hand over the outcomes.

One loop fills the free places among ``max_in_flight`` requests. A claim costs three round trips for the whole
batch (:mod:`bot.store.outbox`); a chat that the limiter puts off goes back to the schedule, and one that waits
for the bot's own limit stays here and asks again when the next permit is free.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot.errors import StoreUnavailable
from bot.model import Address, Chat, LogEntry, Message, Outcome, Position
from bot.roles.leases import Leases
from bot.roles.outage import Outage
from bot.roles.settler import Finished, Settler
from bot.roles.verdicts import Verdict
from bot.store.log_tail import LogTail
from bot.store.outbox import DueChat, Outbox
from bot.store.schedule import Claim
from bot.waiting import pause, pause_for_news

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

IDLE_S = 0.25

Send = Callable[[Address, Message], Awaitable[Outcome]]


class Writer(Protocol):
    """Words what a chat is owed (:class:`handlers.push.PushWriter`)."""

    def stories(self, chat: Chat, owed: list[LogEntry]) -> Message | None:
        """One message, or None if there is nothing to say."""


class Delivery:
    """The hands of one sender process."""

    def __init__(
        self,
        outbox: Outbox,
        tail: LogTail,
        leases: Leases,
        settler: Settler,
        writer: Writer,
        send: Send,
        max_in_flight: int,
    ) -> None:
        self._outbox = outbox
        self._tail = tail
        self._leases = leases
        self._settler = settler
        self._writer = writer
        self._send = send
        self._max_in_flight = max_in_flight
        self._sending: set[asyncio.Task[None]] = set()
        self._place_free = asyncio.Event()
        self._waiting: dict[str, Claim] = {}
        self._expected = 1
        """How many permits the next round may find: claims are not made for more."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Deliver until told to stop, then wait for the sends in flight and give back what was only claimed."""
        outage = Outage("deliveries")
        while not stopping.is_set():
            try:
                await self._round(stopping)
                outage.over()
            except StoreUnavailable as error:
                await outage.wait(error, stopping)
        for claim in self._waiting.values():
            self._settler.give_back(claim)
        if self._sending:
            await asyncio.wait(self._sending)

    async def _round(self, stopping: asyncio.Event) -> None:
        room = self._max_in_flight - len(self._sending)
        if room <= 0:
            await pause_for_news(self._place_free, IDLE_S)
            return
        await self._claim(min(room, self._expected) - len(self._waiting))
        if not self._waiting:
            self._expected = 1
            await pause(stopping, IDLE_S)
            return
        prepared = await self._outbox.prepare(list(self._waiting.values())[:room])
        owed = [self._owed(due) for due in prepared.chats]
        await self._tail.load({position for positions in owed for position in positions})
        started = sum(
            self._serve(due, self._tail.entries(positions))
            for due, positions in zip(prepared.chats, owed, strict=True)
        )
        self._expected = max(1, prepared.free or started)
        if not prepared.free:
            await pause(stopping, prepared.next_in_s)

    async def _claim(self, limit: int) -> None:
        if limit > 0:
            asked_at = time.monotonic()
            claims = await self._outbox.claim(limit)
            self._leases.take(claims, asked_at)
            self._waiting.update((claim.member, claim) for claim in claims)

    def _owed(self, due: DueChat) -> list[Position]:
        return self._tail.index.owed(due.chat.follows, due.cursor) if due.chat else []

    def _serve(self, due: DueChat, owed: list[LogEntry]) -> bool:
        """Send to the chat, or let it go, or leave it waiting; True if a send was started."""
        message = self._writer.stories(due.chat, owed) if due.chat else None
        member = due.claim.member
        if message is None:
            del self._waiting[member]
            self._settler.let_go(due, Verdict(cursor=self._tail.position))
        elif due.permit.granted:
            del self._waiting[member]
            if self._leases.safe(member):
                self._start(due, message, self._tail.position)
                return True
            self._leases.release(member)
        elif due.permit.chat_limited:
            del self._waiting[member]
            self._settler.let_go(due, Verdict(due_in_s=due.permit.wait_s))
        return False

    def _start(self, due: DueChat, message: Message, served_to: Position) -> None:
        task = asyncio.create_task(self._deliver(due, message, served_to))
        self._sending.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._place_free.set()
        if not task.cancelled() and (error := task.exception()):
            # The lease runs out and the chat is due again; what went wrong is a mistake of ours.
            log.error("a delivery failed", exc_info=error)

    async def _deliver(self, due: DueChat, message: Message, served_to: Position) -> None:
        outcome = await self._send(due.address, message)
        self._settler.finished(Finished(due, outcome, served_to))
