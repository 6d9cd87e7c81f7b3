"""Announcements of operators: one text to every chat, over the same log, cursors and limits as stories.

A draft becomes an entry of the log under a pseudo tag that nobody need follow: the fan-out walks over the settings
themselves for it (:mod:`bot.store.fanout`), so that it costs no subscriber a byte. The entry names an article whose
only topic is that tag and whose summary is the text, as Telegram HTML. Taking one back is an entry, too: every sender
reads it with the news of the log, and owes the announcement to nobody from then on.
"""

from __future__ import annotations

import enum
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.model import Article, Tag
from bot.store import keys
from bot.store.connect import Database
from bot.store.packing import pack_article
from bot.store.scripts import ScriptCall, script

ANNOUNCEMENT = Tag("!")
"""The pseudo tag of announcements; no catalogue has it, no list shows it."""

WITHDRAWN = Tag("!withdrawn")
"""The pseudo tag of the entry that takes an announcement back."""

OWED_FOR_S = 2 * 86_400
"""Who cannot be reached within this time has missed it."""

KEPT_S = 7 * 86_400
FINGERPRINT = "announcement    "
"""Stands where articles have theirs; an announcement is never corrected."""


class State(enum.StrEnum):
    """Where an announcement stands."""

    DRAFT = "draft"
    SENDING = "sending"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Announcement:
    """``html`` for ``total`` chats, ``sent`` of which have it. Without a log entry it is a draft."""

    id: str
    html: str
    total: int
    state: State = State.DRAFT
    sent: int = 0


class Announcements:
    """All announcements of the last week, by id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def draft(self, html: str, total: int) -> Announcement:
        """Keep a text until the operator has looked at it. Raises StoreUnavailable."""
        drafted = Announcement(secrets.token_hex(6), html, total)
        key = keys.announcement(drafted.id)
        fields = ("html", html, "total", total, "state", drafted.state.value, "sent", 0)
        await self._database.keep_many([("HSET", key, *fields), ("EXPIRE", key, KEPT_S)])
        return drafted

    async def get(self, announcement_id: str) -> Announcement | None:
        """An announcement as it stands; None if there is none. Raises StoreUnavailable."""
        fields = await self._database.run(
            ("HMGET", keys.announcement(announcement_id), "html", "total", "state", "sent")
        )
        if fields[0] is None:
            return None
        html, total, state, sent = (field.decode() for field in fields)
        return Announcement(announcement_id, html, int(total), State(state), int(sent))

    async def publish(self, drafted: Announcement) -> Announcement:
        """Make a draft owed to everybody; what is no draft any more stays as it is. Raises StoreUnavailable."""
        article = Article(
            id=drafted.id,
            title="",
            link=None,
            published=datetime.now(UTC),
            source="",
            summary=drafted.html,
            topics=(ANNOUNCEMENT,),
        )
        return await self._turn(
            drafted, State.DRAFT, State.SENDING, ANNOUNCEMENT, FINGERPRINT.encode() + pack_article(article)
        )

    async def withdraw(self, announcement: Announcement) -> Announcement:
        """Owe it to nobody any more; who has it keeps it. Raises StoreUnavailable."""
        if announcement.state is State.DRAFT:
            return await self._turn(announcement, State.DRAFT, State.WITHDRAWN, None, b"")
        return await self._turn(announcement, State.SENDING, State.WITHDRAWN, WITHDRAWN, b"")

    async def count_sent(self, announcement_id: str, chats: int) -> None:
        """More chats have it. Raises StoreUnavailable."""
        await self._database.run(("HINCRBY", keys.announcement(announcement_id), "sent", chats))

    async def _turn(
        self, announcement: Announcement, before: State, after: State, tag: Tag | None, packed: bytes
    ) -> Announcement:
        call = ScriptCall(
            script("turn_announcement"),
            (keys.LOG, keys.announcement(announcement.id), keys.article(announcement.id)),
            (
                self._database.clock_shift_ms(),
                announcement.id,
                before.value,
                after.value,
                tag or "",
                packed,
                OWED_FOR_S,
            ),
        )
        await self._database.keep(call)
        return await self.get(announcement.id) or replace(announcement, state=State.WITHDRAWN)
