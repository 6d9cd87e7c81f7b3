"""Messages that redraw themselves while something goes on: each is a task of its own, and all end with the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from telegram.error import TelegramError

from bot.errors import StoreUnavailable
from bot.model import Message

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class LiveMessages:
    """All of one process."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, frames: AsyncIterator[Message], redraw: Callable[[Message], Awaitable[None]]) -> None:
        """Redraw a message with each frame, until there are no more."""
        task = asyncio.create_task(_play(frames, redraw))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Stop redrawing; what the messages show stays as it is."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _play(frames: AsyncIterator[Message], redraw: Callable[[Message], Awaitable[None]]) -> None:
    try:
        async for frame in frames:
            await redraw(frame)
    except (TelegramError, StoreUnavailable) as error:
        # The message keeps its last frame and its button to look again.
        log.warning("a message no longer redraws itself", cause=str(error))
