"""Delivery: claim due chats with permits, word what they are owed, send many at once, hand over the outcomes.

One loop keeps ``max_in_flight`` hands busy (:mod:`bot.roles.hands`). A batch costs four round trips, whatever
its size (:mod:`bot.store.outbox`); a chat that the limiter puts off goes back to the schedule, and one that waits
for the bot's own limit stays here and asks again when the next permit is free. A message that we fail to word or
to send by a mistake of ours counts as refused, so that it is set aside in the end and the others get theirs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple, Protocol

import structlog

from bot.errors import StoreUnavailable
from bot.model import Chat, LogEntry, Message, Outcome, Position, Refused, Send
from bot.roles.agenda import NOTHING_ON, Agenda, agenda
from bot.roles.consequences import Finished
from bot.roles.hands import Hands
from bot.roles.leases import Leases
from bot.roles.outage import Outage
from bot.roles.portions import is_announcement, owed_tags, portion
from bot.roles.punctuality import Punctuality
from bot.roles.settler import Settler
from bot.roles.verdicts import Service, Verdict, done, put_off
from bot.store.log_tail import LogTail
from bot.store.outbox import DueChat, Outbox
from bot.store.recent import Recent
from bot.store.schedule import Claim
from bot.store.set_aside import pseudonym
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

IDLE_S = 0.25

UNREADABLE_PAUSE_S = 3600.0
"""Another version of this program may be able to read the chat by then."""

UNSPEAKABLE = Message("")
"""Stands for a message that we failed to word; it counts as refused."""


class Writer(Protocol):
    """Words what a chat is owed (:class:`handlers.push.PushWriter`). None: there is nothing to say."""

    def stories(self, chat: Chat, owed: Sequence[LogEntry]) -> Message | None:
        """One message with everything that is owed."""

    def briefing(self, chat: Chat, since: datetime, recent: Recent, now: datetime) -> Message | None:
        """The briefing of now, with what came out after ``since``."""


class _Worded(NamedTuple):
    """What a chat gets now (None: nothing), what that does for it, and which stories are in it."""

    due: DueChat
    message: Message | None
    service: Service
    article_ids: tuple[str, ...] = ()

    def finished(self, outcome: Outcome) -> Finished:
        return Finished(self.due, outcome, self.service, self.article_ids)


class _Permitted(NamedTuple):
    """A message that may be sent, and what to call when it leaves: how late that is may matter."""

    worded: _Worded
    leaving: Callable[[], None] | None


class Delivery:
    """What one sender process does all day."""

    def __init__(
        self,
        outbox: Outbox,
        tail: LogTail,
        leases: Leases,
        settler: Settler,
        recent: Recent,
        writer: Writer,
        send: Send,
        max_in_flight: int,
    ) -> None:
        self._outbox = outbox
        self._tail = tail
        self._leases = leases
        self._settler = settler
        self._recent = recent
        self._writer = writer
        self._send = send
        self._hands = Hands(self._deliver, max_in_flight)
        self._punctuality = Punctuality(outbox)
        self._waiting: dict[str, Claim] = {}
        self._expected = 1
        """How many permits the next round may find: claims are not made for more."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Deliver until told to stop, then wait for the sends in flight and give back what was only claimed."""
        outage = Outage("deliveries")
        no_more = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hands.run(no_more))
            group.create_task(self._punctuality.run(no_more))
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
        worded = await self._word_all(list(self._waiting.values())[:room])
        if worded:
            await self._send_permitted(worded, stopping)
        else:
            # Looking takes no permits, so take more of those who are only to be looked at.
            self._expected = min(2 * self._expected, room)

    async def _word_all(self, claims: Sequence[Claim]) -> list[_Worded]:
        """Read these chats and word what each gets; those that get nothing now are let go."""
        prepared = await self._outbox.prepare(claims)
        if self._tail.behind:
            await self._tail.refresh()
        plans = [
            (due, agenda(due.chat, due.briefed, prepared.now) if due.chat else NOTHING_ON)
            for due in prepared.chats
        ]
        if any(plan.briefing for _, plan in plans):
            await self._recent.refresh(prepared.now)
        owed = [await self._owed(due, prepared.now) for due in prepared.chats]
        await self._tail.load({position for positions in owed for position in positions})
        judged = (
            self._judge(due, plan, self._tail.entries(positions), prepared.now)
            for (due, plan), positions in zip(plans, owed, strict=True)
        )
        return [worded for worded in judged if worded]

    async def _send_permitted(self, worded: Sequence[_Worded], stopping: asyncio.Event) -> None:
        """Start what the limiter lets through; the rest waits here, or in the schedule for its chat's own limit."""
        asked_at = time.monotonic()
        permits = await self._outbox.permits([item.due for item in worded])
        started = 0
        for item, permit in zip(worded, permits.permits, strict=True):
            if permit.granted:
                del self._waiting[item.due.claim.member]
                chat_id = item.due.address.chat_id
                leaving = partial(self._punctuality.leaving, chat_id, permits.time_ms, asked_at)
                self._hands.put(_Permitted(item, None if permits.plenty else leaving))
                started += 1
            elif permit.chat_limited:
                self._let_go(item.due.claim, put_off(item.due.claim, permit.wait_s))
        self._expected = max(1, permits.free or started)
        if not permits.free:
            await pause(stopping, permits.next_in_s)

    async def _claim(self, limit: int) -> None:
        if limit > 0:
            asked_at = time.monotonic()
            claims = self._leases.take(await self._outbox.claim(limit), asked_at)
            self._waiting.update((claim.member, claim) for claim in claims)

    async def _owed(self, due: DueChat, now: datetime) -> list[Position]:
        if due.chat is None:
            return []
        owed = self._tail.index.owed(owed_tags(due.chat, now), due.cursor)
        announced = self._tail.index.announcements(owed) if due.address.thread_id else set()
        if announced and not await self._outbox.is_first_of_group(due.address):
            return [position for position in owed if position not in announced]
        return owed

    def _judge(self, due: DueChat, plan: Agenda, owed: list[LogEntry], now: datetime) -> _Worded | None:
        """What the chat gets now; None if that is nothing, and then it is let go."""
        if due.unreadable:
            log.error("a chat's settings cannot be read", chat=pseudonym(due.address), cause=due.unreadable)
            self._let_go(due.claim, put_off(due.claim, UNREADABLE_PAUSE_S))
            return None
        if owed and plan.quiet_s and not plan.briefing:
            # No hold: whoever takes the quiet hours back gets the stories at once.
            self._let_go(due.claim, put_off(due.claim, plan.quiet_s)._replace(hold=False))
            return None
        worded = self._word(due, plan, owed, now)
        if worded.message is None:
            self._let_go(due.claim, done(worded.service))
            return None
        return worded

    def _word(self, due: DueChat, plan: Agenda, owed: list[LogEntry], now: datetime) -> _Worded:
        """The briefing if it is due, else the stories. A mistake of ours is worded as :data:`UNSPEAKABLE`."""
        if due.chat is None:
            return _Worded(due, None, Service(self._tail.position))
        if plan.briefing:
            # The stories that wait come after it, at once.
            service = Service(None, plan.briefing.day, 0.0 if owed else plan.look_again_s)
            word = partial(
                self._writer.briefing, due.chat, plan.briefing.since, self._recent, plan.briefing.at
            )
            articles: tuple[str, ...] = ()
        else:
            now_sent = portion(due.chat, owed)
            service = self._service(now_sent, owed, plan)
            word = partial(self._writer.stories, due.chat, now_sent)
            articles = tuple(entry.article.id for entry in now_sent)
        try:
            return _Worded(due, word(), service, articles)
        except Exception:
            log.exception("a message could not be worded", chat=pseudonym(due.address))
            return _Worded(due, UNSPEAKABLE, service, articles)

    def _service(self, now_sent: Sequence[LogEntry], owed: Sequence[LogEntry], plan: Agenda) -> Service:
        """What sending this part of what is owed does; the chat is due again at once for the rest."""
        whole = len(now_sent) == len(owed)
        return Service(
            cursor=self._tail.position if whole else now_sent[-1].position,
            look_again_s=plan.look_again_s if whole else 0.0,
            announcement=next((e.article.id for e in now_sent if is_announcement(e.article)), None),
        )

    def _let_go(self, claim: Claim, verdict: Verdict) -> None:
        del self._waiting[claim.member]
        self._settler.let_go(claim, verdict)

    async def _deliver(self, permitted: _Permitted) -> None:
        """Send, unless the lease is too old: then the chat is due again when it runs out."""
        worded = permitted.worded
        member = worded.due.claim.member
        if not self._leases.safe(member):
            self._leases.release(member)
            return
        try:
            if worded.message is UNSPEAKABLE or worded.message is None:
                outcome: Outcome = Refused("cannot be worded")
            else:
                outcome = await self._send(worded.due.address, worded.message, permitted.leaving)
        except Exception as error:
            log.exception("a message could not be sent")
            outcome = Refused(f"cannot be sent: {type(error).__name__}")
        self._settler.finished(worded.finished(outcome))
