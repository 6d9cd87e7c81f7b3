"""One of many does the work, the others stand by: how several bots poll one Telegram.

The lease is asked for every few seconds. Whoever has it works; who loses it (it stood still, so another took over)
stops. While Redis is away things stay as they are, and a process that has never heard of another holder works:
people must be told at least that there is trouble. Telegram itself turns a second poller away, so the worst that
comes of it is an answer given twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

import structlog

from bot.errors import StoreUnavailable
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LEASE_S = 15.0
ASK_EVERY_S = 3.0
"""So a dead holder is replaced within 18 s, one that stopped in good order within 3."""


GIVE_BACK_S = 1.0


class HeldLease(Protocol):
    """What only one has (:class:`bot.store.lease.Lease`)."""

    async def hold(self) -> bool:
        """Take or keep it; False while another has it. Raises StoreUnavailable."""

    async def leave(self) -> None:
        """Give it back. Raises StoreUnavailable."""


class OneAtATime:
    """Runs ``work`` while the lease is ours; ``what`` names it in the log."""

    def __init__(
        self,
        lease: HeldLease,
        work: Callable[[asyncio.Event], Awaitable[None]],
        what: str,
        ask_every_s: float = ASK_EVERY_S,
    ) -> None:
        self._lease = lease
        self._work = work
        self._what = what
        self._ask_every_s = ask_every_s
        self.working = False
        """False while this process stands by."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Work or stand by until told to stop; then give the lease back."""
        told = False
        while not stopping.is_set():
            if await self._ours(otherwise=not told):
                log.info("at work, alone of all processes", what=self._what)
                await self._work_while_ours(stopping)
                told = False
            elif not told:
                log.info("another process is at work, standing by", what=self._what)
                told = True
            await pause(stopping, self._ask_every_s)

    async def _work_while_ours(self, stopping: asyncio.Event) -> None:
        enough = asyncio.Event()
        work = asyncio.ensure_future(self._work(enough))
        stop = asyncio.create_task(stopping.wait())
        self.working = True
        try:
            while not stop.done() and not work.done() and await self._ours(otherwise=True):
                await asyncio.wait(
                    {stop, work}, timeout=self._ask_every_s, return_when=asyncio.FIRST_COMPLETED
                )
            enough.set()
            await work
        finally:
            self.working = False
            stop.cancel()
            work.cancel()
            # Nobody else may begin before we have ended.
            await asyncio.wait({stop, work})
            await self._give_back()

    async def _ours(self, otherwise: bool) -> bool:
        """Whether the lease is ours; ``otherwise`` is the answer while Redis cannot say."""
        try:
            async with asyncio.timeout(self._ask_every_s):
                return await self._lease.hold()
        except (StoreUnavailable, TimeoutError):
            return otherwise

    async def _give_back(self) -> None:
        # Where it fails, it runs out by itself.
        with suppress(StoreUnavailable, TimeoutError):
            async with asyncio.timeout(GIVE_BACK_S):
                await self._lease.leave()
