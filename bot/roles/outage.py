"""Redis is away: said once, tried again with back-off, and said once more when it is back."""

from __future__ import annotations

import asyncio
import time

import structlog

from bot.errors import StoreUnavailable
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 1.0


class Outage:
    """The patience of one loop; ``what`` names the work that waits."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._since: float | None = None
        self._pause_s = FIRST_PAUSE_S

    async def wait(self, error: StoreUnavailable, stopping: asyncio.Event) -> None:
        """Wait before the next try, a little longer each time, or until told to stop."""
        if self._since is None:
            self._since = time.monotonic()
            log.warning("Redis does not answer, trying again", waiting=self._what, cause=str(error))
        await pause(stopping, self._pause_s)
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)

    def over(self) -> None:
        """It worked (again)."""
        if self._since is not None:
            log.info("Redis is back", waiting=self._what, after_s=round(time.monotonic() - self._since, 1))
            self._since = None
            self._pause_s = FIRST_PAUSE_S
