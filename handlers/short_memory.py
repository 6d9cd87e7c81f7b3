"""A memory of a minute: answers of Telegram that are asked for again and again, kept bounded in number and age."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class ShortMemory(Generic[K, V]):
    """Up to ``most`` values, each for the time that it was given; ``monotonic`` is any clock in seconds."""

    def __init__(self, most: int = 10_000, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._monotonic = monotonic
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """What was put under ``key``, if its time is not over."""
        until_s, value = self._kept.get(key, (0.0, None))
        return value if self._monotonic() < until_s else None

    def put(self, key: K, value: V, for_s: float) -> None:
        """Remember ``value``; the oldest makes room."""
        self._kept.pop(key, None)
        self._kept[key] = (self._monotonic() + for_s, value)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)
