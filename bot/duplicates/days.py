"""The days that a story names: "on Thursday" and "March 14", seen from the day of its publication. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

_WEEKDAYS = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "понедельник": 0, "вторник": 1, "сред": 2, "четверг": 3, "пятниц": 4, "суббот": 5, "воскресень": 6,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS_RUSSIAN = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_WEEKDAY = re.compile(
    rf"\b(?:on|early|late|в|во)\s+({'|'.join(_WEEKDAYS)})|\b({'|'.join(list(_WEEKDAYS)[:7])})\b",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    r"\b([A-Z][a-z]{2})[a-z]{0,6}\.?\s+(\d{1,2})\b|\b(\d{1,2})\s+([a-zа-я]{3})[a-zа-я]{0,6}\b", re.IGNORECASE
)
_LATELY = timedelta(days=10)


def days_named(text: str, published: date) -> frozenset[date]:
    """Every day of the ten before publication that the text names."""
    days = set()
    for match in _WEEKDAY.finditer(text):
        weekday = _WEEKDAYS[(match[1] or match[2]).lower()]
        days.add(published - timedelta(days=(published.weekday() - weekday) % 7))
    for match in _MONTH_DAY.finditer(text):
        month, day = (match[1], match[2]) if match[1] else (match[4], match[3])
        if (
            named := _dated(month.lower(), int(day), published)
        ) and timedelta() <= published - named <= _LATELY:
            days.add(named)
    return frozenset(days)


def _dated(month: str, day: int, published: date) -> date | None:
    for names in (_MONTHS, _MONTHS_RUSSIAN):
        if month in names:
            number = names.index(month) + 1
            year = published.year - (number > published.month)
            try:
                return date(year, number, day)
            except ValueError:
                return None
    return None
