"""Where charts are drawn while the bot goes on talking: two threads, and the last pictures kept at hand."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType

from bot.briefing.chart import ChartOrder, draw_chart
from bot.briefing.chart_easel import Easel
from bot.language import Tongue


class ChartStudio:
    """Draws charts off the event loop, at most ``at_once`` at a time; the others queue.

    The last ``kept`` pictures are remembered by their content. Use it as an async context manager, or close it.
    """

    def __init__(self, *, at_once: int = 2, kept: int = 32) -> None:
        # Threads of its own and not asyncio.to_thread: a request that is cancelled leaves its thread drawing,
        # and a semaphore would let a third one in.
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="chart")
        self._easels: SimpleQueue[Easel] = SimpleQueue()
        for _ in range(at_once):
            self._easels.put(Easel())
        self._kept = kept
        self._pictures: OrderedDict[str, asyncio.Future[bytes]] = OrderedDict()

    async def draw(self, order: ChartOrder, tongue: Tongue) -> bytes:
        """The picture, PNG. Who asks for one that is just being drawn gets the same. Raises ValueError."""
        key = order.content_key(tongue.code)
        picture = self._pictures.get(key)
        if picture is None or picture.cancelled() or (picture.done() and picture.exception()):
            loop = asyncio.get_running_loop()
            picture = self._pictures[key] = loop.run_in_executor(self._threads, self._paint, order, tongue)
        self._pictures.move_to_end(key)
        while len(self._pictures) > self._kept:
            self._pictures.popitem(last=False)
        return await asyncio.shield(picture)

    def _paint(self, order: ChartOrder, tongue: Tongue) -> bytes:
        """In a thread: take the free easel (there is one for each thread), and give it back."""
        easel = self._easels.get()
        try:
            return draw_chart(order, tongue, easel)
        finally:
            self._easels.put(easel)

    def close(self) -> None:
        """Let go of the threads; what has not been begun is cancelled."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> ChartStudio:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
