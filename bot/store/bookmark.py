"""How far a chat has been served, as Redis keeps it: ``position`` or, for chats with a briefing, ``position:day``.

One short field a chat, moved by the sender alone; settings live elsewhere, so the two never trample each other.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from bot.model import Position


class Bookmark(NamedTuple):
    """Pushes are settled up to the log position ``cursor``, briefings up to the local date ``briefed``."""

    cursor: Position
    briefed: date | None = None


def read_bookmark(stored: bytes) -> Bookmark:
    """What advance.lua wrote; a chat that has no bookmark yet is at the beginning."""
    cursor, _, day = stored.partition(b":")
    return Bookmark(Position(int(cursor or 0)), date.fromordinal(int(day)) if day else None)


def write_day(day: date | None) -> int | str:
    """A local date as advance.lua takes it; empty keeps the one that is stored."""
    return day.toordinal() if day else ""
