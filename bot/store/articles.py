"""Articles: stored once, listed by publication time, logged in the order in which they came.

The worker appends; ``/latest`` reads a page in one round trip; senders read the log (:mod:`bot.store.log_tail`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from bot.errors import StoreCorrupted
from bot.model import Article, Page, Position, Tag
from bot.store import keys
from bot.store.chat_record import FIRST_POSITION
from bot.store.connect import Command, Database
from bot.store.packing import pack_article, unpack_article
from bot.store.scripts import ScriptCall, script

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

FINGERPRINT = 16
"""Characters of the fingerprint that stands in front of a packed article (append_article.lua compares it): half of it
is of the words that people read, half of how their source writes them."""

NEAR_MS = 7 * 86_400_000
MOST_ON_A_SHELF = 50
MOST_SOURCES = 10
"""How long likes are looked for, among how many, and how many sources of one story are named."""

END_OF_LOG: Command = ("XREVRANGE", keys.LOG, "+", "-", "COUNT", 1)
"""Asks for the newest entry of the log; :func:`read_end_of_log` reads the answer."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of the articles of one poll: those stored, those corrected, those known already."""

    new: tuple[Article, ...]
    changed: tuple[Article, ...]
    known: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry of a source as far as it takes to know it again; ``aliases`` begin with its own identity.

    ``raw_mark`` is the second half of its fingerprint: of how the source writes it.
    """

    id: str
    aliases: tuple[str, ...]
    raw_mark: str


@dataclass(frozen=True, slots=True)
class Sifted:
    """``unknown``; ``known``; ``edited``: its source writes it otherwise, be it in words or in markup only; or
    ``linked``: only its link is known, as ``known_id``."""

    what: str
    known_id: str


@dataclass(frozen=True, slots=True)
class Near:
    """Where an article is put so that others can be compared with it; ``edition`` is when it was compared itself."""

    edition: str = ""
    telling: bytes = b""
    shelves: tuple[str, ...] = ()


class Articles:
    """The articles of the last ``retention_s`` seconds."""

    def __init__(self, database: Database, retention_s: float) -> None:
        self._database = database
        self._retention_ms = int(retention_s * 1000)

    async def append(self, articles: Sequence[Article]) -> Appended:
        """Store what is not known yet and log it, oldest first: its followers are owed it from now on.

        Running it again with the same articles changes nothing. Raises StoreUnavailable; then some may have been
        stored, and the next poll stores the rest.
        """
        return await self._store(articles, "append")

    async def fill(self, articles: Sequence[Article]) -> Appended:
        """The same for the first poll of a source: lists are filled, nobody is owed anything."""
        return await self._store(articles, "fill")

    async def log_unlisted(self, articles: Sequence[Article]) -> Appended:
        """The same as :meth:`append` for what is owed but no story: no list shows it."""
        return await self._store(articles, "append", listed=False)

    async def _store(
        self, articles: Sequence[Article], how: Literal["append", "fill"], *, listed: bool = True
    ) -> Appended:
        in_order = sorted(articles, key=lambda article: article.published)
        answers = await self._database.keep_many([self._call(article, how, listed) for article in in_order])
        became = [(answer[0].decode(), article) for answer, article in zip(answers, in_order, strict=True)]
        return Appended(
            new=tuple(article for what, article in became if what == "new"),
            changed=tuple(article for what, article in became if what == "changed"),
            known=sum(what == "known" for what, _ in became),
        )

    def _call(
        self, article: Article, how: Literal["append", "fill"], listed: bool, near: Near = Near()
    ) -> ScriptCall:
        aliases = [keys.alias(alias) for alias in article.aliases or (article.id,)]
        lists = [keys.latest(tag) for tag in (keys.EVERYTHING, *article.tags)] if listed else []
        shelves = [keys.shelf(name) for name in near.shelves]
        return ScriptCall(
            script("append_article"),
            (
                *(keys.LOG, keys.article(article.id), keys.EDITION, keys.telling(article.id)),
                *aliases,
                *lists,
                *shelves,
            ),
            (
                self._database.clock_shift_ms(),
                article.id,
                fingerprint(article),
                pack_article(article),
                int(article.published.timestamp() * 1000),
                self._retention_ms,
                how,
                " ".join(article.tags),
                len(aliases),
                len(lists),
                near.edition,
                near.telling,
                NEAR_MS,
                MOST_ON_A_SHELF,
            ),
        )

    async def sift(self, entries: Sequence[Sighting]) -> list[Sifted]:
        """What is known of each entry already, in their order. Nothing is stored."""
        calls: list[Command | ScriptCall] = [
            ScriptCall(
                script("sift_article"),
                (keys.article(entry.id), *map(keys.alias, entry.aliases)),
                (entry.id, entry.raw_mark, FINGERPRINT // 2, self._retention_ms),
            )
            for entry in entries
        ]
        return [Sifted(what.decode(), known.decode()) for what, known in await self._database.run_many(calls)]

    async def append_unlike(self, article: Article, how: Literal["append", "fill"], near: Near) -> str:
        """Store an article that is like no other in ``near.edition``.

        Returns ``new``, ``known``, ``changed``, or ``again`` if others were stored since: look for its like anew.
        """
        answer = await self._database.keep(self._call(article, how, True, near))
        what: str = answer[0].decode()
        return what

    async def fold(self, article: Article, into: str, how: Literal["append", "fill"]) -> None:
        """Remember that the source of ``article`` carries the stored story ``into`` too, and what its telling adds.

        Followers of a tag that only this telling carries are owed the story, unless they were owed it before.
        """
        aliases = [keys.alias(alias) for alias in article.aliases or (article.id,)]
        await self._database.keep(
            ScriptCall(
                script("fold_article"),
                (keys.LOG, keys.article(into), *aliases, *map(keys.latest, article.tags)),
                (
                    self._database.clock_shift_ms(),
                    into,
                    article.source,
                    FINGERPRINT,
                    self._retention_ms,
                    MOST_SOURCES,
                    how,
                    len(aliases),
                    len(article.countries),
                    *article.tags,
                ),
            )
        )

    async def latest(self, tag: Tag | None, *, offset: int, limit: int) -> Page:
        """The articles of ``tag`` (``None``: of all), newest publication first, from the zero-based ``offset``."""
        listed = keys.latest(tag or keys.EVERYTHING)
        total, ids = await self._database.run_many(
            [("ZCARD", listed), ("ZREVRANGE", listed, offset, offset + limit - 1)]
        )
        found = await self.get([article_id.decode() for article_id in ids])
        return Page([article for article in found if article], offset, total)

    async def about(
        self, tags: Collection[Tag], since: datetime, until: datetime, limit: int
    ) -> list[Article]:
        """What was published about any of ``tags`` between the two moments, the newest ``limit`` of each tag."""
        latest, after = int(until.timestamp() * 1000), int(since.timestamp() * 1000)
        commands: list[Command] = [
            ("ZREVRANGEBYSCORE", keys.latest(tag), latest, f"({after}", "LIMIT", 0, limit) for tag in tags
        ]
        listed = await self._database.run_many(commands)
        ids = dict.fromkeys(article_id.decode() for each in listed for article_id in each)
        return [article for article in await self.get(list(ids)) if article]

    async def ids_since(self, published: datetime) -> list[str]:
        """The ids of everything published after that."""
        after = int(published.timestamp() * 1000)
        ids = await self._database.run(("ZRANGEBYSCORE", keys.latest(keys.EVERYTHING), f"({after}", "+inf"))
        return [article_id.decode() for article_id in ids]

    async def get(self, ids: Sequence[str]) -> list[Article | None]:
        """The articles with these ids; None where one is forgotten, or cannot be read."""
        commands: list[Command] = [("GET", keys.article(article_id)) for article_id in ids]
        return [_read(stored) for stored in await self._database.run_many(commands)]


def read_end_of_log(answer: Sequence[tuple[bytes, object]]) -> Position:
    """The position of the newest entry; before all that can be, while the log is empty."""
    return Position(int(answer[0][0].partition(b"-")[0])) if answer else FIRST_POSITION


def _read(stored: bytes | None) -> Article | None:
    try:
        return unpack_article(stored[FINGERPRINT:]) if stored else None
    except StoreCorrupted as error:
        # One page and one push go without it; they must not fail for it.
        log.error("an article cannot be read", cause=str(error))
        return None


def fingerprint(article: Article) -> str:
    """Changes when what the source says changes; where that is not told, when what people read does."""
    if article.said:
        return article.said
    read = "\0".join((article.title, article.summary, article.link or ""))
    return hashlib.blake2b(read.encode(), digest_size=FINGERPRINT // 2).hexdigest()
