"""How hard one host may be leaned on: two requests at a time, one begun per second, the rest wait their turn.

Used by the fetcher around every request. A host is its name and port. Waiting is per host: a slow or popular
one delays nobody else. Hosts that nobody has asked for a while are forgotten, so memory stays with the
sources in use. Where several workers share the sources, turns are booked in a place that they share, too
(:data:`Book`); the two connections are each worker's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.errors import StoreUnavailable

MOST_CONNECTIONS = 2
INTERVAL_S = 1.0
_FORGET_EVERY = 1000


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_CONNECTIONS))
    next_s: float = 0.0
    users: int = 0


Book = Callable[[str, float], Awaitable[float]]
"""Books the next turn at a host, that many seconds after the one before; the seconds until it comes. May raise
StoreUnavailable: then each worker counts for itself."""


class Manners:
    """Hands out turns. ``interval_s`` is the time between two requests to one host; tests pass 0."""

    def __init__(self, interval_s: float = INTERVAL_S, book: Book | None = None) -> None:
        self._interval_s = interval_s
        self._book = book
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, at_least_s: float = 0.0) -> AsyncIterator[None]:
        """Wait for a turn at ``host`` and hold one of its connections for the length of the block.

        ``at_least_s`` is the host's own wish (robots' crawl-delay), where it is longer than our interval.
        """
        self._forget()
        known = self._hosts.setdefault(host, _Host())
        known.users += 1
        try:
            async with known.slots:
                await self._wait(host, known, max(self._interval_s, at_least_s))
                yield
        finally:
            known.users -= 1

    async def _wait(self, name: str, host: _Host, interval_s: float) -> None:
        clock_s = asyncio.get_running_loop().time
        begin_s = await self._booked_s(name, interval_s)
        if begin_s is None:
            begin_s = max(clock_s(), host.next_s)
        host.next_s = begin_s + interval_s  # booked before the sleep, so that two waiters get two turns
        if begin_s > clock_s():
            await asyncio.sleep(begin_s - clock_s())

    async def _booked_s(self, host: str, interval_s: float) -> float | None:
        """When our turn comes by the shared book; None if there is none, or it cannot be reached."""
        if self._book is None or interval_s <= 0:
            return None
        try:
            wait_s = await self._book(host, interval_s)
        except StoreUnavailable:
            return None
        # Counted from the answer: counted from the question, everybody would come early by the time that it took.
        return asyncio.get_running_loop().time() + wait_s

    def _forget(self) -> None:
        if len(self._hosts) < _FORGET_EVERY:
            return
        now_s = asyncio.get_running_loop().time()
        self._hosts = {name: host for name, host in self._hosts.items() if host.users or host.next_s > now_s}
