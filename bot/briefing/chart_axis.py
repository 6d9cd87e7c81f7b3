"""Where a date axis has its marks, and what they say: days for weeks, months for years. Pure, no drawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from bot.language import Tongue, capitalised

_MOST_MARKS, _MOST_MONTHS = 4, 6  # a phone has room for so many
_LONGEST_IN_DAYS = 100  # longer histories are marked by months


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis."""

    day: date
    label: str


def date_ticks(first: date, last: date, tongue: Tongue) -> list[Tick]:
    """A few marks between the two days, evenly spaced, away from the edges where there is room."""
    if (last - first).days > _LONGEST_IN_DAYS:
        return _months(first, last, tongue)
    span = (last - first).days
    if span < _MOST_MARKS:
        days = [first + timedelta(days=n) for n in range(span + 1)]
    else:
        step = -(-span // _MOST_MARKS)
        margin = (span - step * (span // step)) // 2
        days = [first + timedelta(days=n) for n in range(margin, span + 1, step)]
    return [Tick(day, tongue.day(day)) for day in days]


def _months(first: date, last: date, tongue: Tongue) -> list[Tick]:
    """First days of months; instead of January the mark names the year."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 600) if months / step <= _MOST_MONTHS)
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = [date(number // 12, number % 12 + 1, 1) for number in numbers if number % step == 0]
    days = [day for day in days if day >= first]
    return [Tick(day, str(day.year) if day.month == 1 else _month(day, tongue)) for day in days]


def _month(day: date, tongue: Tongue) -> str:
    return capitalised(format_date(day, "LLL", locale=tongue.locale))
