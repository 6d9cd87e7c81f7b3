"""What a person (or the bot itself) is in a chat, as Telegram says it, remembered for a minute at most.

Rights are looked at when they are used: at the command, at the tap. A promotion is felt within seconds, a demotion
within a minute.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.short_memory import ShortMemory

GRANTED_FOR_S = 60.0
DENIED_FOR_S = 5.0


@dataclass(frozen=True, slots=True)
class Standing:
    """``administers``: is owner or administrator; ``may_post``: is one who may write in a channel."""

    administers: bool = False
    may_post: bool = False


NOBODY = Standing()

Ask = Callable[[int, int], Awaitable[Standing]]
"""Asks Telegram what somebody is in a chat: (chat id, user id)."""


class Standings:
    """Asks once a minute for each person in each chat."""

    def __init__(self, ask: Ask, memory: ShortMemory[tuple[int, int], Standing] | None = None) -> None:
        self._ask = ask
        self._memory = ShortMemory() if memory is None else memory

    async def of(self, chat_id: int, user_id: int) -> Standing:
        """The standing of a person in a chat."""
        key = (chat_id, user_id)
        known = self._memory.get(key)
        if known is None:
            known = await self._ask(chat_id, user_id)
            self._memory.put(key, known, GRANTED_FOR_S if known.administers else DENIED_FOR_S)
        return known

    async def afresh(self, chat_id: int, user_id: int) -> Standing:
        """The same, asked now: for steps that a stale answer would spoil (connecting a channel)."""
        known = await self._ask(chat_id, user_id)
        self._memory.put((chat_id, user_id), known, GRANTED_FOR_S if known.administers else DENIED_FOR_S)
        return known
