"""Who asks too much: counted per person and per group, told once, then ignored for a while. Pure, time is given.

Only what the bot is asked counts, never what people say to each other, so a busy group costs nothing here. What is
kept are the times of the last seconds' requests, and who is silenced.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable

MOST = 25
"""Requests within ``WITHIN_S`` that are plenty for the fastest finger."""

WITHIN_S = 5.0
SILENCE_S = 60.0


class Floods:
    """Counts requests by key: a user id, or the id of a group."""

    def __init__(self) -> None:
        self._times: OrderedDict[int, deque[float]] = OrderedDict()
        self._silent_until: dict[int, float] = {}

    def count(self, keys: Iterable[int], asked_s: float, now_s: float) -> bool:
        """Count a request made at ``asked_s``; True if it is the one that silences its sender."""
        self._forget(now_s)
        silenced = [key for key in keys if not self.silent([key], now_s) and self._over(key, asked_s)]
        for key in silenced:
            self._silent_until[key] = now_s + SILENCE_S
            del self._times[key]
        return bool(silenced)

    def silent(self, keys: Iterable[int], now_s: float) -> bool:
        """Whether any of these is ignored now."""
        return any(now_s < self._silent_until.get(key, 0.0) for key in keys)

    def __len__(self) -> int:
        """How many senders are kept in mind."""
        return len(self._times) + len(self._silent_until)

    def _over(self, key: int, asked_s: float) -> bool:
        times = self._times.setdefault(key, deque())
        self._times.move_to_end(key)
        times.append(asked_s)
        while times and times[0] <= asked_s - WITHIN_S:
            times.popleft()
        return len(times) > MOST

    def _forget(self, now_s: float) -> None:
        """Drop who has been calm for a while; those heard last are at the end."""
        while self._times:
            key, times = next(iter(self._times.items()))
            if times[-1] > now_s - 2 * WITHIN_S:
                break
            del self._times[key]
        if self._silent_until:
            self._silent_until = {key: until for key, until in self._silent_until.items() if now_s < until}
