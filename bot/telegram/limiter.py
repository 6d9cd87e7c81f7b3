"""The answers' place in the queue: each call of a handler that Telegram counts books a slot and waits for it.

python-telegram-bot hands every call to ``process_request``. The slots are booked where pushes take theirs
(behind ``AnswerPermits``), so the limits hold across all processes together. When that store is out of reach,
answers go on at a cautious pace of our own: people must hear at least that we have trouble.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.errors import StoreUnavailable
from bot.model import AnswerPermits
from bot.telegram.transport import SlowDown

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

COUNTED = frozenset({
    # New messages: what Telegram's FAQ gives the numbers for (30/s, 1/s in a chat, 20/min in a group).
    "sendMessage", "sendPhoto", "sendDocument", "sendAnimation", "sendVideo", "sendAudio", "sendVoice",
    "sendMediaGroup", "sendSticker", "sendLocation", "sendVenue", "sendContact", "sendPoll", "sendDice",
    "forwardMessage", "forwardMessages", "copyMessage", "copyMessages", "pinChatMessage",
    # Edits: not in the FAQ, but they draw 429s like messages do.
    "editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup",
    # These write to no chat, but many taps and many letters typed are many calls.
    "answerCallbackQuery", "answerInlineQuery",
})  # fmt: skip
"""Everything else passes at once: questions (getMe, getChatMember …), set-up (setMyCommands …), "typing…",
deletions. ``getUpdates`` never even gets here."""

LONGEST_WAIT_S = 60.0
"""Nobody still looks at an answer after that, and a waiting answer keeps its chat's next commands waiting."""

CAUTIOUS_GAP_S = 0.2
"""Between any two calls of this process while the store is away: far below every limit of Telegram."""


class AnswerLimiter(BaseRateLimiter[None]):
    """PTB's rate limiter over the shared permits. ``monotonic`` is any clock in seconds."""

    def __init__(
        self,
        permits: AnswerPermits,
        *,
        longest_wait_s: float = LONGEST_WAIT_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._permits = permits
        self._longest_wait_s = longest_wait_s
        self._monotonic = monotonic
        self._store_away = False
        self._next_free_s = 0.0

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | dict[str, Any] | list[dict[str, Any]]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> bool | dict[str, Any] | list[dict[str, Any]]:
        """Make the call when its slot has come; after a 429 once more, when that is over.

        Raises SlowDown instead of waiting longer than anybody would.
        """
        if endpoint not in COUNTED:
            return await callback(*args, **kwargs)
        chat_id = data.get("chat_id")
        chat_id = chat_id if isinstance(chat_id, int) else None
        await self._wait_for_slot(chat_id, at_least_s=0.0)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as refusal:
            pause_s = seconds_of(refusal)
        log.warning("answer refused for its pace", endpoint=endpoint, retry_after_s=pause_s)
        await self._hold(chat_id, pause_s)
        await self._wait_for_slot(chat_id, at_least_s=pause_s)
        return await callback(*args, **kwargs)

    async def _wait_for_slot(self, chat_id: int | None, at_least_s: float) -> None:
        wait_s = at_least_s
        if wait_s <= self._longest_wait_s:
            wait_s = max(await self._book_in_time(chat_id), at_least_s)
        if wait_s > self._longest_wait_s:
            raise SlowDown(wait_s)
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    async def _book_in_time(self, chat_id: int | None) -> float:
        """Book; more than the longest wait if the permits themselves make a busy chat wait that long."""
        try:
            async with asyncio.timeout(self._longest_wait_s):
                return await self._book(chat_id)
        except TimeoutError:
            return self._longest_wait_s + 1.0

    async def _book(self, chat_id: int | None) -> float:
        try:
            wait_s = await self._permits.answer(chat_id)
        except StoreUnavailable as error:
            if not self._store_away:
                log.warning("no shared permits, answers go at a cautious pace", cause=str(error))
            self._store_away = True
            return self._cautious_wait_s()
        if self._store_away:
            log.info("shared permits are back")
        self._store_away = False
        return wait_s

    def _cautious_wait_s(self) -> float:
        now_s = self._monotonic()
        slot_s = max(now_s, self._next_free_s)
        self._next_free_s = slot_s + CAUTIOUS_GAP_S
        return slot_s - now_s

    async def _hold(self, chat_id: int | None, pause_s: float) -> None:
        try:
            await self._permits.hold(chat_id, pause_s)
        except StoreUnavailable:
            # Already said by whoever booked; this call waits the pause itself.
            self._next_free_s = max(self._next_free_s, self._monotonic() + pause_s)


def seconds_of(refusal: RetryAfter) -> float:
    """Read a 429's pause, without the deprecation warning that PTB's own property gives."""
    if isinstance(refusal, SlowDown):
        return refusal.pause_s
    pause = refusal.retry_after
    return float(pause) if isinstance(pause, int) else pause.total_seconds()
