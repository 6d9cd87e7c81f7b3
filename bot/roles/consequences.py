"""What an outcome asks for besides the chat's own schedule, done before the chat is let go.

A group that moved takes its settings along, a chat that is gone is marked with all its topics, a 429 holds chat or bot
for everybody, a message given up is kept for the operators, who lost a topic is told, what was sent is counted.
Everything here may be done twice: the settler tries again when Redis was away in the middle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bot.model import Gone, Later, Moved, Outcome, Refused, Sent
from bot.roles.notices import TOPIC_REASONS, Notices
from bot.roles.verdicts import Service, judge
from bot.store.announcements import Announcements
from bot.store.chats import Chats
from bot.store.outbox import DueChat
from bot.store.rate_limiter import RateLimiter
from bot.store.set_aside import SetAside, SetAsideMessages, pseudonym
from bot.store.statistics import SentCounter


class Finished(NamedTuple):
    """A send that is over: what it was to do for the chat, and which stories were in it."""

    due: DueChat
    outcome: Outcome
    service: Service
    article_ids: tuple[str, ...] = ()


class Consequences:
    """Carries them out."""

    def __init__(
        self,
        chats: Chats,
        limiter: RateLimiter,
        set_aside: SetAsideMessages,
        sent: SentCounter,
        announcements: Announcements,
        notices: Notices,
    ) -> None:
        self._chats = chats
        self._limiter = limiter
        self._set_aside = set_aside
        self._sent = sent
        self._announcements = announcements
        self._notices = notices

    async def carry_out(self, finished: Sequence[Finished]) -> None:
        """Do what these outcomes ask for. Raises StoreUnavailable."""
        for item in finished:
            if isinstance(item.outcome, Later) and item.outcome.limited:
                await self._limiter.hold(item.due.address.chat_id, item.outcome.after_s)
        for item in finished:
            if isinstance(item.outcome, Moved):
                await self._chats.move(item.due.address, item.outcome.chat_id)
        await self._mark_gone([item for item in finished if isinstance(item.outcome, Gone)])
        await self._set_aside.put([aside for item in finished if (aside := _given_up(item))])
        await self._count([item for item in finished if isinstance(item.outcome, Sent)])
        for item in finished:
            if item.due.chat and isinstance(item.outcome, Gone) and item.outcome.reason in TOPIC_REASONS:
                self._notices.topic_lost(item.due.chat, item.outcome.reason)

    async def _mark_gone(self, gone: Sequence[Finished]) -> None:
        """A closed topic is one address; who kicked us from a group kicked us from all its topics."""
        addresses = [item.due.address for item in gone]
        for item in gone:
            assert isinstance(item.outcome, Gone)
            if item.due.address.chat_id < 0 and item.outcome.reason not in TOPIC_REASONS:
                addresses += await self._chats.addresses(item.due.address.chat_id)
        await self._chats.mark_gone(addresses)

    async def _count(self, sent: Sequence[Finished]) -> None:
        await self._sent.add(len(sent))
        announced = Counter(item.service.announcement for item in sent if item.service.announcement)
        for announcement_id, chats in announced.items():
            await self._announcements.count_sent(announcement_id, chats)


def _given_up(item: Finished) -> SetAside | None:
    if not isinstance(item.outcome, Refused):
        return None
    cause = judge(item.outcome, item.service, item.due.claim).set_aside
    return SetAside(pseudonym(item.due.address), cause, item.article_ids) if cause else None
