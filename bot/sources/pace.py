"""When to poll a source again: never sooner than the operator says, later if the server wishes or rarely has news.

Pure functions of seconds and times. What a page says of its source's habits (:class:`Habits`) outlives the page: most
polls are answered with 304, which says nothing, and the worker may have been started a minute ago.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.sources.http_headers import LONGEST_WISH_S

LONGEST_S = 6 * 3600.0
"""However seldom a source publishes, it is asked four times a day."""

MOST_TIMES = 64
_HURRY_S = 60.0  # who asks to poll every few seconds means it
_LATELY = timedelta(days=14)
_BUSY_WITHIN_H = 1


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of a source: when it published lately, oldest first, and how seldom it wants to be asked.

    ``ttl_s`` is the feed's own wish, ``fresh_s`` that of the headers, which holds until they say otherwise.
    """

    published: tuple[datetime, ...] = ()
    ttl_s: float | None = None
    fresh_s: float | None = None

    def due_in_s(self, every_s: float, now: datetime) -> float:
        """The seconds until the next poll."""
        return after_success_s(adapted_s(every_s, self.published, now), self.ttl_s, self.fresh_s)


UNKNOWN = Habits()
"""Those of a source that was not read yet."""


def learned(
    known: Sequence[datetime], published: Iterable[datetime | None], now: datetime
) -> tuple[datetime, ...]:
    """The times at which a source published in the last two weeks (the newest, however old), by the minute.

    What comes within a minute came at once. At most 64 are kept, the latest.
    """
    told = _past(published, now)
    times = sorted({*known, *(time.replace(second=0, microsecond=0) for time in told)})
    lately = [time for time in times if now - time <= _LATELY]
    return tuple(lately[-MOST_TIMES:] or times[-1:])


def after_success_s(every_s: float, *wishes_s: float | None) -> float:
    """The longest of ``every_s`` and the server's wishes (``ttl``, ``max-age``, …); wishes end at a day."""
    wish_s = max((wish for wish in wishes_s if wish is not None), default=0.0)
    return max(every_s, min(wish_s, LONGEST_WISH_S))


def adapted_s(every_s: float, published: Iterable[datetime | None], now: datetime) -> float:
    """How long to leave a source alone, judged by when it published lately.

    In the hours of the day in which it usually publishes: ``every_s``. In the others: a quarter of its usual gap
    between two stories, at most 6 h and never past the beginning of the next busy hour. A source that was silent for
    two weeks is asked every 6 h; one that never told a time, as often as the operator says.
    """
    times = _past(published, now)
    if every_s < _HURRY_S or not times:
        return every_s
    lately = [time for time in times if now - time <= _LATELY]
    if not lately:
        return max(every_s, LONGEST_S)
    now = now.astimezone(UTC)
    busy = {
        (time.hour + shift) % 24 for time in lately for shift in range(-_BUSY_WITHIN_H, _BUSY_WITHIN_H + 1)
    }
    if now.hour in busy:
        return every_s
    gaps = len(lately) - 1
    usual_gap_s = ((lately[-1] if gaps else now) - lately[0]).total_seconds() / max(1, gaps)
    return max(every_s, min(usual_gap_s / 4, _until_busy_s(busy, now), LONGEST_S))


def _past(published: Iterable[datetime | None], now: datetime) -> list[datetime]:
    """What was published by now, in order; hours of the day are compared, so all are in UTC."""
    return sorted(time.astimezone(UTC) for time in published if time is not None and time <= now)


def _until_busy_s(busy: set[int], now: datetime) -> float:
    """The seconds to the first full hour in which news is to be expected."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    hours = next(hours for hours in range(1, 25) if (now.hour + hours) % 24 in busy)
    return (hour + timedelta(hours=hours) - now).total_seconds()
