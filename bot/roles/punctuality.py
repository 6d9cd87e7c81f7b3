"""Punctuality: a message that leaves later than its permit says is told to the limiter.

The limiter counts a message from when it gave the permit. Connections that must be made first (the first messages of
a broadcast), or a process that stood still, make that wrong by a tenth of a second; without a word about it, what is
let through a window later might find the late ones still within Telegram's.
"""

from __future__ import annotations

import asyncio
import time

import structlog

from bot.errors import StoreUnavailable
from bot.store.outbox import Outbox
from bot.store.rate_limiter import Late
from bot.waiting import pause_for_news

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LATE_S = 0.01
"""As much is nothing: windows have a margin for it."""

IDLE_S = 0.25


class Punctuality:
    """Gathers what left late, and tells it many at a time."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._late: list[Late] = []
        self._news = asyncio.Event()

    def leaving(self, chat_id: int, permit_ms: float, asked_at: float) -> None:
        """This message leaves now; ``asked_at`` is the monotonic time before its permit was asked for."""
        late_s = time.monotonic() - asked_at
        if late_s >= LATE_S:
            self._late.append(Late(chat_id, permit_ms, late_s))
            self._news.set()

    async def run(self, no_more: asyncio.Event) -> None:
        """Tell until ``no_more`` is set; what could not be told by then is a window old soon."""
        while not no_more.is_set():
            await pause_for_news(self._news, IDLE_S)
            late, self._late = self._late, []
            try:
                await self._outbox.late(late)
            except StoreUnavailable as error:
                # No permits are given then, either.
                log.debug("the limiter does not know what was late", cause=str(error), messages=len(late))
