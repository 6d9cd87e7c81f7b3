"""Delivery: claim due chats with permits, word what they are owed, send many at once, hand over the outcomes.

One loop fills the free places among ``max_in_flight`` requests. A claim costs three round trips for the whole
batch (:mod:`bot.store.outbox`); a chat that the limiter puts off goes back to the schedule, and one that waits
for the bot's own limit stays here and asks again when the next permit is free. A message that we fail to word or
to send by a mistake of ours counts as refused, so that it is set aside in the end and the others get theirs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

import structlog

from bot.errors import StoreUnavailable
from bot.model import Address, Chat, LogEntry, Message, Outcome, Position, Refused
from bot.roles.consequences import Finished
from bot.roles.leases import Leases
from bot.roles.outage import Outage
from bot.roles.settler import Settler
from bot.roles.verdicts import Verdict, put_off
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
            self._settler.let_go(claim, put_off(claim, 0))
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
        if self._tail.behind:
            await self._tail.refresh()
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
            claims = self._leases.take(await self._outbox.claim(limit), asked_at)
            self._waiting.update((claim.member, claim) for claim in claims)

    def _owed(self, due: DueChat) -> list[Position]:
        return self._tail.index.owed(due.chat.follows, due.cursor) if due.chat else []

    def _serve(self, due: DueChat, owed: list[LogEntry]) -> bool:
        """Send to the chat, or let it go, or leave it waiting; True if a send was started."""
        finish = partial(
            Finished, due, served_to=self._tail.position, article_ids=tuple(e.article.id for e in owed)
        )
        try:
            message = self._writer.stories(due.chat, owed) if due.chat else None
        except Exception as error:
            log.exception("a message could not be worded")
            del self._waiting[due.claim.member]
            self._settler.finished(finish(outcome=Refused(f"cannot be worded: {type(error).__name__}")))
            return False
        if message is None:
            self._let_go(due.claim, Verdict(cursor=self._tail.position))
        elif due.permit.granted:
            return self._start(due, message, finish)
        elif due.permit.chat_limited:
            self._let_go(due.claim, put_off(due.claim, due.permit.wait_s))
        return False

    def _let_go(self, claim: Claim, verdict: Verdict) -> None:
        del self._waiting[claim.member]
        self._settler.let_go(claim, verdict)

    def _start(self, due: DueChat, message: Message, finish: Callable[..., Finished]) -> bool:
        """Send in the background, unless the lease is too old: then the chat is due again when it runs out."""
        member = due.claim.member
        del self._waiting[member]
        if not self._leases.safe(member):
            self._leases.release(member)
            return False
        task = asyncio.create_task(self._deliver(due.address, message, finish))
        self._sending.add(task)
        task.add_done_callback(self._ended)
        return True

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._place_free.set()

    async def _deliver(self, address: Address, message: Message, finish: Callable[..., Finished]) -> None:
        try:
            outcome = await self._send(address, message)
        except Exception as error:
            log.exception("a message could not be sent")
            outcome = Refused(f"cannot be sent: {type(error).__name__}")
        self._settler.finished(finish(outcome=outcome))
