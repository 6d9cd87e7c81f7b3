"""Tests wait for conditions, never for time."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any


async def wait_until(condition: Callable[[], Any], *, within_s: float = 10.0) -> Any:
    """The first true value of ``condition`` (a plain or an async function); fails the test if none comes."""
    give_up = time.monotonic() + within_s
    while True:
        found = condition()
        value = await found if inspect.isawaitable(found) else found
        if value:
            return value
        assert time.monotonic() < give_up, f"{condition} did not come true within {within_s} s"
        await asyncio.sleep(0.005)
