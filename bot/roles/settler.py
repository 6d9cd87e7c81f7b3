"""Settling in batches: every outcome is written down within 20 ms, many in one round trip.

The delivery loop hands over each finished send; this loop moves cursors, ends leases, and does what an outcome
asks for besides (a chat that moved or is gone, a 429 that holds it). If Redis is away it keeps everything and
tries again: the sends have happened, so their cursors must not be forgotten while this process lives.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.errors import StoreUnavailable
from bot.model import Address, Chat, Gone, Later, Moved, Outcome, Position
from bot.roles.leases import Leases
from bot.roles.outage import Outage
from bot.roles.verdicts import Verdict, judge
from bot.store.chats import Chats
from bot.store.outbox import DueChat, Outbox, Served
from bot.store.rate_limiter import RateLimiter
from bot.store.schedule import Claim, Settlement
from bot.waiting import pause_for_news

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

GATHER_S = 0.01
IDLE_S = 0.25


@dataclass(frozen=True, slots=True)
class Finished:
    """A send that is over."""

    due: DueChat
    outcome: Outcome
    served_to: Position


class Settler:
    """Collects what the delivery loop finished, and writes it down."""

    def __init__(
        self,
        outbox: Outbox,
        chats: Chats,
        limiter: RateLimiter,
        leases: Leases,
        now: Callable[[], datetime],
    ) -> None:
        self._outbox = outbox
        self._chats = chats
        self._limiter = limiter
        self._leases = leases
        self._now = now
        self._waiting: list[Served] = []
        self._errands: list[Finished] = []
        self._news = asyncio.Event()
        self.counts: Counter[str] = Counter()

    def finished(self, finished: Finished) -> None:
        """Take over the result of one send."""
        verdict = judge(finished.outcome, finished.served_to, finished.due.claim.attempts)
        self.counts[type(finished.outcome).__name__.lower()] += 1
        self._say(finished, verdict)
        if isinstance(finished.outcome, Moved | Gone) or (
            isinstance(finished.outcome, Later) and finished.outcome.limited
        ):
            self._errands.append(finished)
        self.let_go(finished.due, verdict)

    def let_go(self, due: DueChat, verdict: Verdict) -> None:
        """Settle a chat without a send: nothing was owed, or it must wait."""
        settlement = Settlement(
            member=due.claim.member,
            token=self._leases.token(due.claim),
            due_in_s=verdict.due_in_s,
            hold=verdict.due_in_s is not None,
            failed=verdict.failed,
        )
        self._waiting.append(Served(due.address, verdict.cursor, settlement))
        self._news.set()

    def give_back(self, claim: Claim) -> None:
        """A chat that was claimed and never looked at is due again at once."""
        settlement = Settlement(claim.member, self._leases.token(claim), due_in_s=0)
        self._waiting.append(Served(Address.parse(claim.member), None, settlement))
        self._news.set()

    async def run(self, no_more: asyncio.Event) -> None:
        """Settle until ``no_more`` is set and everything is written down."""
        outage = Outage("outcomes")
        while self._waiting or self._errands or not no_more.is_set():
            if not self._waiting and not self._errands:
                await pause_for_news(self._news, IDLE_S)
                continue
            await asyncio.sleep(GATHER_S)
            try:
                await self._settle()
                outage.over()
            except StoreUnavailable as error:
                await outage.wait(error, asyncio.Event())

    async def _settle(self) -> None:
        while self._errands:
            await self._run_errand(self._errands[0])
            self._errands.pop(0)
        batch = self._waiting[:]
        await self._outbox.settle(batch)
        del self._waiting[: len(batch)]
        for served in batch:
            self._leases.release(served.settlement.member)

    async def _run_errand(self, finished: Finished) -> None:
        address = finished.due.address
        match finished.outcome:
            case Moved(chat_id=chat_id):
                await self._chats.move(address, chat_id)
            case Later(after_s=after_s):
                await self._limiter.hold(address.chat_id, after_s)
            case Gone() if finished.due.chat is not None:
                gone_since = self._now()

                def gone(chat: Chat, _: Position) -> Chat:
                    return replace(chat, gone_since=chat.gone_since or gone_since)

                await self._chats.update(address, gone, new=finished.due.chat)

    def _say(self, finished: Finished, verdict: Verdict) -> None:
        outcome = finished.outcome
        if verdict.set_aside:
            log.error("message set aside", chat=finished.due.claim.member, cause=verdict.set_aside)
        elif isinstance(outcome, Gone):
            log.info("chat gone", cause=outcome.cause)
        elif isinstance(outcome, Later):
            log.info("message put off", cause=outcome.cause, after_s=verdict.due_in_s)
