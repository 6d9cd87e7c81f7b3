"""Times that listing pages write from the reader's day: ``2 hours ago``, ``вчера, 18:40``, ``14 июня``. Pure.

They mean something only together with the time at which the page was read. A day without a clock, and a clock whose
zone nobody knows, is the day at the hour of reading: near enough to order stories, and never in the future.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.sources.dates import month_number

_LONGEST = 60  # characters; a longer line tells a story, it does not date one
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
# Beginnings of units in our languages, the ones that begin alike in the order that tells them apart.
_UNITS: Mapping[str, int] = {
    "sec": 1, "сек": 1, "soni": 1,
    "min": _MINUTE, "мин": _MINUTE, "daq": _MINUTE, "дақ": _MINUTE, "мүн": _MINUTE,
    "hour": _HOUR, "hr": _HOUR, "час": _HOUR, "сағ": _HOUR, "саа": _HOUR, "soat": _HOUR, "соат": _HOUR,
    "sagat": _HOUR,
    "day": _DAY, "ден": _DAY, "дн": _DAY, "сут": _DAY, "күн": _DAY, "kun": _DAY, "gün": _DAY, "рӯз": _DAY,
    "week": 7 * _DAY, "нед": 7 * _DAY, "апта": 7 * _DAY, "жума": 7 * _DAY, "hafta": 7 * _DAY, "hepde": 7 * _DAY,
    "ҳафта": 7 * _DAY,
    "month": 30 * _DAY, "мес": 30 * _DAY, "h": _HOUR, "d": _DAY,
}  # fmt: skip
_ONE = r"an?|one|бір|бир|bir|як"
_AGO = re.compile(
    rf"(?:\b(\d{{1,3}}|{_ONE})\s+|\b(\d{{1,3}})|^\W*)({'|'.join(_UNITS)})\w{{0,6}}\.?\s+"
    r"(?:ago|назад|бұрын|oldin|avval|олдин|аввал|мурун|мурда|пеш|öň|ozal)\b",
    re.IGNORECASE,
)
_NOW = re.compile(r"\W*(?:just now|moments? ago|только что|жаңа ғана|hozirgina|азыр эле)\W*", re.IGNORECASE)
_CLOCK = r"(?:\W*\s*(?:at|в|soat|сағат|саат)?\s*\d\d?[:.]\d\d(?:\s*[ap]\.?m\.?)?)?\W*"
_DAYS_AGO: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (days, re.compile(rf"\W*(?:{words}){_CLOCK}", re.IGNORECASE))
    for days, words in (
        (0, r"today|сегодня|бүгін|bugun|бүгүн|имрӯз|şu gün"),
        (1, r"yesterday|вчера|кеше|kecha|кечээ|дирӯз|düýn"),
        (2, r"позавчера"),
    )
)
_DAY_OF_MONTH = (
    re.compile(rf"\W*(?P<day>\d\d?)[\s\-–]+(?P<month>[^\W\d_]{{3,12}})\.?{_CLOCK}"),
    re.compile(rf"\W*(?P<month>[^\W\d_]{{3,12}})\.?\s+(?P<day>\d\d?){_CLOCK}"),
)


def is_relative_time(words: str) -> bool:
    """Whether a line dates something from the day of reading, and says nothing else."""
    return len(words) <= _LONGEST and (
        bool(_AGO.search(words) or _NOW.fullmatch(words))
        or any(pattern.fullmatch(words) for _, pattern in _DAYS_AGO)
        or _day_of_month(words) is not None
    )


def time_from(words: str, now: datetime) -> datetime | None:
    """The time that the words mean for who reads them at ``now``; None if they date nothing."""
    if len(words) > _LONGEST:
        return None
    if _NOW.fullmatch(words):
        return now
    if match := _AGO.search(words):
        number = match[1] or match[2] or "1"
        unit_s = next(seconds for name, seconds in _UNITS.items() if match[3].lower() == name)
        return now - timedelta(seconds=(int(number) if number.isdigit() else 1) * unit_s)
    for days, pattern in _DAYS_AGO:
        if pattern.fullmatch(words):
            return now - timedelta(days=days)
    return _last_time(_day_of_month(words), now)


def _day_of_month(words: str) -> tuple[int, int] | None:
    for pattern in _DAY_OF_MONTH:
        if (match := pattern.fullmatch(words)) and (month := month_number(match["month"])):
            return month, int(match["day"])
    return None


def _last_time(day: tuple[int, int] | None, now: datetime) -> datetime | None:
    """The latest such day that is not after ``now``."""
    for year in (now.year, now.year - 1) if day else ():
        try:
            moment = now.replace(year=year, month=day[0], day=day[1]) if day else now
        except ValueError:
            continue
        if moment <= now:
            return moment
    return None
