"""What one process did, minute by minute, until it is written down for the status page (:mod:`bot.store.pulse`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from bot.model import Lane

Minute = int
"""Unix time in minutes."""

TROUBLED = frozenset({"later", "refused", "limited"})


def minute_of(moment: datetime) -> Minute:
    """The minute in which a moment lies."""
    return int(moment.timestamp() // 60)


class Tally:
    """A meter (:class:`bot.metering.Meter`) that keeps sums by minute: pushes, answers, stories and so on."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._minutes: dict[Minute, Counter[str]] = defaultdict(Counter)
        self._worst_lag_s = 0.0

    def _count(self, what: str) -> None:
        self._minutes[minute_of(self._now())][what] += 1

    def sent(self, lane: Lane, outcome: str, seconds: float) -> None:
        """Messages that arrived by lane; those that have to be tried again."""
        if outcome == "sent":
            self._count(lane.value)
        elif outcome in TROUBLED:
            self._count("again")

    def held(self, lane: Lane, seconds: float) -> None:
        """429s."""
        self._count("limited")

    def polled(self, source: str, result: str, seconds: float) -> None:
        """Polls, and those that failed."""
        self._count("poll_failed" if result == "failed" else "poll")

    def stored(self, source: str, topics: Iterable[str]) -> None:
        """Stories."""
        self._count("story")

    def handled(self, command: str, seconds: float) -> None:
        """Updates."""
        self._count("update")

    def lagged(self, seconds: float) -> None:
        """The worst lag is kept."""
        self._worst_lag_s = max(self._worst_lag_s, seconds)

    def worst_lag_s(self) -> float:
        """The worst lag since this was asked last."""
        worst, self._worst_lag_s = self._worst_lag_s, 0.0
        return worst

    def drain(self) -> Mapping[Minute, Mapping[str, int]]:
        """Everything counted since the last time."""
        counted, self._minutes = self._minutes, defaultdict(Counter)
        return counted

    def put_back(self, counted: Mapping[Minute, Mapping[str, int]]) -> None:
        """It could not be written down: keep it for the next time."""
        for minute, counts in counted.items():
            self._minutes[minute].update(counts)
