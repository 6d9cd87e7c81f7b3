"""Notices to administrators: a topic of their forum does not take stories any more. Told once, to one of them.

Sent beside the deliveries, under the limits of answers, and never tried again: the topic's settings wait anyway, and
whoever looks there sees what happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot.errors import StoreUnavailable
from bot.model import Address, AnswerPermits, Chat, GoneReason, Message, Outcome, Sent
from bot.store.set_aside import pseudonym

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

MOST_TRIED = 5
"""Administrators who never spoke to the bot cannot be written to; nobody is asked beyond so many."""

TOPIC_REASONS = frozenset((GoneReason.TOPIC_CLOSED, GoneReason.TOPIC_DELETED))


class Groups(Protocol):
    """What Telegram says about a group (:class:`bot.telegram.groups.Groups`)."""

    async def administrators(self, chat_id: int) -> list[int]:
        """User ids of the people who administer it, the owner first; empty if that cannot be known."""

    async def title(self, chat_id: int) -> str:
        """What it is called; empty if that cannot be known."""


Word = Callable[[Chat, str, GoneReason], Message]
"""Words a notice about an address of a group that is called so."""


class Notices:
    """All notices of one sender process."""

    def __init__(
        self,
        groups: Groups,
        permits: AnswerPermits,
        send: Callable[[Address, Message], Awaitable[Outcome]],
        word: Word,
    ) -> None:
        self._groups = groups
        self._permits = permits
        self._send = send
        self._word = word
        self._tasks: set[asyncio.Task[None]] = set()

    def topic_lost(self, chat: Chat, reason: GoneReason) -> None:
        """Tell an administrator; the deliveries do not wait for it."""
        task = asyncio.create_task(self._tell(chat, reason))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Give up what has not been told yet."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell(self, chat: Chat, reason: GoneReason) -> None:
        group_id = chat.address.chat_id
        message = self._word(chat, await self._groups.title(group_id), reason)
        for person in (await self._groups.administrators(group_id))[:MOST_TRIED]:
            try:
                await asyncio.sleep(await self._permits.answer(person))
            except StoreUnavailable:
                return
            if isinstance(await self._send(Address(person), message), Sent):
                return
        log.info("no administrator can be told of a lost topic", chat=pseudonym(chat.address))
