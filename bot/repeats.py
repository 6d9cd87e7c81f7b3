"""The log's patience: the same trouble again and again is said a few times a minute, and then counted.

A processor of structlog. "The same" is the same event with the same source and cause; what is not at least a warning
always passes. The first line after a silence says how many were left out (``left_out``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict

SAID = 5
WINDOW_S = 60.0
MOST_REMEMBERED = 1000

LOUD = frozenset({"warning", "warn", "error", "exception", "critical", "fatal"})
SAME = ("event", "logger", "source", "role", "waiting", "cause", "why")


@dataclass(slots=True)
class _Said:
    since_s: float
    times: int = 0
    left_out: int = 0


class Repeats:
    """Drops what was said ``said`` times within ``window_s`` seconds; ``monotonic`` is any clock in seconds."""

    def __init__(
        self, said: int = SAID, window_s: float = WINDOW_S, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._said = said
        self._window_s = window_s
        self._monotonic = monotonic
        self._remembered: dict[tuple[str, ...], _Said] = {}

    def __call__(self, _logger: Any, method: str, event: EventDict) -> EventDict:
        """Pass the event on, or raise DropEvent."""
        if method not in LOUD:
            return event
        same = tuple(str(event.get(name, "")) for name in SAME)
        now_s = self._monotonic()
        said = self._remembered.get(same)
        if said is None or now_s - said.since_s >= self._window_s:
            if said is not None and said.left_out:
                event["left_out"] = said.left_out
            said = self._remember(same, now_s)
        said.times += 1
        if said.times > self._said:
            said.left_out += 1
            raise structlog.DropEvent
        return event

    def _remember(self, same: tuple[str, ...], now_s: float) -> _Said:
        if len(self._remembered) >= MOST_REMEMBERED:
            # A storm of different troubles: the oldest are the least likely to come again.
            for old in list(self._remembered)[: MOST_REMEMBERED // 2]:
                del self._remembered[old]
        self._remembered.pop(same, None)
        self._remembered[same] = _Said(now_s)
        return self._remembered[same]
