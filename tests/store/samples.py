"""Chats and articles to test with."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.model import Address, Article, Chat, ChatKind, Position, Tag

PUBLISHED = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def an_article(*tags: str, title: str = "A bridge opens", minutes: int = 0, id: str = "") -> Article:
    number = next(_numbers)
    article_id = id or f"a{number}"
    return Article(
        id=article_id,
        title=title,
        link=f"https://example.org/{article_id}",
        published=PUBLISHED + timedelta(minutes=minutes),
        source="Sample",
        summary="Something happened.",
        countries=tuple(Tag(tag) for tag in tags if tag.isupper()),
        topics=tuple(Tag(tag) for tag in tags if tag.islower()),
        aliases=(f"guid-{article_id}", f"link-{article_id}"),
    )


def a_chat(
    chat_id: int = 42, follows: Iterable[str] = (), since: int = 0, thread_id: int | None = None
) -> Chat:
    return Chat(
        address=Address(chat_id, thread_id),
        kind=ChatKind.PRIVATE if chat_id > 0 else ChatKind.SUPERGROUP,
        language="en",
        timezone="Asia/Almaty",
        follows={Tag(tag): Position(since) for tag in follows},
    )
