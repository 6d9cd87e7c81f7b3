"""Delivery: claim due chats with permits, word what they are owed, send many at once, hand over the outcomes.

One loop keeps ``max_in_flight`` hands busy (:mod:`bot.roles.hands`). A claim costs three round trips for the whole
batch (:mod:`bot.store.outbox`); a chat that the limiter puts off goes back to the schedule, and one that waits
for the bot's own limit stays here and asks again when the next permit is free. A message that we fail to word or
to send by a mistake of ours counts as refused, so that it is set aside in the end and the others get theirs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import structlog

from bot.errors import StoreUnavailable
from bot.model import Address, Chat, LogEntry, Message, Outcome, Position, Refused
from bot.roles.consequences import Finished
from bot.roles.hands import Hands
from bot.roles.leases import Leases
from bot.roles.outage import Outage
from bot.roles.settler import Settler
from bot.roles.verdicts import Verdict, put_off
from bot.store.log_tail import LogTail
from bot.store.outbox import DueChat, Outbox
from bot.store.schedule import Claim
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

IDLE_S = 0.25

Send = Callable[[Address, Message], Awaitable[Outcome]]


class Writer(Protocol):
    """Words what a chat is owed (:class:`handlers.push.PushWriter`)."""

    def stories(self, chat: Chat, owed: list[LogEntry]) -> Message | None:
        """One message, or None if there is nothing to say."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A message with leave to be sent."""

    due: DueChat
    message: Message
    finish: Callable[..., Finished]


class Delivery:
    """What one sender process does all day."""

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
        self._hands = Hands(self._deliver, max_in_flight)
        self._waiting: dict[str, Claim] = {}
        self._expected = 1
        """How many permits the next round may find: claims are not made for more."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Deliver until told to stop, then wait for the sends in flight and give back what was only claimed."""
        outage = Outage("deliveries")
        no_more = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hands.run(no_more))
            while not stopping.is_set():
                try:
                    await self._round(stopping)
                    outage.over()
                except StoreUnavailable as error:
                    await outage.wait(error, stopping)
            no_more.set()
            for claim in self._waiting.values():
                self._settler.let_go(claim, put_off(claim, 0))

    async def _round(self, stopping: asyncio.Event) -> None:
        room = self._hands.room()
        if room <= 0:
            await self._hands.wanted(IDLE_S)
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
            del self._waiting[due.claim.member]
            self._hands.put(_Ready(due, message, finish))
            return True
        elif due.permit.chat_limited:
            self._let_go(due.claim, put_off(due.claim, due.permit.wait_s))
        return False

    def _let_go(self, claim: Claim, verdict: Verdict) -> None:
        del self._waiting[claim.member]
        self._settler.let_go(claim, verdict)

    async def _deliver(self, ready: _Ready) -> None:
        """Send, unless the lease is too old: then the chat is due again when it runs out."""
        member = ready.due.claim.member
        if not self._leases.safe(member):
            self._leases.release(member)
            return
        try:
            outcome = await self._send(ready.due.address, ready.message)
        except Exception as error:
            log.exception("a message could not be sent")
            outcome = Refused(f"cannot be sent: {type(error).__name__}")
        self._settler.finished(ready.finish(outcome=outcome))
