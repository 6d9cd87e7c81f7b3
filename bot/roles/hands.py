"""Hands: a fixed number of tasks that send, fed from a short line, so that none is idle during a round trip.

The delivery loop puts jobs in; each hand takes the next. How long the line should be follows from how fast the
hands are: a few milliseconds of work, since a permit to send is good for now and not for later.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.waiting import pause_for_news

AHEAD_S = 0.03
"""How much work may stand in the line, measured in the time that the hands take for it."""

MOST_AHEAD = 16
"""At most so many jobs a hand stand in the line, however fast the hands are: what stands there is claimed."""

REFILL_BELOW = 0.4
"""Of that: when less is left, it is time to fetch more."""

MEASURE_EVERY_S = 0.05

Job = TypeVar("Job")


class Hands(Generic[Job]):
    """``how_many`` concurrent calls of ``do``, which must not raise."""

    def __init__(self, do: Callable[[Job], Awaitable[None]], how_many: int) -> None:
        self._do = do
        self._how_many = how_many
        self._line: deque[Job] = deque()
        self._idle: list[asyncio.Future[None]] = []
        self._in_hand = 0
        self._ahead = 0
        self._refill_at = how_many
        self._wanting = asyncio.Event()
        self._done = 0
        self._measured_at = time.monotonic()

    async def run(self, no_more: asyncio.Event) -> None:
        """Work until ``no_more`` is set and everything that was put in is done."""
        async with asyncio.TaskGroup() as group:
            hands = [group.create_task(self._hand()) for _ in range(self._how_many)]
            await no_more.wait()
            while self._in_hand:
                self._wanting.clear()
                await self._wanting.wait()
            for hand in hands:
                hand.cancel()

    async def _hand(self) -> None:
        line = self._line
        while True:
            while line:
                await self._do(line.popleft())
                self._done += 1
                self._in_hand -= 1
                if self._in_hand <= self._refill_at:
                    self._wanting.set()
            nothing_to_do = asyncio.get_running_loop().create_future()
            self._idle.append(nothing_to_do)
            await nothing_to_do

    def put(self, job: Job) -> None:
        """Have this done next."""
        self._in_hand += 1
        self._line.append(job)
        if self._idle:
            self._idle.pop().set_result(None)

    def room(self) -> int:
        """How many jobs should be fetched now; zero while there is enough."""
        self._measure()
        return 0 if self._in_hand > self._refill_at else self._how_many + self._ahead - self._in_hand

    async def wanted(self, patience_s: float) -> None:
        """Wait until there may be room, at most so long."""
        self._wanting.clear()
        await pause_for_news(self._wanting, patience_s)

    def _measure(self) -> None:
        passed_s = time.monotonic() - self._measured_at
        if passed_s >= MEASURE_EVERY_S:
            self._ahead = min(self._how_many * MOST_AHEAD, int(self._done / passed_s * AHEAD_S))
            self._refill_at = self._how_many + int(self._ahead * REFILL_BELOW)
            self._done = 0
            self._measured_at += passed_s
