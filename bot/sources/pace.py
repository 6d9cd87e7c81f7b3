"""When to poll a source again: never sooner than the operator says, later if the server wishes or rarely has news.

Pure functions of seconds and times; the worker adds them to its clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

LONGEST_S = 6 * 3600.0
"""However seldom a source publishes or wishes to be asked, it is asked four times a day."""

_PATIENCE = 4  # a quiet source is asked up to so many times less often than the operator allows
_HURRY_S = 60.0  # who asks to poll every few seconds means it
_REMEMBERED = timedelta(days=14)
_BUSY_WITHIN_H = 1


def after_success_s(every_s: float, *wishes_s: float | None) -> float:
    """The longest of ``every_s`` and the server's wishes (``ttl``, ``max-age``, …); wishes end at 6 h."""
    wish_s = max((wish for wish in wishes_s if wish is not None), default=0.0)
    return max(every_s, min(wish_s, LONGEST_S))


def adapted_s(every_s: float, published: Iterable[datetime | None], now: datetime) -> float:
    """How long to leave a source alone, judged by when it published lately.

    In the hours of the day in which it usually publishes: ``every_s``. In the others: a quarter of its usual gap
    between two stories, at most four times ``every_s`` and 6 h. A source that publishes often is asked often.
    """
    times = sorted(time for time in published if time is not None and now - _REMEMBERED <= time <= now)
    if every_s < _HURRY_S or len(times) < 2:
        return every_s
    busy = {
        (time.hour + shift) % 24 for time in times for shift in range(-_BUSY_WITHIN_H, _BUSY_WITHIN_H + 1)
    }
    if now.hour in busy:
        return every_s
    usual_gap_s = (times[-1] - times[0]).total_seconds() / (len(times) - 1)
    return max(every_s, min(usual_gap_s / 4, _PATIENCE * every_s, LONGEST_S))
