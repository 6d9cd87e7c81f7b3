"""The worker: polls each source when it is due, and appends what is new to the log.

Any number of workers share one schedule; a source is in one worker's hands at a time. A source that fails is
tried again with back-off and never delays another. What was appended is settled afterwards: a crash in between
costs one more poll, whose articles are known already.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

import structlog

from bot.errors import FetchError, SourceError, StoreUnavailable
from bot.metering import NO_METER, Meter
from bot.roles.held_source import LEASE_S, held
from bot.roles.hubs import Hubs
from bot.roles.news_desk import NewsDesk, TakenIn
from bot.roles.outage import Outage
from bot.roles.rates_desk import RatesDesk
from bot.roles.source_record import (
    Answer,
    Source,
    address_of,
    after_end,
    after_failure,
    after_success,
    back_off_s,
    habits_of,
    left_today,
    result_of,
    validators_for,
)
from bot.sources.fetching import Fetcher
from bot.sources.polling import Ended, NewsRead, RatesRead, poll_news, poll_rates
from bot.sources.sources_file import NewsSource, Sources
from bot.store.schedule import Claim, Schedule, Settlement
from bot.store.source_states import SourceState, SourceStates
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

POLLS_AT_ONCE = 128
"""Most of them wait: for a slow server, or for their turn at a host that carries many sources."""
LOOK_EVERY_S = 0.5
OLDER_PAGES = 2
"""How far back the first fill of a source goes, where its format has pages."""
LOOK_AFTER_THE_DEAD_S = 30 * 86400.0
"""A source that has ended stays in the schedule, so that operators see it; nobody asks it any more."""


class Worker:
    """One worker process."""

    def __init__(
        self,
        sources: Sources,
        fetcher: Fetcher,
        news: NewsDesk,
        rates: RatesDesk,
        states: SourceStates,
        schedule: Schedule,
        now: Callable[[], datetime],
        meter: Meter = NO_METER,
        hubs: Hubs | None = None,
        lease_s: float = LEASE_S,
    ) -> None:
        everything: tuple[Source, ...] = (*sources.news, *sources.rates)
        self._sources: Mapping[str, Source] = {source.name: source for source in everything}
        self._fetcher = fetcher
        self._news = news
        self._rates = rates
        self._states = states
        self._schedule = schedule
        self._now = now
        self._meter = meter
        self._hubs = hubs
        self._lease_s = lease_s

    async def run(self, stopping: asyncio.Event) -> None:
        """Poll until told to stop; polls in hand then are finished, or given up when this is cancelled."""
        polls: set[asyncio.Task[None]] = set()
        try:
            await self._poll_what_is_due(polls, stopping)
            if polls:
                await asyncio.wait(polls)
        finally:
            for poll in polls:
                poll.cancel()

    async def _poll_what_is_due(self, polls: set[asyncio.Task[None]], stopping: asyncio.Event) -> None:
        outage = Outage("polling")
        enrolled = False
        while not stopping.is_set():
            try:
                if not enrolled:
                    await self._enrol()
                    enrolled = True
                free = POLLS_AT_ONCE - len(polls)
                claimed = (await self._schedule.claim(free, self._lease_s)).claims if free else ()
                outage.over()
            except StoreUnavailable as error:
                await outage.wait(error, stopping)
                continue
            for claim in claimed:
                poll = asyncio.create_task(self._poll(claim, stopping), name=f"poll {claim.member}")
                polls.add(poll)
                poll.add_done_callback(polls.discard)
            await pause(stopping, LOOK_EVERY_S)

    async def _enrol(self) -> None:
        """Put every source of the file into the schedule, and take out those that left the file."""
        scheduled = await self._schedule.members()
        states = await self._states.get_many(list(self._sources))
        fresh = [
            name
            for (name, source), state in zip(self._sources.items(), states, strict=True)
            if name not in scheduled or (state.ended and state.url != source.url)
        ]
        await self._schedule.wake(fresh)
        await self._schedule.remove(sorted(scheduled - self._sources.keys()))

    async def _poll(self, claim: Claim, stopping: asyncio.Event) -> None:
        """Poll one source, store what it has, settle when it is due next."""
        source = self._sources.get(claim.member)
        if source is None:
            await self._schedule.remove([claim.member])
            return
        async with held(self._schedule, claim, self._lease_s) as current:
            settlement = await self._polled(source, claim)
        await self._settle(settlement._replace(token=current.claim.token), stopping)

    async def _polled(self, source: Source, claim: Claim) -> Settlement:
        """How a poll of a source went, whatever came of it."""
        try:
            return Settlement(claim.member, claim.token, await self._poll_source(source, claim.attempts))
        except StoreUnavailable:
            # Nothing to undo: what was stored is known, and the next poll stores the rest.
            return Settlement(claim.member, claim.token, due_in_s=0, attempts=claim.attempts)
        except Exception as error:
            # If it is no SourceError, it is a mistake of ours that this page brought to light: the other sources must
            # not pay for it.
            return await self._failed(source, claim, error)

    async def _settle(self, settlement: Settlement, stopping: asyncio.Event) -> None:
        """Try until Redis takes it, or until we are told to stop: then the lease runs out by itself."""
        outage = Outage(f"settling {settlement.member}")
        while True:
            try:
                await self._schedule.settle([settlement])
            except StoreUnavailable as error:
                await outage.wait(error, stopping)
                if stopping.is_set():
                    return
            else:
                outage.over()
                return

    async def _poll_source(self, source: Source, attempts: int) -> float:
        """Poll and store; when to poll again. Raises SourceError, StoreUnavailable."""
        state = await self._state(source)
        if state.ended:
            return LOOK_AFTER_THE_DEAD_S
        asked = source.model_copy(update={"url": address_of(source, state, attempts)})
        answer, took_s = await self._ask_and_tell(source, asked, state)
        if isinstance(answer, Ended):
            return await self._ended(source, asked, state)
        taken = await self._take_in(source, answer, state)
        if attempts:
            log.info("source works again", source=source.name, failed=attempts)
        after = after_success(state, source, asked.url, answer, taken, now=self._now(), took_s=took_s)
        await self._states.put(source.name, after)
        if after.last_error and after.last_error != state.last_error:
            log.warning("source failed", source=source.name, cause=after.last_error)
        return answer.next_after_s

    async def _state(self, source: Source) -> SourceState:
        """What is remembered of it; nothing, if that was about another address."""
        state = await self._states.get(source.name)
        return state if state.url == source.url else SourceState(url=source.url)

    async def _take_in(self, source: Source, answer: Answer, state: SourceState) -> TakenIn:
        """Store what it says."""
        if isinstance(answer, RatesRead):
            await self._rates.take_in(source.name, source.format, source.attribution, answer.quotes)
        if not (isinstance(answer, NewsRead) and isinstance(source, NewsSource)):
            if self._hubs:
                await self._hubs.renew(source.name)
            return TakenIn()
        most_new = left_today(state, self._now())
        taken = await self._news.take_in(source, answer.entries, filled=state.filled, most_new=most_new)
        for article in taken.new:
            self._meter.stored(source.name, article.topics)
        if answer.hub and self._hubs:
            await self._hubs.keep(source.name, answer.hub)
        return taken

    async def _ended(self, source: Source, asked: Source, state: SourceState) -> float:
        """It was taken down. Where it had moved to, that may only mean that it moved back: ask there first."""
        if asked.url != source.url:
            await self._states.put(source.name, SourceState(url=source.url, filled=state.filled))
            return source.every_s
        log.warning("source has ended", source=source.name)
        await self._states.put(source.name, after_end(state))
        return LOOK_AFTER_THE_DEAD_S

    async def _ask_and_tell(
        self, source: Source, asked: Source, state: SourceState
    ) -> tuple[Answer | Ended, float]:
        """The answer, and how many seconds it took. Raises SourceError."""
        asked_s = time.monotonic()
        result = "failed"
        try:
            answer = await self._ask(source, asked, state)
            result = result_of(answer)
        finally:
            took_s = time.monotonic() - asked_s
            self._meter.polled(source.name, result, took_s)
        return answer, took_s

    async def _ask(self, source: Source, asked: Source, state: SourceState) -> Answer | Ended:
        validators, habits = validators_for(asked.url, source, state), habits_of(state)
        if isinstance(asked, NewsSource):
            older = 0 if state.filled else OLDER_PAGES
            return await poll_news(
                asked, self._fetcher, validators, self._now(), older_pages=older, habits=habits
            )
        return await poll_rates(asked, self._fetcher, validators, self._now(), habits=habits)

    async def _failed(self, source: Source, claim: Claim, error: Exception) -> Settlement:
        """Count it, remember why, and say it, unless the same was said after the poll before."""
        asked_for_s = error.retry_after_s if isinstance(error, FetchError) else None
        wait_s = back_off_s(claim.attempts, source.every_s, retry_after_s=asked_for_s)
        ours = not isinstance(error, SourceError)
        cause, known = repr(error) if ours else str(error), ""
        with suppress(StoreUnavailable):
            state = await self._state(source)
            after = after_failure(state, cause)
            known = state.last_error if after.last_error == state.last_error else ""
            await self._states.put(source.name, after)
        if known:
            log.debug("source still fails", source=source.name, cause=cause, next_poll_in_s=round(wait_s))
        elif ours:
            log.error("reading a source went wrong", source=source.name, cause=cause, exc_info=error)
        else:
            log.warning("source failed", source=source.name, cause=cause, next_poll_in_s=round(wait_s))
        return Settlement(
            claim.member, claim.token, wait_s, hold=asked_for_s is not None, attempts=claim.attempts + 1
        )
