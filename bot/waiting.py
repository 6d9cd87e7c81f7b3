"""Waiting that ends early: the one kind of sleep that loops use, so that a stop is felt at once."""

from __future__ import annotations

import asyncio


async def pause(stopping: asyncio.Event, seconds: float) -> bool:
    """Sleep for ``seconds``, or until ``stopping`` is set if that comes first. True means: go on."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return True
    return False


async def pause_for_news(news: asyncio.Event, seconds: float) -> None:
    """Sleep for ``seconds``, or until ``news`` is set, which is then taken back."""
    if await pause(news, seconds):
        return
    news.clear()
