"""What the worker remembers of each source between polls, across restarts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.store import keys
from bot.store.connect import Database


@dataclass(frozen=True, slots=True)
class SourceState:
    """The validators of the last answer (for conditional GET), and how the source has been doing.

    ``filled`` tells that a first poll has succeeded: from then on new articles are pushed.
    """

    etag: str | None = None
    last_modified: str | None = None
    filled: bool = False
    last_success: datetime | None = None
    last_error: str | None = None


class SourceStates:
    """The states of all sources, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> SourceState:
        """The state of a source; an empty one before its first poll."""
        names = ("etag", "last_modified", "filled", "last_success", "last_error")
        values = await self._database.run(("HMGET", keys.source_state(name), *names))
        etag, modified, filled, success, error = (value.decode() if value else None for value in values)
        return SourceState(
            etag=etag,
            last_modified=modified,
            filled=bool(filled),
            last_success=datetime.fromtimestamp(float(success), UTC) if success else None,
            last_error=error,
        )

    async def put(self, name: str, state: SourceState) -> None:
        """Remember a source's state."""
        fields = {
            "etag": state.etag or "",
            "last_modified": state.last_modified or "",
            "filled": "1" if state.filled else "",
            "last_success": str(state.last_success.timestamp()) if state.last_success else "",
            "last_error": state.last_error or "",
        }
        flat = [part for pair in fields.items() for part in pair]
        await self._database.run(("HSET", keys.source_state(name), *flat))
