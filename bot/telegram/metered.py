"""Counting at the border: answers as PTB's rate limiter sees them, updates by what was asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Coroutine
from typing import Any

from telegram import Update
from telegram.constants import MessageEntityType
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.metering import Meter
from bot.model import Lane
from bot.telegram.limiter import COUNTED, AnswerLimiter, seconds_of


class MeteredLimiter(BaseRateLimiter[None]):
    """The answers' limiter, with each counted call told to a meter. Waiting for its slot is no part of its time."""

    def __init__(self, limiter: AnswerLimiter, meter: Meter) -> None:
        self._limiter = limiter
        self._meter = meter

    async def initialize(self) -> None:
        """Pass it on."""
        await self._limiter.initialize()

    async def shutdown(self) -> None:
        """Pass it on."""
        await self._limiter.shutdown()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | dict[str, Any] | list[dict[str, Any]]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> bool | dict[str, Any] | list[dict[str, Any]]:
        """Make the call in its slot, and tell how it went."""

        async def call_and_tell(*args: Any, **kwargs: Any) -> bool | dict[str, Any] | list[dict[str, Any]]:
            began_s = time.monotonic()
            outcome = "sent"
            try:
                return await callback(*args, **kwargs)
            except TelegramError as error:
                outcome = _outcome_name(error)
                if isinstance(error, RetryAfter):
                    self._meter.held(Lane.ANSWER, seconds_of(error))
                raise
            finally:
                self._meter.sent(Lane.ANSWER, outcome, time.monotonic() - began_s)

        telling = call_and_tell if endpoint in COUNTED else callback
        return await self._limiter.process_request(telling, args, kwargs, endpoint, data, rate_limit_args)


def _outcome_name(error: TelegramError) -> str:
    """The same words as for pushes (:func:`bot.metering.outcome_name`)."""
    if isinstance(error, RetryAfter):
        return "limited"
    if isinstance(error, Forbidden):
        return "gone"
    return "refused" if isinstance(error, BadRequest) else "later"


def asked(update: object, commands: Collection[str]) -> str:
    """What an update asks, as one of few words: a name of ``commands``, or the kind of update."""
    if not isinstance(update, Update):
        return "other"
    if update.callback_query:
        return "tap"
    if update.inline_query:
        return "inline"
    message = update.effective_message
    if message is None or not message.text or not message.entities:
        return "other"
    first = message.entities[0]
    if first.type != MessageEntityType.BOT_COMMAND or first.offset:
        return "other"
    name = message.text[1 : first.length].partition("@")[0].lower()
    return name if name in commands else "other"
