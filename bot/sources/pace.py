"""When to poll a source again: never sooner than the operator says, later if the server wishes, later after
errors.

Pure functions of seconds; the worker adds them to its clock.
"""

from __future__ import annotations

LONGEST_S = 6 * 3600.0
"""However seldom a source publishes or wishes to be asked, it is asked four times a day."""

_DOUBLINGS = 10


def after_success_s(every_s: float, *wishes_s: float | None) -> float:
    """The longest of ``every_s`` and the server's wishes (``ttl``, ``max-age``, …); wishes end at 6 h."""
    wish_s = max((wish for wish in wishes_s if wish is not None), default=0.0)
    return max(every_s, min(wish_s, LONGEST_S))


def after_failure_s(every_s: float, failures: int, retry_after_s: float | None, jitter: float) -> float:
    """Exponential back-off: ``every_s``, doubled with each failure, up to 6 h; a Retry-After is obeyed in
    full.

    ``failures`` counts this one; ``jitter`` (0 to 1) spreads sources that failed together over the next
    quarter.
    """
    doubled = every_s * 2.0 ** min(max(failures - 1, 0), _DOUBLINGS)
    backoff_s = max(every_s, min(doubled, LONGEST_S)) * (1 + jitter / 4)
    return max(backoff_s, retry_after_s or 0.0)
