"""The article log as every sender holds it in memory: what a chat is owed is found here without asking Redis.

:class:`LogTail` follows the stream (one XRANGE a refresh, nothing when nothing is new). :class:`LogIndex` is the
pure part: positions per tag, so that a chat whose cursor is months old costs no more than one that is up to date.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.model import Article, LogEntry, Position, Tag
from bot.store import keys
from bot.store.announcements import ANNOUNCEMENT, WITHDRAWN
from bot.store.articles import Articles
from bot.store.connect import Command, Database

READ_AT_ONCE = 2000
NOWHERE = Position(0)
"""Before the first entry."""


@dataclass(slots=True)
class LogIndex:
    """Positions and article ids of the log, findable by tag."""

    ids: dict[Position, str] = field(default_factory=dict)
    by_tag: dict[Tag, list[Position]] = field(default_factory=dict)
    last: Position = NOWHERE
    told: dict[Position, dict[Tag, Position]] = field(default_factory=dict)
    """Of entries that were logged before, with fewer tags: with which, and where."""

    def add(self, position: Position, article_id: str, tags: list[Tag]) -> None:
        """Append an entry; positions only grow."""
        self.last = position
        self.ids[position] = article_id
        for tag in tags:
            self.by_tag.setdefault(tag, []).append(position)

    def retell(self, position: Position, told: str) -> None:
        """The entry was logged before: ``told`` is ``position tag tag|position tag``, as fold_article.lua writes it."""
        before: dict[Tag, Position] = {}
        for place, *tags in (entry.split() for entry in told.split("|")):
            before.update({Tag(tag): Position(int(place)) for tag in tags})
        self.told[position] = before

    def announcements(self, positions: Iterable[Position]) -> set[Position]:
        """Those of the positions at which something was announced."""
        return set(positions) & set(self.by_tag.get(ANNOUNCEMENT, ()))

    def withdraw(self, article_id: str) -> None:
        """Owe an announcement to nobody any more."""
        announced = self.by_tag.get(ANNOUNCEMENT, [])
        announced[:] = [position for position in announced if self.ids[position] != article_id]

    def owed(self, follows: Mapping[Tag, Position], cursor: Position) -> list[Position]:
        """The entries after ``cursor`` that carry a followed tag and came after it was followed, in log order."""
        owed: set[Position] = set()
        for tag, since in follows.items():
            positions = self.by_tag.get(tag)
            if positions:
                owed.update(positions[bisect_right(positions, max(cursor, since)) :])
        if self.told:
            owed -= {position for position in owed & self.told.keys() if self._was_owed(position, follows)}
        return sorted(owed)

    def _was_owed(self, position: Position, follows: Mapping[Tag, Position]) -> bool:
        """Whether who follows these was owed the entry when it was logged before."""
        told = self.told[position]
        return any(follows[tag] < told[tag] for tag in follows.keys() & told.keys())


class LogTail:
    """The log up to the last refresh, with the articles that were asked for lately."""

    def __init__(self, database: Database, articles: Articles, articles_in_memory: int = 2000) -> None:
        self._database = database
        self._articles = articles
        self._capacity = articles_in_memory
        self._articles_by_id: dict[str, Article] = {}
        self.index = LogIndex()
        self.behind = True
        """Whether the last read may not have reached the end of the log."""

    @property
    def position(self) -> Position:
        """The newest entry that this tail knows; a chat served up to here is owed nothing older."""
        return self.index.last

    def refresh_call(self) -> Command:
        """The read of what is new, for a pipeline; :meth:`take` keeps the answer."""
        return ("XRANGE", keys.LOG, f"({self.index.last}-0", "+", "COUNT", READ_AT_ONCE)

    def take(self, entries: Sequence[tuple[bytes, Mapping[bytes, bytes]]]) -> None:
        """Keep what :meth:`refresh_call` brought."""
        self.behind = len(entries) >= READ_AT_ONCE
        for entry_id, fields in entries:
            position = Position(int(entry_id.partition(b"-")[0]))
            if position > self.index.last:
                tags = [Tag(tag) for tag in fields[b"tags"].decode().split()]
                article_id = fields[b"id"].decode()
                self.index.add(position, article_id, tags)
                if told := fields.get(b"told"):
                    self.index.retell(position, told.decode())
                    self._articles_by_id.pop(article_id, None)  # it has another source by now
                if WITHDRAWN in tags:
                    self.index.withdraw(article_id)

    async def refresh(self) -> None:
        """Read everything that is new. Raises StoreUnavailable."""
        self.behind = True
        while self.behind:
            self.take(await self._database.run(self.refresh_call()))

    async def load(self, positions: Iterable[Position]) -> None:
        """Have the articles at these positions in memory. Raises StoreUnavailable."""
        wanted = dict.fromkeys(self.index.ids[position] for position in positions)
        missing = [article_id for article_id in wanted if article_id not in self._articles_by_id]
        for article in await self._articles.get(missing):
            if article:
                self._articles_by_id[article.id] = article
        # The oldest go first, but none that is wanted now.
        surplus = len(self._articles_by_id) - self._capacity
        if surplus > 0:
            for article_id in [kept for kept in self._articles_by_id if kept not in wanted][:surplus]:
                del self._articles_by_id[article_id]

    def entries(self, positions: Sequence[Position]) -> list[LogEntry]:
        """The loaded entries at these positions, in order; an article that is forgotten by now is left out."""
        found = ((position, self._articles_by_id.get(self.index.ids[position])) for position in positions)
        return [LogEntry(position, article) for position, article in found if article]
