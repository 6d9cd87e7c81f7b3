"""The worker: polls each source when it is due, and appends what is new to the log.

Any number of workers share one schedule; a source is in one worker's hands at a time. A source that fails is
tried again with back-off and never delays another. What was appended is settled afterwards: a crash in between
costs one more poll, whose articles are known already.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import structlog

from bot.errors import FormatError, SourceError, StoreUnavailable
from bot.metering import NO_METER, Meter
from bot.roles.held_source import LEASE_S, held
from bot.roles.hubs import Hubs
from bot.roles.news_desk import NewsDesk
from bot.roles.outage import Outage
from bot.roles.rates_desk import RatesDesk
from bot.sources.fetching import Fetcher, Validators
from bot.sources.polling import Ended, NewsRead, RatesRead, Unchanged, poll_news, poll_rates
from bot.sources.sources_file import NewsSource, RatesSource, Sources
from bot.store.schedule import Claim, Schedule, Settlement
from bot.store.source_states import SourceState, SourceStates
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

POLLS_AT_ONCE = 16
LOOK_EVERY_S = 0.5
LONGEST_BACK_OFF_S = 3600.0
OLDER_PAGES = 2
"""How far back the first fill of a source goes, where its format has pages."""
PATIENCE = 3
"""So often a source may fail at the address to which it said it had moved; then the configured one is asked too."""
LONGEST_ERROR = 300

Source = NewsSource | RatesSource


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

    async def run(self, stopping: asyncio.Event) -> None:
        """Poll until told to stop; polls in hand then are finished."""
        outage = Outage("polling")
        enrolled = False
        polls: set[asyncio.Task[None]] = set()
        while not stopping.is_set():
            try:
                if not enrolled:
                    await self._enrol()
                    enrolled = True
                free = POLLS_AT_ONCE - len(polls)
                claimed = (await self._schedule.claim(free, LEASE_S)).claims if free else ()
                outage.over()
            except StoreUnavailable as error:
                await outage.wait(error, stopping)
                continue
            for claim in claimed:
                poll = asyncio.create_task(self._poll(claim, stopping), name=f"poll {claim.member}")
                polls.add(poll)
                poll.add_done_callback(polls.discard)
            await pause(stopping, LOOK_EVERY_S)
        if polls:
            await asyncio.wait(polls)

    async def _enrol(self) -> None:
        """Put every source of the file into the schedule, and take out those that left the file."""
        scheduled = await self._schedule.members()
        fresh = []
        for name, source in self._sources.items():
            state = await self._states.get(name)
            if name not in scheduled and not (state.ended and state.url == source.url):
                fresh.append(name)
        await self._schedule.wake(fresh)
        await self._schedule.remove(sorted(scheduled - self._sources.keys()))

    async def _poll(self, claim: Claim, stopping: asyncio.Event) -> None:
        """Poll one source, store what it has, settle when it is due next."""
        source = self._sources.get(claim.member)
        if source is None:
            await self._schedule.remove([claim.member])
            return
        async with held(self._schedule, claim) as current:
            settlement = await self._polled(source, claim)
        await self._settle(settlement._replace(token=current.claim.token), stopping)

    async def _polled(self, source: Source, claim: Claim) -> Settlement:
        """How a poll of a source went, whatever came of it."""
        try:
            due_in_s = await self._poll_source(source, claim.attempts)
            return Settlement(claim.member, claim.token, due_in_s)
        except SourceError as error:
            return await self._failed(source, claim, error)
        except StoreUnavailable:
            # Nothing to undo: what was stored is known, and the next poll stores the rest.
            return Settlement(claim.member, claim.token, due_in_s=0, attempts=claim.attempts)
        except Exception as error:
            # A mistake of ours that this page brought to light: the other sources must not pay for it.
            log.exception("reading a source went wrong", source=source.name)
            return await self._failed(source, claim, FormatError(repr(error)))

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

    async def _poll_source(self, source: Source, attempts: int) -> float | None:
        """Poll and store; when to poll again (None: never). Raises SourceError, StoreUnavailable."""
        state = await self._states.get(source.name)
        if state.url != source.url:
            state = SourceState(url=source.url)
        asked = source.model_copy(update={"url": _address(source, state, attempts)})
        answer, took_s = await self._ask_and_tell(asked, state)
        stories = 0
        if isinstance(answer, Ended):
            log.warning("source has ended", source=source.name)
            await self._states.put(source.name, replace(state, ended=True, last_error="gone for good (410)"))
            return None
        if isinstance(answer, NewsRead) and isinstance(source, NewsSource):
            taken = await self._news.take_in(source, answer.entries, filled=state.filled)
            for article in taken.new:
                self._meter.stored(source.name, article.topics)
            stories = len(taken.new)
            if answer.hub and self._hubs:
                await self._hubs.keep(source.name, answer.hub)
        elif isinstance(answer, RatesRead):
            await self._rates.take_in(source.name, source.format, source.attribution, answer.quotes)
        if attempts:
            log.info("source works again", source=source.name, failed=attempts)
        moved_to = answer.moved_to or (asked.url if asked.url != source.url else "")
        await self._states.put(
            source.name, self._after(replace(state, moved_to=moved_to), answer, took_s, stories)
        )
        return answer.next_after_s

    async def _ask_and_tell(
        self, source: Source, state: SourceState
    ) -> tuple[NewsRead | RatesRead | Unchanged | Ended, float]:
        """The answer, and how many seconds it took. Raises SourceError."""
        asked_s = time.monotonic()
        result = "failed"
        try:
            answer = await self._ask(source, state)
            result = _result(answer)
        finally:
            took_s = time.monotonic() - asked_s
            self._meter.polled(source.name, result, took_s)
        return answer, took_s

    async def _ask(self, source: Source, state: SourceState) -> NewsRead | RatesRead | Unchanged | Ended:
        validators = Validators(state.etag or None, state.last_modified or None)
        if isinstance(source, NewsSource):
            older = 0 if state.filled else OLDER_PAGES
            return await poll_news(source, self._fetcher, validators, self._now(), older_pages=older)
        return await poll_rates(source, self._fetcher, validators, self._now())

    def _after(
        self, state: SourceState, answer: NewsRead | RatesRead | Unchanged, took_s: float, stories: int
    ) -> SourceState:
        return replace(
            state,
            etag=answer.validators.etag or "",
            last_modified=answer.validators.last_modified or "",
            filled=True,
            last_success=self._now(),
            last_error="",
            items=_items(answer) or state.items,
            took_s=took_s,
            polls=state.polls + 1,
            stories=state.stories + stories,
        )

    async def _failed(self, source: Source, claim: Claim, error: SourceError) -> Settlement:
        wait_s = back_off_s(
            claim.attempts, source.every_s, retry_after_s=getattr(error, "retry_after_s", None)
        )
        log.warning("source failed", source=source.name, cause=str(error), next_poll_in_s=round(wait_s))
        with suppress(StoreUnavailable):
            state = await self._states.get(source.name)
            await self._states.put(
                source.name,
                replace(
                    state,
                    last_error=str(error)[:LONGEST_ERROR],
                    polls=state.polls + 1,
                    failures=state.failures + 1,
                ),
            )
        return Settlement(claim.member, claim.token, wait_s, attempts=claim.attempts + 1)


def _address(source: Source, state: SourceState, attempts: int) -> str:
    """Where to ask: where the source has moved, but every other time at the old address once that keeps failing."""
    if not state.moved_to or (attempts >= PATIENCE and attempts % 2):
        return source.url
    return state.moved_to


def _result(answer: NewsRead | RatesRead | Unchanged | Ended) -> str:
    match answer:
        case NewsRead():
            return "news"
        case RatesRead():
            return "rates"
        case Unchanged():
            return "unchanged"
        case Ended():
            return "ended"


def _items(answer: NewsRead | RatesRead | Unchanged) -> int:
    match answer:
        case NewsRead(entries=entries):
            return len(entries)
        case RatesRead(quotes=quotes):
            return len(quotes)
        case _:
            return 0


def back_off_s(attempts: int, every_s: float, retry_after_s: float | None = None) -> float:
    """How long to leave a source alone after it failed once more: twice as long each time, at most an hour.

    Up to a fifth is added at random, so that sources that failed together do not come back together. The
    server's own ``Retry-After`` is obeyed where it is longer.
    """
    wait_s = min(every_s * 2.0 ** min(attempts, 20), max(LONGEST_BACK_OFF_S, every_s))
    return max(wait_s * random.uniform(1.0, 1.2), retry_after_s or 0.0)
