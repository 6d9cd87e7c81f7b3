"""Forgetting: once an hour, the settings of chats that have been gone for thirty days are removed, step by step."""

from __future__ import annotations

import asyncio

import structlog

from bot.errors import StoreUnavailable
from bot.roles.outage import Outage
from bot.store.departed import Departed
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LOOK_EVERY_S = 3600.0
BETWEEN_STEPS_S = 1.0


class Forgetting:
    """A loop beside the worker's own; any number of processes may run it."""

    def __init__(self, departed: Departed, look_every_s: float = LOOK_EVERY_S) -> None:
        self._departed = departed
        self._look_every_s = look_every_s

    async def run(self, stopping: asyncio.Event) -> None:
        """Forget until told to stop."""
        outage = Outage("forgetting")
        while not stopping.is_set():
            try:
                forgotten = await self._departed.forget_some()
            except StoreUnavailable as error:
                await outage.wait(error, stopping)
                continue
            outage.over()
            if forgotten:
                log.info("chats forgotten", chats=forgotten, gone_for="30 days")
            await pause(stopping, BETWEEN_STEPS_S if forgotten else self._look_every_s)
