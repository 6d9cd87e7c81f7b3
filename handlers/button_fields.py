"""How the fields of a tap are written into button data, by their declared types, and read back strictly."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import re
import types
import typing
from collections.abc import Callable
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"[0-9]{1,9}")
_AMOUNT = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,40})?")
_TIME = re.compile(r"[0-9]{4}")
_WEEKDAYS = re.compile(r"[1-7]{1,7}")


def written(value: object) -> str:
    """Write the value of a field; None is nothing."""
    match value:
        case None:
            return ""
        case dt.time():
            return f"{value:%H%M}"
        case Decimal():
            return f"{value:f}"
        case frozenset():
            return "".join(map(str, sorted(value)))
        case _:
            return str(value)


def readers_of(kind: type[Any]) -> list[Callable[[str], Any]]:
    """Give what reads each field of a dataclass back. They raise ValueError on what ``written`` never wrote."""
    hints = typing.get_type_hints(kind)
    return [_reader(hints[field.name]) for field in dataclasses.fields(kind)]


def _reader(hint: Any) -> Callable[[str], Any]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):  # X | None
        (inner,) = (_reader(option) for option in typing.get_args(hint) if option is not type(None))
        return lambda part: inner(part) if part else None
    if hint is int:
        return _read_number
    if hint is Decimal:
        return _read_amount
    if hint is dt.time:
        return _read_time
    if hint == frozenset[int]:
        return _read_weekdays
    if isinstance(hint, enum.EnumType):
        return hint
    return _read_word


def _read_number(part: str) -> int:
    if not _NUMBER.fullmatch(part):
        raise ValueError(part)
    return int(part)


def _read_amount(part: str) -> Decimal:
    if not _AMOUNT.fullmatch(part):
        raise ValueError(part)
    return Decimal(part)


def _read_time(part: str) -> dt.time:
    if not _TIME.fullmatch(part):
        raise ValueError(part)
    return dt.time(int(part[:2]), int(part[2:]))


def _read_weekdays(part: str) -> frozenset[int]:
    if not _WEEKDAYS.fullmatch(part):
        raise ValueError(part)
    return frozenset(map(int, part))


def _read_word(part: str) -> str:
    if not part:
        raise ValueError(part)
    return part
