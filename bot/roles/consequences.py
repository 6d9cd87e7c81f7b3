"""What an outcome asks for besides the chat's own schedule, done before the chat is let go.

A group that moved takes its settings along, a chat that is gone is marked, a 429 holds chat or bot for everybody,
a message given up is kept for the operators. Everything here may be done twice: the settler tries again when
Redis was away in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Gone, Later, Moved, Outcome
from bot.roles.verdicts import Service, judge
from bot.store.chats import Chats
from bot.store.outbox import DueChat
from bot.store.rate_limiter import RateLimiter
from bot.store.set_aside import SetAside, SetAsideMessages, pseudonym


@dataclass(frozen=True, slots=True)
class Finished:
    """A send that is over: what it was to do for the chat, and which stories were in it."""

    due: DueChat
    outcome: Outcome
    service: Service
    article_ids: tuple[str, ...] = ()


class Consequences:
    """Carries them out."""

    def __init__(self, chats: Chats, limiter: RateLimiter, set_aside: SetAsideMessages) -> None:
        self._chats = chats
        self._limiter = limiter
        self._set_aside = set_aside

    async def carry_out(self, finished: Sequence[Finished]) -> None:
        """Do what these outcomes ask for. Raises StoreUnavailable."""
        for item in finished:
            if isinstance(item.outcome, Later) and item.outcome.limited:
                await self._limiter.hold(item.due.address.chat_id, item.outcome.after_s)
        for item in finished:
            if isinstance(item.outcome, Moved):
                await self._chats.move(item.due.address, item.outcome.chat_id)
        await self._chats.mark_gone([item.due.address for item in finished if isinstance(item.outcome, Gone)])
        await self._set_aside.put([aside for item in finished if (aside := _given_up(item))])


def _given_up(item: Finished) -> SetAside | None:
    cause = judge(item.outcome, item.service, item.due.claim).set_aside
    return SetAside(pseudonym(item.due.address), cause, item.article_ids) if cause else None
