"""What people type for times and days, read into values: pure, strict, and helpful about near misses.

``08:00``, ``8:30`` are times; ``8``, ``8.30``, ``0800``, ``8am`` are not, but it is plain what was meant, so
:func:`meant_time` offers it. Days are ``daily``, ``mon-fri``, ``sat,sun``, in English or in the reader's language.
"""

from __future__ import annotations

import datetime as dt
import re

from babel import dates

from bot.language import Tongue
from bot.model import QuietHours

EVERY_DAY = frozenset(range(1, 8))
WORKDAYS = frozenset(range(1, 6))
WEEKEND = frozenset((6, 7))

_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMED_DAYS = {"daily": EVERY_DAY, "everyday": EVERY_DAY, "weekdays": WORKDAYS, "weekend": WEEKEND}
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_LOOSE_TIME = re.compile(r"([0-9]{1,2})(?:[.:,hч\s-]?([0-9]{2}))?\s*(am|pm)?", re.IGNORECASE)
_DASHES = re.compile(r"\s*[-–—−]\s*")


def read_time(text: str) -> dt.time | None:
    """Read a time of day, ``08:00`` or ``8:00``; None for anything else."""
    match = _TIME.fullmatch(text)
    return _time(int(match[1]), int(match[2])) if match else None


def meant_time(text: str) -> dt.time | None:
    """Guess what time was meant by ``8``, ``8.30``, ``0800``, ``8 pm``; None where no guess is safe."""
    match = _LOOSE_TIME.fullmatch(text.strip())
    if not match:
        return None
    hour, half = int(match[1]), (match[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return _time(hour, int(match[2] or 0))


def read_quiet_hours(text: str) -> QuietHours | None:
    """Read ``22:00-07:00``, with any dash; None for anything else, a span of no length included."""
    start, *rest = _DASHES.split(text.strip())
    if len(rest) != 1:
        return None
    span = read_time(start), read_time(rest[0])
    if span[0] is None or span[1] is None or span[0] == span[1]:
        return None
    return QuietHours(span[0], span[1])


def read_days(text: str, tongue: Tongue) -> frozenset[int] | None:
    """Read days of the week as ISO numbers: ``daily``, ``mon-fri``, ``sat,sun``, ``пн-пт``; None for anything else."""
    words = text.casefold().strip()
    if named := _NAMED_DAYS.get(words.replace(" ", "")):
        return named
    days: set[int] = set()
    for part in re.split(r"[,;\s]+", _DASHES.sub("-", words)):
        ends = [_read_day(name, tongue) for name in part.split("-")]
        if len(ends) > 2 or None in ends:
            return None
        first, last = ends[0], ends[-1]
        assert first is not None
        assert last is not None
        days.update((first + step - 1) % 7 + 1 for step in range((last - first) % 7 + 1))
    return frozenset(days)


def _read_day(name: str, tongue: Tongue) -> int | None:
    for number, english in enumerate(_ENGLISH_DAYS, 1):
        if name.startswith(english):
            return number
    for width in ("abbreviated", "short", "wide"):
        own = dates.get_day_names(width, "stand-alone", tongue.locale)
        for number in range(7):
            if name.strip(".") == own[number].casefold().strip("."):
                return number + 1
    return None


def _time(hour: int, minute: int) -> dt.time | None:
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None
