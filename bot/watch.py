"""A process watches itself: how late its event loop is, whether it stands still, and its beat for the status page.

The loop's own lateness is measured in the loop. Whether it stands still at all can only be told from outside: a
thread looks, and says it once, with the place in the code, while it hangs. ``/healthz`` does not answer then, so a
supervisor restarts the process.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from bot.metering import Meter
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.5
BEAT_EVERY_S = 10.0
HANGS_AFTER_S = 30.0
LAST_BEAT_S = 1.0
"""A stop does not wait longer for a Redis that is away."""


class Watch:
    """Runs beside the roles. ``beat`` writes this process' share down; it deals with its own trouble."""

    def __init__(
        self,
        meter: Meter,
        beat: Callable[[], Coroutine[Any, Any, None]],
        *,
        hangs_after_s: float = HANGS_AFTER_S,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._meter = meter
        self._beat = beat
        self._look_every_s = look_every_s
        self._alarm = HangAlarm(hangs_after_s)

    async def run(self, stopping: asyncio.Event) -> None:
        """Watch until told to stop."""
        beating: asyncio.Task[None] | None = None
        next_beat_s = 0.0
        with self._alarm:
            while True:
                due_s = time.monotonic() + self._look_every_s
                if not await pause(stopping, self._look_every_s):
                    break
                self._meter.lagged(max(0.0, time.monotonic() - due_s))
                self._alarm.alive()
                if time.monotonic() >= next_beat_s and (beating is None or beating.done()):
                    next_beat_s = time.monotonic() + BEAT_EVERY_S
                    beating = asyncio.create_task(self._beat(), name="beat")
        if beating is not None:
            await asyncio.wait({beating}, timeout=LAST_BEAT_S)
            beating.cancel()


class HangAlarm:
    """A thread that says when the thread that made it has not been ``alive`` for ``after_s`` seconds."""

    def __init__(self, after_s: float) -> None:
        self._after_s = after_s
        self._alive_s = time.monotonic()
        self._ended = threading.Event()
        self._watched = threading.get_ident()
        self._thread = threading.Thread(target=self._look, name="hang alarm", daemon=True)

    def __enter__(self) -> HangAlarm:
        self._watched = threading.get_ident()
        self.alive()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def alive(self) -> None:
        """The loop runs."""
        self._alive_s = time.monotonic()

    def _look(self) -> None:
        hangs_since_s: float | None = None
        while not self._ended.wait(self._after_s / 10):
            silent_s = time.monotonic() - self._alive_s
            if hangs_since_s is None and silent_s > self._after_s:
                hangs_since_s = self._alive_s
                log.critical("the event loop stands still", for_s=round(silent_s, 1), at=self._where())
            elif hangs_since_s is not None and silent_s < self._after_s:
                log.error("the event loop goes on", stood_still_s=round(self._alive_s - hangs_since_s, 1))
                hangs_since_s = None

    def _where(self) -> str:
        frame = sys._current_frames().get(self._watched)
        stack = traceback.extract_stack(frame)[-6:] if frame else []
        return " < ".join(
            f"{entry.filename.rpartition('/')[2]}:{entry.lineno} {entry.name}" for entry in reversed(stack)
        )
