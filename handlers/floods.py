"""Who asks too much: counted per person and per group, told once, then ignored for a while. Pure, time is given.

Only what the bot is asked counts, never what people say to each other, so a busy group costs nothing here. What is
kept are the times of the last seconds' requests, and who is silenced.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable, Mapping

MOST = 25
"""Requests within ``WITHIN_S`` that are plenty for the fastest finger."""

MOST_IN_GROUP = 40
"""More than one person's share, so that one who floods is silenced before the group is."""

MOST_TYPED = 80
"""Inline queries, of which every letter typed may be one."""

WITHIN_S = 5.0
SILENCE_S = 60.0


class Floods:
    """Counts requests by key: a user id, or the id of a group."""

    def __init__(self) -> None:
        self._times: OrderedDict[Hashable, deque[float]] = OrderedDict()
        self._silent_until: dict[Hashable, float] = {}

    def count(self, senders: Mapping[Hashable, int], asked_s: float, now_s: float) -> bool:
        """Count a request made at ``asked_s``; True if it is the one that silences its sender.

        ``senders`` are the keys that it counts for, the person first, with how many are allowed to each.
        """
        self._forget(now_s)
        if self.silent(senders, now_s):
            return False
        for key, most in senders.items():
            if self._how_many(key, asked_s) > most:
                self._silent_until[key] = now_s + SILENCE_S
                del self._times[key]
                return True
        return False

    def silent(self, keys: Iterable[Hashable], now_s: float) -> bool:
        """Whether any of these is ignored now."""
        return any(now_s < self._silent_until.get(key, 0.0) for key in keys)

    def __len__(self) -> int:
        """How many senders are kept in mind."""
        return len(self._times) + len(self._silent_until)

    def _how_many(self, key: Hashable, asked_s: float) -> int:
        times = self._times.setdefault(key, deque())
        self._times.move_to_end(key)
        times.append(asked_s)
        while times and times[0] <= asked_s - WITHIN_S:
            times.popleft()
        return len(times)

    def _forget(self, now_s: float) -> None:
        """Drop who has been calm for a while; those heard last are at the end."""
        while self._times:
            key, times = next(iter(self._times.items()))
            if times[-1] > now_s - 2 * WITHIN_S:
                break
            del self._times[key]
        if self._silent_until:
            self._silent_until = {key: until for key, until in self._silent_until.items() if now_s < until}
