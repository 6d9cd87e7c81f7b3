"""A bell that rings whenever something happened, so that tests wait for conditions and never sleep."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Ringing is nearly free while nobody waits; rings within one turn of the loop wake a waiter once."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Something happened."""
        for event in self._waiting:
            event.set()

    async def wait_for(self, condition: Callable[[], T], timeout_s: float) -> T:
        """Return the first true value of ``condition``, looked at now and after each ring.

        Raises TimeoutError after ``timeout_s`` seconds.
        """
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(timeout_s):
                while not (value := condition()):
                    event.clear()
                    await event.wait()
                return value
        finally:
            self._waiting.discard(event)
