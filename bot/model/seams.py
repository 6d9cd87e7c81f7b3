"""Protocols by which rooms use each other without knowing each other; the assembly joins them."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.model.messages import Message
from bot.model.outcomes import Outcome
from bot.model.readers import Address


class Lane(enum.StrEnum):
    """Answers go ahead of pushes."""

    ANSWER = "answer"
    PUSH = "push"


class AnswerPermits(Protocol):
    """Where an answer gets leave to be sent; the store's rate limiter keeps this promise."""

    async def answer(self, chat_id: int | None) -> float:
        """Book the next free slot for an answer and return the seconds to wait before using it.

        ``chat_id`` is ``None`` for calls that write to no chat (answers to button taps).
        Raises StoreUnavailable.
        """

    async def hold(self, chat_id: int | None, retry_after_s: float) -> None:
        """Obey a 429: nothing goes to this chat (or, after a second chat was refused, to any) until then."""


class Send(Protocol):
    """How a sender gets a message out; the messenger of the Telegram room keeps this promise."""

    def __call__(
        self, address: Address, message: Message, leaving: Callable[[], None] | None = None, /
    ) -> Awaitable[Outcome]:
        """Send the message; whatever comes of it is an outcome.

        ``leaving`` is called at the moment at which the request is written, once there is a connection for it.
        """
