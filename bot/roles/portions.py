"""What of everything that a chat is owed goes into its next message. Pure decisions.

Nearly always everything: merged, in order. Rate alerts are merged with each other, not with stories. Two things stand
alone: an announcement, and in a channel each story, because there a story is a post with its own link preview, its own
views and its own forwards. A channel that has fallen behind gets the rest merged like everybody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import takewhile

from bot.model import Article, Chat, ChatKind, LogEntry, Position, Tag
from bot.store.announcements import ANNOUNCEMENT, OWED_FOR_S

MOST_POSTS = 5
"""Stories that a channel gets one by one; at twenty posts a minute they are out within seconds."""


def owed_tags(chat: Chat, now: datetime) -> Mapping[Tag, Position]:
    """What a chat is owed entries of, and since when: stories, rate alerts, and the announcements of two days."""
    if not chat.reachable:
        return {}
    return {**chat.owed_since, ANNOUNCEMENT: Position(int((now.timestamp() - OWED_FOR_S) * 1000))}


def portion(chat: Chat, owed: Sequence[LogEntry]) -> Sequence[LogEntry]:
    """The first of the entries that are owed: those for one message."""
    if len(owed) <= 1:
        return owed
    if owed and owed[0].article.move:
        return list(takewhile(lambda entry: entry.article.move, owed))
    until = next((at for at, entry in enumerate(owed) if not is_story(entry.article)), len(owed))
    if until == 0:
        return owed[:1]
    if chat.kind is ChatKind.CHANNEL and until <= MOST_POSTS:
        return owed[:1]
    return owed[:until]


def is_story(article: Article) -> bool:
    """Whether an entry of the log is a story, and neither an announcement nor a rate that moved."""
    return article.move is None and not is_announcement(article)


def is_announcement(article: Article) -> bool:
    """Whether an entry of the log is an operator's announcement: Telegram HTML, to be sent as it is."""
    return ANNOUNCEMENT in article.topics
