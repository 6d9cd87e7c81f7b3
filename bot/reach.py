"""Whether messages get through to Telegram, judged by what became of them: a part of a sender's readiness."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from bot.model import Lane

TROUBLED_FOR_S = 30.0


class Reach:
    """A meter (:class:`bot.metering.Meter`) that remembers since when nothing has got through."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._troubled_since_s: float | None = None

    async def check(self) -> str | None:
        """What is wrong, in words, if every send has failed for half a minute."""
        if self._troubled_since_s is None:
            return None
        troubled_s = self._monotonic() - self._troubled_since_s
        return None if troubled_s < TROUBLED_FOR_S else f"no message got through for {troubled_s:.0f} s"

    def sent(self, lane: Lane, outcome: str, seconds: float) -> None:
        """Any answer of Telegram is a sign of life, a refusal too; only trouble on the way is none."""
        if outcome != "later":
            self._troubled_since_s = None
        elif self._troubled_since_s is None:
            self._troubled_since_s = self._monotonic()

    def held(self, lane: Lane, seconds: float) -> None:
        """Says nothing here."""

    def polled(self, source: str, result: str, seconds: float) -> None:
        """Says nothing here."""

    def stored(self, source: str, topics: Iterable[str]) -> None:
        """Says nothing here."""

    def handled(self, command: str, seconds: float) -> None:
        """Says nothing here."""

    def lagged(self, seconds: float) -> None:
        """Says nothing here."""
