"""Settling in batches: every outcome is written down within 20 ms, many in one round trip.

The delivery loop hands over each finished send; this loop moves cursors, ends leases, and has done first what an
outcome asks for besides (:mod:`bot.roles.consequences`). What is sent and not written down comes twice if this
process is killed at that moment, so batches are small, too. If Redis is away it keeps everything and tries again:
the sends have happened, so their cursors must not be forgotten while this process lives.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import NamedTuple

import structlog

from bot.errors import StoreUnavailable
from bot.model import Gone, Later, Sent
from bot.roles.consequences import Consequences, Finished
from bot.roles.leases import Leases
from bot.roles.outage import Outage
from bot.roles.verdicts import Verdict, judge
from bot.store.outbox import Outbox, Served
from bot.store.schedule import Claim, Settlement
from bot.store.set_aside import pseudonym
from bot.waiting import pause_for_news

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

GATHER_S = 0.01
MOST_GATHERED = 32
"""So many outcomes are written down at once, without waiting for more."""

IDLE_S = 0.25


class _Ending(NamedTuple):
    """A chat to let go, as the verdict says. Its token is looked up when it is settled: leases are renewed."""

    claim: Claim
    verdict: Verdict


class Settler:
    """Collects what the delivery loop finished, and writes it down."""

    def __init__(self, outbox: Outbox, leases: Leases, consequences: Consequences) -> None:
        self._outbox = outbox
        self._leases = leases
        self._consequences = consequences
        self._endings: list[_Ending] = []
        self._finished: list[Finished] = []
        self._news = asyncio.Event()
        self._enough = asyncio.Event()
        self.counts: Counter[str] = Counter()

    def finished(self, finished: Finished) -> None:
        """Take over the result of one send."""
        verdict = judge(finished.outcome, finished.service, finished.due.claim)
        self.counts["set aside" if verdict.set_aside else type(finished.outcome).__name__.lower()] += 1
        _say(finished, verdict)
        self._finished.append(finished)
        self.let_go(finished.due.claim, verdict)

    def let_go(self, claim: Claim, verdict: Verdict) -> None:
        """Settle a chat, sent to or not."""
        self._endings.append(_Ending(claim, verdict))
        self._news.set()
        if len(self._endings) >= MOST_GATHERED:
            self._enough.set()

    async def run(self, no_more: asyncio.Event) -> None:
        """Settle until ``no_more`` is set and everything is written down."""
        outage = Outage("outcomes")
        while self._endings or not no_more.is_set():
            if not self._endings:
                await pause_for_news(self._news, IDLE_S)
                continue
            await pause_for_news(self._enough, GATHER_S)
            try:
                await self._settle()
                outage.over()
            except StoreUnavailable as error:
                await outage.wait(error, asyncio.Event())

    async def _settle(self) -> None:
        finished, endings = self._finished[:], self._endings[:]
        await self._consequences.carry_out(finished)
        async with self._leases.still:
            await self._outbox.settle([self._served(ending) for ending in endings])
        del self._finished[: len(finished)]
        del self._endings[: len(endings)]
        for ending in endings:
            self._leases.release(ending.claim.member)

    def _served(self, ending: _Ending) -> Served:
        claim, verdict = ending.claim, ending.verdict
        token = self._leases.token(claim)
        settlement = Settlement(
            claim.member, token, verdict.due_in_s, verdict.hold, verdict.attempts, verdict.refusals
        )
        return Served(verdict.cursor, settlement, verdict.briefed)


def _say(finished: Finished, verdict: Verdict) -> None:
    if isinstance(finished.outcome, Sent):
        return
    chat = pseudonym(finished.due.address)
    if verdict.set_aside:
        log.error("message set aside", chat=chat, cause=verdict.set_aside, stories=finished.article_ids)
    elif isinstance(finished.outcome, Gone):
        log.info("chat gone", chat=chat, cause=finished.outcome.cause)
    elif isinstance(finished.outcome, Later):
        log.info("message put off", chat=chat, cause=finished.outcome.cause, after_s=verdict.due_in_s)
