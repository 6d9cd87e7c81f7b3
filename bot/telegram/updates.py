"""The order in which updates are handled: at the same time across chats, one after the other within a chat.

A chat that floods us fills its own queue only: its updates wait for each other before they take one of the
places in which handlers run. Nothing is kept about a chat that is idle.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

WAITING_ROOM = 100_000
"""PTB takes a place for an update before it asks us whose turn it is: so, places for all that wait."""

Handled = Callable[[object, float], None]
"""Told of each update that was handled, with the seconds since it came."""


class ChatOrderedProcessor(BaseUpdateProcessor):
    """Runs at most ``concurrency`` handlers at once, and never two for the same chat (or tapping person).

    ``arrived`` is told of each update before it waits for its turn, ``handled`` of each when it is done.
    """

    def __init__(
        self,
        concurrency: int,
        arrived: Callable[[object], None] = lambda _update: None,
        handled: Handled = lambda _update, _seconds: None,
    ) -> None:
        super().__init__(WAITING_ROOM)
        self.arrived = arrived
        self._handled = handled
        self._places = asyncio.Semaphore(concurrency)
        self._lanes: dict[Hashable, _Lane] = {}

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do: whoever handed updates in waits for them."""

    @property
    def busy_lanes(self) -> int:
        """How many chats have updates in hand."""
        return len(self._lanes)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one update when its chat's turn has come and a place is free."""
        came_s = time.monotonic()
        try:
            self.arrived(update)
            async with self._turn(lane_of(update)), self._places:
                await coroutine
            self._handled(update, time.monotonic() - came_s)
        finally:
            # Cancelled while it waited for its turn: nobody else will run it, and it must not complain.
            if inspect.iscoroutine(coroutine):
                coroutine.close()

    @asynccontextmanager
    async def _turn(self, key: Hashable | None) -> AsyncIterator[None]:
        if key is None:
            yield
            return
        lane = self._lanes.setdefault(key, _Lane())
        lane.users += 1
        try:
            async with lane.lock:
                yield
        finally:
            lane.users -= 1
            if not lane.users:
                del self._lanes[key]


def lane_of(update: object) -> Hashable | None:
    """Say what an update must wait for: its chat; taps and inline queries wait for the same person's only."""
    if not isinstance(update, Update):
        return None
    person = update.callback_query or update.inline_query
    if person is not None:
        return person.from_user.id
    whose = update.effective_chat or update.effective_user
    return whose.id if whose else None


class _Lane:
    """The queue of one chat, kept while anybody stands in it."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0
