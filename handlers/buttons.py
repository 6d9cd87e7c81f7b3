"""What a tap means: each kind of button is a small value, and its data carries the whole of it.

``encode`` makes the data of a button (at most 64 bytes, Telegram's limit), ``decode`` reads it back. No
state is kept between the two, so any process can answer any button, however old; data that nobody here
wrote decodes to None. A tap says what shall be (follow, unfollow), never "the other way round": tapping
twice is harmless.
"""

from __future__ import annotations

import dataclasses
import enum
import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.model import Tag

MOST_BYTES = 64
_SEPARATOR = ":"
_NUMBER = re.compile(r"[0-9]{1,9}")


class View(enum.StrEnum):
    """The message on which a follow button stands, so that it can be drawn again after the tap."""

    WELCOME = "w"
    EVERYTHING = "e"
    SUBSCRIPTIONS = "s"


@dataclass(frozen=True, slots=True)
class Follow:
    """Follow a country or topic."""

    tag: Tag
    view: View


@dataclass(frozen=True, slots=True)
class Unfollow:
    """Stop following a country or topic."""

    tag: Tag
    view: View


@dataclass(frozen=True, slots=True)
class Show:
    """Turn the message into another view."""

    view: View


@dataclass(frozen=True, slots=True)
class MorningBriefing:
    """Have the briefing at the default time, besides the stories as they appear; from the welcome."""


@dataclass(frozen=True, slots=True)
class NoBriefing:
    """The reverse of :class:`MorningBriefing`; from the welcome."""


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Show the latest stories of a tag (None: of all) from this offset on, in place of the page shown."""

    tag: Tag | None
    offset: int


@dataclass(frozen=True, slots=True)
class ShowLatest:
    """Send the first page of the latest stories as a message of its own."""


Tap = Follow | Unfollow | Show | MorningBriefing | NoBriefing | TurnPage | ShowLatest

# The letters are what is written on buttons in people's chats: never reuse one for another meaning.
_KINDS: dict[str, type[Tap]] = {
    "f": Follow,
    "u": Unfollow,
    "v": Show,
    "b": MorningBriefing,
    "n": NoBriefing,
    "p": TurnPage,
    "l": ShowLatest,
}
_LETTERS = {kind: letter for letter, kind in _KINDS.items()}


def encode(tap: Tap) -> str:
    """Write a tap as button data. Raises ValueError if it does not fit, which is a mistake of ours."""
    values = (getattr(tap, field.name) for field in dataclasses.fields(tap))
    parts = [_LETTERS[type(tap)], *("" if value is None else str(value) for value in values)]
    data = _SEPARATOR.join(parts)
    if len(data.encode()) > MOST_BYTES or any(_SEPARATOR in part for part in parts):
        raise ValueError(f"cannot be written as button data: {tap!r}")
    return data


def decode(data: str) -> Tap | None:
    """Read button data; None for what ``encode`` never wrote."""
    letter, *parts = data.split(_SEPARATOR)
    kind = _KINDS.get(letter)
    if kind is None:
        return None
    readers = _readers(kind)
    if len(parts) != len(readers):
        return None
    try:
        return kind(*(read(part) for read, part in zip(readers, parts, strict=True)))
    except ValueError:
        return None


def _readers(kind: type[Tap]) -> list[Callable[[str], Any]]:
    hints = typing.get_type_hints(kind)
    return [_reader(hints[field.name]) for field in dataclasses.fields(kind)]


def _reader(hint: Any) -> Callable[[str], Any]:
    if isinstance(hint, types.UnionType):  # X | None
        (inner,) = (_reader(option) for option in hint.__args__ if option is not type(None))
        return lambda part: inner(part) if part else None
    if hint is int:
        return _read_number
    if isinstance(hint, enum.EnumType):
        return hint
    return _read_word


def _read_number(part: str) -> int:
    if not _NUMBER.fullmatch(part):
        raise ValueError(part)
    return int(part)


def _read_word(part: str) -> str:
    if not part:
        raise ValueError(part)
    return part
