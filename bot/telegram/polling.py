"""The way in: fetches updates by long polling and confirms each only when it has been handled.

Telegram forgets an update when a later ``getUpdates`` names a higher offset. PTB's own updater does so as
soon as it has read it, so a crash loses whatever was in hand. Here the offset is the lowest update still in
hand: after a crash those come again, and nothing else. The price is that Telegram repeats what we hold; those
are skipped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application

from bot.errors import TelegramRefused
from bot.telegram.in_hand import InHand
from bot.telegram.limiter import seconds_of

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]

BATCH = 100
"""The most that Telegram gives at once; so also the most that can be in hand before the first is done."""

REPEAT_PAUSE_S = 0.2
"""When an answer holds nothing new, because Telegram repeats what is in hand."""

STUCK_S = 20.0
"""A handler that takes longer, with a full batch behind it, is waited for no more: see ``_let_go``."""

CONFIRMING_S = 1.0
"""Kept back from the deadline for telling Telegram what was done."""

FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 1.0, 30.0


class Poller:
    """Polls for one application, which must be initialized. ``monotonic`` is any clock in seconds."""

    def __init__(
        self,
        application: AnyApplication,
        allowed_updates: Sequence[str],
        *,
        poll_timeout_s: int = 25,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application = application
        self._allowed_updates = list(allowed_updates)
        self._poll_timeout_s = poll_timeout_s
        self._monotonic = monotonic
        self._hand = InHand()
        self._trouble: str | None = None
        self._backoff_s = FIRST_BACKOFF_S
        self.answered_s: float | None = None
        """When Telegram last answered, by ``monotonic``; for the readiness check."""

    async def run(self, stopping: asyncio.Event, deadline_s: float = 10.0) -> None:
        """Poll until ``stopping``; then finish what is in hand and confirm it, within ``deadline_s`` seconds.

        Raises TelegramRefused when the token is not accepted.
        """
        try:
            while not stopping.is_set():
                fetched = await self._fetch_unless(stopping)
                if fetched is None:
                    continue
                if not self._take(fetched):
                    await self._hand.wait_for_one(REPEAT_PAUSE_S)
            await self._hand.finish(deadline_s - CONFIRMING_S)
            await self._confirm()
        finally:
            await self._hand.drop()

    async def _fetch_unless(self, stopping: asyncio.Event) -> Sequence[Update] | None:
        """Ask once; ``None`` when we are stopping, or after waiting out some trouble."""
        asking = asyncio.ensure_future(self._ask())
        stop = asyncio.ensure_future(stopping.wait())
        try:
            await asyncio.wait({asking, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                return None
            updates = asking.result()
        except TelegramError as error:
            trouble = error
        else:
            self._note_success()
            return updates
        finally:
            asking.cancel()
            stop.cancel()
        await self._wait_out(trouble, stopping)
        return None

    async def _ask(self) -> Sequence[Update]:
        updates: Sequence[Update] = await self._application.bot.get_updates(
            offset=self._hand.offset,
            limit=BATCH,
            timeout=self._poll_timeout_s,
            allowed_updates=self._allowed_updates,
        )
        return updates

    def _take(self, updates: Sequence[Update]) -> bool:
        """Start handling what is new; False if nothing is, though Telegram answered with something."""
        new = [update for update in updates if update.update_id not in self._hand]
        for update in new:
            self._hand.start(update.update_id, self._handle(update), self._monotonic())
        if not new and len(updates) >= BATCH:
            self._let_go()
        return bool(new) or not updates

    def _let_go(self) -> None:
        """Confirm the oldest update although it is still being handled, if it is stuck and blocks the view.

        Telegram shows 100 updates from the offset on; one handler that hangs would hide everything newer. A
        crash now would lose this one update; waiting would silence the bot.
        """
        if (stuck_id := self._hand.pass_over(self._monotonic() - STUCK_S)) is not None:
            log.warning("an update takes long, the others go ahead", update_id=stuck_id)

    async def _handle(self, update: Update) -> None:
        application = self._application
        try:
            await application.update_processor.process_update(update, application.process_update(update))
        except Exception:
            # Handlers' own errors end in PTB's error handlers; this is a fault of the frame around them. The
            # update counts as handled: trying it again would fail again, and stop all others.
            log.exception("update could not be handled", update_id=update.update_id)

    async def _wait_out(self, error: TelegramError, stopping: asyncio.Event) -> None:
        if isinstance(error, InvalidToken):
            raise TelegramRefused(f"Telegram does not accept the token: {error.message}")
        words = describe(error)
        if words != self._trouble:
            log.warning("no updates for now", cause=words)
            self._trouble = words
        pause_s = self._backoff_s
        if isinstance(error, RetryAfter):
            pause_s = max(pause_s, seconds_of(error))
        self._backoff_s = min(self._backoff_s * 2, LONGEST_BACKOFF_S)
        try:
            async with asyncio.timeout(pause_s):
                await stopping.wait()
        except TimeoutError:
            return

    def _note_success(self) -> None:
        if self._trouble is not None:
            log.info("updates come again")
        self._trouble = None
        self._backoff_s = FIRST_BACKOFF_S
        self.answered_s = self._monotonic()

    async def _confirm(self) -> None:
        """Tell Telegram what was handled since the last poll; what it does not hear will come again."""
        if self._hand.offset is None:
            return
        try:
            async with asyncio.timeout(CONFIRMING_S):
                await self._application.bot.get_updates(offset=self._hand.offset, limit=1, timeout=0)
        except TelegramError as error:
            log.info("the last updates stay unconfirmed and will come again", cause=describe(error))
        except TimeoutError:
            log.info("the last updates stay unconfirmed and will come again", cause="no answer in time")


def describe(error: TelegramError) -> str:
    """Say for the log, without the token, why there are no updates."""
    if isinstance(error, Conflict):
        return "another process polls with the same token, or a webhook is set"
    if isinstance(error, NetworkError):
        return error.message
    return f"{type(error).__name__}: {error.message}"
