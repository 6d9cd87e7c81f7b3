"""What the worker remembers of each source between polls, across restarts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from bot.store import keys
from bot.store.connect import Command, Database

REMEMBERED_S = 90 * 86_400
"""A source that left the file is forgotten after that; until then it may come back without filling anew."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """The validators of the last answer (for conditional GET), and how the source has been doing.

    ``url`` is the configured address that all this is about: another one starts afresh. ``moved_to`` is where it
    has moved for good. ``filled`` tells that a first poll has succeeded: from then on new articles are pushed.
    ``ended`` tells that the publisher took it down (410). ``items`` is how many articles or rates the last answer
    with any held, ``took_s`` how long the last poll that worked took. ``polls`` and ``failures`` count
    since the source is known, ``stories`` those that were new.

    ``new_that_day`` of them came on ``day`` (UTC, as in 2026-06-15).

    ``published`` (by the minute), ``ttl_s`` and ``fresh_s`` are its habits, which decide when it is polled next.
    """

    url: str = ""
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    filled: bool = False
    ended: bool = False
    last_success: datetime | None = None
    last_error: str = ""
    items: int = 0
    took_s: float = 0.0
    polls: int = 0
    failures: int = 0
    stories: int = 0
    day: str = ""
    new_that_day: int = 0
    published: tuple[datetime, ...] = ()
    ttl_s: float | None = None
    fresh_s: float | None = None


_FIELDS = tuple(field.name for field in fields(SourceState))


class SourceStates:
    """The states of all sources, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> SourceState:
        """The state of a source; an empty one before its first poll."""
        return (await self.get_many([name]))[0]

    async def get_many(self, names: Sequence[str]) -> list[SourceState]:
        """The states of these sources, in one round trip."""
        asked: list[Command] = [("HMGET", keys.source_state(name), *_FIELDS) for name in names]
        return [_state(values) for values in await self._database.run_many(asked)]

    async def put(self, name: str, state: SourceState) -> None:
        """Remember a source's state."""
        success = state.last_success
        values = {
            "url": state.url,
            "moved_to": state.moved_to,
            "etag": state.etag,
            "last_modified": state.last_modified,
            "filled": "1" if state.filled else "",
            "ended": "1" if state.ended else "",
            "last_success": str(success.timestamp()) if success else "",
            "last_error": state.last_error,
            "items": str(state.items),
            "took_s": f"{state.took_s:.2f}",
            "polls": str(state.polls),
            "failures": str(state.failures),
            "stories": str(state.stories),
            "day": state.day,
            "new_that_day": str(state.new_that_day),
            "published": " ".join(str(int(time.timestamp()) // 60) for time in state.published),
            "ttl_s": "" if state.ttl_s is None else f"{state.ttl_s:g}",
            "fresh_s": "" if state.fresh_s is None else f"{state.fresh_s:g}",
        }
        flat = [part for pair in values.items() for part in pair]
        key = keys.source_state(name)
        await self._database.run_many([("HSET", key, *flat), ("EXPIRE", key, REMEMBERED_S)])


def _seconds(stored: str | None) -> float | None:
    return float(stored) if stored else None


def _state(values: Sequence[bytes | None]) -> SourceState:
    stored = {field: value.decode() for field, value in zip(_FIELDS, values, strict=True) if value}
    success = stored.get("last_success")
    return SourceState(
        url=stored.get("url", ""),
        moved_to=stored.get("moved_to", ""),
        etag=stored.get("etag", ""),
        last_modified=stored.get("last_modified", ""),
        filled="filled" in stored,
        ended="ended" in stored,
        last_success=datetime.fromtimestamp(float(success), UTC) if success else None,
        last_error=stored.get("last_error", ""),
        items=int(stored.get("items", 0)),
        took_s=float(stored.get("took_s", 0)),
        polls=int(stored.get("polls", 0)),
        failures=int(stored.get("failures", 0)),
        stories=int(stored.get("stories", 0)),
        day=stored.get("day", ""),
        new_that_day=int(stored.get("new_that_day", 0)),
        published=tuple(
            datetime.fromtimestamp(60 * int(minute), UTC) for minute in stored.get("published", "").split()
        ),
        ttl_s=_seconds(stored.get("ttl_s")),
        fresh_s=_seconds(stored.get("fresh_s")),
    )
