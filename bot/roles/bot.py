"""The bot: brings people's updates to the handlers, and tells Telegram once what the menus are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

Publish = Callable[[], Awaitable[None]]

BringUpdates = Callable[[asyncio.Event], Awaitable[None]]
"""Hands updates to the handlers until told to stop; those in hand then are finished."""


class Bot:
    """One bot process. ``meet`` waits for Telegram, and says whether it came before the stop."""

    def __init__(
        self,
        meet: Callable[[asyncio.Event], Awaitable[bool]],
        publish_menus: Publish,
        bring_updates: BringUpdates,
    ) -> None:
        self._meet = meet
        self._publish_menus = publish_menus
        self._bring_updates = bring_updates

    async def run(self, stopping: asyncio.Event) -> None:
        """Answer people until told to stop."""
        if not await self._meet(stopping):
            return
        # Menus take a call a language: people's updates do not wait for them.
        menus = asyncio.create_task(self._publish_in_background())
        try:
            await self._bring_updates(stopping)
        finally:
            menus.cancel()
            await asyncio.wait({menus})

    async def _publish_in_background(self) -> None:
        await self._publish_menus()
