"""What a poll leaves behind: a source's state after it went well or wrong, and where and when to ask next. Pure.

The worker polls and stores; every decision about what is remembered is here.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

from bot.roles.news_desk import MOST_NEW, TakenIn
from bot.sources.fetching import Validators
from bot.sources.pace import Habits
from bot.sources.polling import BROKEN_OFF, Ended, NewsRead, RatesRead, Unchanged
from bot.sources.sources_file import NewsSource, RatesSource
from bot.store.source_states import SourceState

Source = NewsSource | RatesSource
Answer = NewsRead | RatesRead | Unchanged

LONGEST_BACK_OFF_S = 3600.0
PATIENCE = 3
"""So often a source may fail at the address to which it said it had moved, or break off, before we make do."""
MOST_NEW_A_DAY = 2000
"""Of one source, once it is filled. News agencies stay below; a page that invents stories would fill Redis."""
LONGEST_ERROR = 300
READ_HALF = f"{BROKEN_OFF}; what came was read"
TOO_MUCH = f"told more than {MOST_NEW_A_DAY:,} new stories in a day; the oldest were left out"


def address_of(source: Source, state: SourceState, attempts: int) -> str:
    """Where to ask: where the source has moved, but every other time at the old address once that keeps failing."""
    if not state.moved_to or (attempts >= PATIENCE and attempts % 2):
        return source.url
    return state.moved_to


def validators_for(address: str, source: Source, state: SourceState) -> Validators:
    """What makes the request conditional; what one address said means nothing at another."""
    if address != (state.moved_to or source.url):
        return Validators()
    return Validators(state.etag or None, state.last_modified or None)


def habits_of(state: SourceState) -> Habits:
    """What was learned of a source's times."""
    return Habits(state.published, state.ttl_s, state.fresh_s)


def left_today(state: SourceState, now: datetime) -> int:
    """How many new stories of the source are still believed today; the first fill may be large."""
    if not state.filled:
        return MOST_NEW
    return max(0, MOST_NEW_A_DAY - _new_today(state, now))


def after_success(
    state: SourceState,
    source: Source,
    asked: str,
    answer: Answer,
    taken: TakenIn,
    *,
    now: datetime,
    took_s: float,
) -> SourceState:
    """The state after an answer from the address ``asked``, of which so much was ``taken`` in.

    A page that broke off, or holds far too much, is read and a failure: its source goes on, and operators see that
    something is wrong.
    """
    is_half = isinstance(answer, NewsRead) and not answer.whole
    trouble = READ_HALF if is_half else TOO_MUCH if taken.left_out else ""
    stories = len(taken.new)
    return replace(
        state,
        moved_to=answer.moved_to or (asked if asked != source.url else ""),
        etag=answer.validators.etag or "",
        last_modified=answer.validators.last_modified or "",
        filled=state.filled or _fills(state, answer),
        last_success=now,
        last_error=trouble,
        failures=state.failures + bool(trouble),
        items=_items(answer) or state.items,
        took_s=took_s,
        polls=state.polls + 1,
        stories=state.stories + stories,
        day=_day(now),
        new_that_day=_new_today(state, now) + stories if state.filled else 0,
        published=answer.habits.published,
        ttl_s=answer.habits.ttl_s,
        fresh_s=answer.habits.fresh_s,
    )


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _new_today(state: SourceState, now: datetime) -> int:
    return state.new_that_day if state.day == _day(now) else 0


def after_failure(state: SourceState, cause: str) -> SourceState:
    """The state after a poll that failed."""
    return replace(
        state, last_error=cause[:LONGEST_ERROR], polls=state.polls + 1, failures=state.failures + 1
    )


def after_end(state: SourceState) -> SourceState:
    """The state of a source that was taken down (410)."""
    return replace(state, ended=True, last_error="gone for good (410)", polls=state.polls + 1)


def result_of(answer: Answer | Ended) -> str:
    """What the meters call it."""
    match answer:
        case NewsRead():
            return "news"
        case RatesRead():
            return "rates"
        case Unchanged():
            return "unchanged"
        case Ended():
            return "ended"


def back_off_s(attempts: int, every_s: float, retry_after_s: float | None = None) -> float:
    """How long to leave a source alone after it failed once more: twice as long each time, at most an hour.

    Up to a fifth is added at random, so that sources that failed together do not come back together. The
    server's own ``Retry-After`` is obeyed where it is longer.
    """
    wait_s = min(every_s * 2.0 ** min(attempts, 20), max(LONGEST_BACK_OFF_S, every_s))
    return max(wait_s * random.uniform(1.0, 1.2), retry_after_s or 0.0)


def _fills(state: SourceState, answer: Answer) -> bool:
    """Whether from now on what is new is pushed. The rest of a page that broke off is not new when it comes later."""
    if isinstance(answer, Unchanged):
        return False
    return not isinstance(answer, NewsRead) or answer.whole or state.polls >= PATIENCE


def _items(answer: Answer) -> int:
    match answer:
        case NewsRead(entries=entries):
            return len(entries)
        case RatesRead(quotes=quotes):
            return len(quotes)
        case _:
            return 0
