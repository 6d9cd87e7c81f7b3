"""How the stories of the last seven days were told, and which of them may be like a new one.

An article's telling is stored with it (:meth:`bot.store.articles.Articles.append_unlike`) and stands on some shelves;
what shares shelves with a new telling is worth comparing. Shelves are short and expire by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import msgpack

from bot.duplicates.telling import LONGEST_TEXT, Telling
from bot.errors import StoreCorrupted
from bot.model import Tag
from bot.store import keys
from bot.store.connect import Database
from bot.store.scripts import ScriptCall, script

MOST_COMPARED = 12


@dataclass(frozen=True, slots=True)
class Likes:
    """Tellings worth comparing, by article id, those with most shelves in common first, as of an edition."""

    edition: str
    tellings: dict[str, Telling]


class Tellings:
    """Reads tellings; writing them is part of storing an article."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def like(self, shelves: tuple[str, ...]) -> Likes:
        """What stands on these shelves. Raises StoreUnavailable."""
        edition, together = await self._database.run(
            ScriptCall(script("stand_together"), (keys.EDITION, *map(keys.shelf, shelves)), (MOST_COMPARED,))
        )
        ids = [article_id.decode() for article_id in together]
        found = await self.get(ids)
        return Likes(
            edition.decode(),
            {article_id: telling for article_id, telling in zip(ids, found, strict=True) if telling},
        )

    async def get(self, ids: list[str]) -> list[Telling | None]:
        """The tellings of these articles; None where one is forgotten."""
        if not ids:
            return []
        stored = await self._database.run(("MGET", *map(keys.telling, ids)))
        return [unpack_telling(packed) if packed else None for packed in stored]


def pack_telling(telling: Telling) -> bytes:
    """A telling, cut to the text that counts."""
    packed: bytes = msgpack.packb(
        [
            telling.title,
            telling.text[:LONGEST_TEXT],
            telling.page,
            int(telling.published.timestamp()),
            list(telling.countries),
            list(telling.topics),
            telling.source,
        ]
    )
    return packed


def unpack_telling(packed: bytes) -> Telling:
    """The reverse of :func:`pack_telling`. Raises StoreCorrupted."""
    try:
        title, text, page, published, countries, topics, source = msgpack.unpackb(packed)
        return Telling(
            title,
            text,
            page,
            datetime.fromtimestamp(published, UTC),
            tuple(map(Tag, countries)),
            tuple(map(Tag, topics)),
            source,
        )
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise StoreCorrupted(f"a stored telling cannot be read: {error!r}") from error
