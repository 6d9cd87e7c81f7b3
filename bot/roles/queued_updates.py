"""Handling what the webhook queued: in any bot process, at the same time across chats, in order within a chat.

An update that comes to this process is usually handled by it, at once; the look every half second is for what
other processes had no hands for, and for what a dead one left behind. An update that took several bots with it is
given up, so that it cannot take them all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import StoreUnavailable
from bot.roles.outage import Outage
from bot.store.schedule import Claim
from bot.store.updates_queue import QueuedUpdate, UpdatesQueue
from bot.waiting import pause, pause_for_news

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

AT_ONCE = 64
LOOK_EVERY_S = 0.5
RENEWALS = 4
"""So often in its length is a lease renewed."""

MOST_TRIES = 4


class QueuedUpdates:
    """One process' hands in the queue; ``handle`` is given each update as Telegram sent it."""

    def __init__(self, queue: UpdatesQueue, handle: Callable[[bytes], Awaitable[None]]) -> None:
        self._queue = queue
        self._handle = handle
        self._news = asyncio.Event()
        self._in_hand: dict[str, Claim] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def put(self, update_id: int, lane: str, body: bytes) -> None:
        """Queue an update, and look at the queue at once. Raises StoreUnavailable."""
        await self._queue.put(update_id, lane, body)
        self._news.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Handle updates until told to stop; those in hand then are finished."""
        outage = Outage("updates")
        renewing = asyncio.create_task(self._keep_leases())
        try:
            while not stopping.is_set():
                try:
                    took = await self._take()
                    outage.over()
                except StoreUnavailable as error:
                    await outage.wait(error, stopping)
                    continue
                if not took:
                    await self._wait_for_news(stopping)
            if self._tasks:
                await asyncio.wait(self._tasks)
        finally:
            ending = {renewing, *self._tasks}
            for task in ending:
                task.cancel()
            await asyncio.wait(ending)

    async def _wait_for_news(self, stopping: asyncio.Event) -> None:
        stop = asyncio.create_task(stopping.wait())
        news = asyncio.create_task(pause_for_news(self._news, LOOK_EVERY_S))
        try:
            await asyncio.wait({stop, news}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
            news.cancel()

    async def _take(self) -> bool:
        """Start what there is to do, as far as there are hands; False if nothing was."""
        if (free := AT_ONCE - len(self._in_hand)) <= 0:
            return False
        taken = await self._queue.take(free)
        for update in taken:
            # A lane that is in hand already has come back because its lease ran out: it goes on under the new one.
            known = update.claim.member in self._in_hand
            self._in_hand[update.claim.member] = update.claim
            if not known:
                task = asyncio.create_task(self._serve(update), name=f"update of lane {update.claim.member}")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return bool(taken)

    async def _serve(self, update: QueuedUpdate) -> None:
        if update.tries > MOST_TRIES:
            log.error("an update was given up", tries=update.tries)
        elif update.body:
            try:
                await self._handle(update.body)
            except Exception:
                # Handlers' own errors end in PTB's error handlers; this is a fault of the frame around them.
                log.exception("update could not be handled")
        await self._finish(update.claim.member)

    async def _finish(self, lane: str) -> None:
        outage = Outage("finishing updates")
        while True:
            try:
                await self._queue.finish([self._in_hand[lane]])
            except StoreUnavailable as error:
                await outage.wait(error, asyncio.Event())
            else:
                del self._in_hand[lane]
                self._news.set()
                return

    async def _keep_leases(self) -> None:
        forever = asyncio.Event()
        while await pause(forever, self._queue.lease_s / RENEWALS):
            claims = list(self._in_hand.values())
            try:
                tokens = await self._queue.renew(claims)
            except StoreUnavailable as error:
                log.warning("leases of updates cannot be renewed", cause=str(error))
                continue
            for claim, token in zip(claims, tokens, strict=True):
                if token is not None and self._in_hand.get(claim.member) is claim:
                    self._in_hand[claim.member] = claim._replace(token=token)
