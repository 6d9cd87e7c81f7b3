"""Telegram's names (``file_id``) of pictures that were sent, by what is on them: the next one need not be drawn."""

from __future__ import annotations

from bot.store import keys
from bot.store.connect import Database

KEPT_S = 2 * 86_400
"""A chart of today is another one tomorrow."""


class Pictures:
    """What was sent lately."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def name_of(self, content_key: str) -> str | None:
        """The file_id of a picture; None if it was not sent lately. Raises StoreUnavailable."""
        name = await self._database.run(("GET", keys.picture(content_key)))
        return name.decode() if name else None

    async def remember(self, content_key: str, file_id: str) -> None:
        """It was sent, and this is its file_id. Raises StoreUnavailable."""
        await self._database.run(("SET", keys.picture(content_key), file_id, "EX", KEPT_S))
