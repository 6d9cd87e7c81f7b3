"""What the poller has in its hands: updates that are being handled, and those done before an older one.

Answers one question: up to where may Telegram forget? Kept apart from the network, so that it can be tested
by moving updates through it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

CANCELLING_S = 1.0
"""How long a handler may take to notice that it is cancelled."""


class InHand:
    """Updates that Telegram has shown us and that are not confirmed; as many as it shows at once."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[float, asyncio.Task[None]]] = {}
        self._shown: set[int] = set()
        self._passed_over: set[asyncio.Task[None]] = set()

    @property
    def offset(self) -> int | None:
        """The offset for the next poll: all before it is handled. ``None`` before the first update."""
        if self._running:
            return min(self._running)
        return max(self._shown) + 1 if self._shown else None

    def __contains__(self, update_id: int) -> bool:
        return update_id in self._shown

    def start(self, update_id: int, handling: Coroutine[Any, Any, None], now_s: float) -> None:
        """Run ``handling`` as a task of its own; what lies behind the offset is forgotten now."""
        if (offset := self.offset) is not None:
            # The one before the offset stays, as the mark of how far we are when nothing is running.
            self._shown = {shown for shown in self._shown if shown >= offset - 1}
        task = asyncio.create_task(handling, name=f"update {update_id}")
        self._shown.add(update_id)
        self._running[update_id] = (now_s, task)
        task.add_done_callback(lambda _: self._running.pop(update_id, None))

    def pass_over(self, before_s: float) -> int | None:
        """Stop waiting for the oldest update if it began before ``before_s``; it runs on. Returns its id."""
        if not self._running:
            return None
        oldest = min(self._running)
        began_s, task = self._running[oldest]
        if began_s >= before_s:
            return None
        del self._running[oldest]
        self._passed_over.add(task)
        task.add_done_callback(self._passed_over.discard)
        return oldest

    async def wait_for_one(self, timeout_s: float) -> None:
        """Wait until something in hand is done, or the time is over."""
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)

    async def finish(self, deadline_s: float) -> None:
        """Wait until everything in hand is done, or the time is over."""
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=deadline_s)

    async def drop(self) -> None:
        """Cancel whatever still runs, and see it end."""
        if tasks := self._tasks():
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=CANCELLING_S)

    def _tasks(self) -> set[asyncio.Task[None]]:
        return {task for _, task in self._running.values()} | self._passed_over
