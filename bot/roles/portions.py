"""What of everything that a chat is owed goes into its next message. Pure decisions.

Nearly always everything: merged, in order. Two things stand alone: an announcement, and in a channel each story,
because there a story is a post with its own link preview, its own views and its own forwards. A channel that has
fallen behind gets the rest merged like everybody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.model import Article, Chat, ChatKind, LogEntry, Position, Tag
from bot.store.announcements import ANNOUNCEMENT
from bot.store.packing import FIRST_POSITION

MOST_POSTS = 5
"""Stories that a channel gets one by one; at twenty posts a minute they are out within seconds."""


def owed_tags(chat: Chat) -> Mapping[Tag, Position]:
    """What a chat is owed entries of, and since when: what it follows, if it has pushes, and all announcements."""
    if not chat.reachable:
        return {}
    follows = chat.follows if chat.mode.pushes else {}
    return {**follows, ANNOUNCEMENT: FIRST_POSITION}


def portion(chat: Chat, owed: Sequence[LogEntry]) -> Sequence[LogEntry]:
    """The first of the entries that are owed: those for one message."""
    until = next((at for at, entry in enumerate(owed) if is_announcement(entry.article)), len(owed))
    if until == 0:
        return owed[:1]
    if chat.kind is ChatKind.CHANNEL and until <= MOST_POSTS:
        return owed[:1]
    return owed[:until]


def is_announcement(article: Article) -> bool:
    """Whether an entry of the log is an operator's announcement: Telegram HTML, to be sent as it is."""
    return ANNOUNCEMENT in article.topics
