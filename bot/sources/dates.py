"""Dates as publishers write them → aware datetimes and dates. Pure; unreadable is None, never an error.

Feeds promise RFC 822 or RFC 3339 and keep it in about nineteen cases of twenty; the rest is read by dateutil.
Listing pages write for people, in any of our languages: their month names come from CLDR (Babel), read on
first use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import cache

from dateutil import parser as dateutil_parser  # type: ignore[import-untyped]

SLACK = timedelta(minutes=5)
"""How far a publisher's clock may be ahead of ours before we stop believing its times."""

_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)  # the beginning of time_t and of nobody's news
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,? )?(\d{1,2}) ([A-Za-z]{3})[a-z]{0,6} (\d{4}) (\d\d?):(\d\d)(?::(\d\d))?"
    r" ?(?:(?:GMT|UTC)?([+-])(\d\d?):?([0-5]\d)?|(?![AP]M)([A-Za-z]{1,5}))?"
)
_CLOCK = re.compile(r"\b(\d\d?):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_ZONE_AT_END = re.compile(r"(?:([+-])(\d\d?):?([0-5]\d)?|\b([A-Z]{1,5}))$")
_AMERICAN = re.compile(r"/|\b[ap]\.?m\b", re.IGNORECASE)
_DAY_FIRST = re.compile(r"\D*\d\d?\.\d\d?\.\d\d")
_MIDNIGHT = re.compile(r"(?<=[T ])24(?=:00(?::00)?(?![\d:]))")

# The letters that RFC 822 knows, and those that editors of the region put there all the same.
_ZONES: Mapping[str, int] = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 3600, "BST": 3600, "CET": 3600, "CEST": 7200,
    "EET": 7200, "EEST": 10800, "MSK": 10800, "TRT": 10800, "EST": -18000, "EDT": -14400, "CST": -21600,
    "CDT": -18000, "MST": -25200, "MDT": -21600, "PST": -28800, "PDT": -25200, "AKST": -32400, "AKDT": -28800,
    "HST": -36000, "IST": 19800, "SGT": 28800, "HKT": 28800, "AWST": 28800, "JST": 32400, "KST": 32400,
    "AEST": 36000, "AEDT": 39600, "ACST": 34200, "ACDT": 37800, "NZST": 43200, "NZDT": 46800,
    "ALMT": 18000, "UZT": 18000, "TJT": 18000, "TMT": 18000, "AZT": 14400, "GET": 14400, "YEKT": 18000,
    "KGT": 21600, "OMST": 21600,
}  # fmt: skip
_ENGLISH_MONTHS: Mapping[str, int] = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip

_CASES = ("и", "да", "де", "та", "те", "da", "de")  # Tajik "15 июни", Kazakh "15 маусымда", Uzbek "15-iyunda"
# Ours first: where two languages quarrel over a name, the reader's own wins.
_LANGUAGES = (
    "en",
    "ru",
    "kk",
    "ky",
    "uz",
    "tg",
    "tk",
    "tr",
    "az",
    "uk",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "pl",
    "mn",
)
_NUMERIC = (
    re.compile(r"\b(?P<y>\d{4})[-./](?P<m>\d\d?)[-./](?P<d>\d\d?)\b"),
    re.compile(r"\b(?P<d>\d\d?)[-./](?P<m>\d\d?)[-./](?P<y>\d{4})\b"),
)
_WORDED = (
    re.compile(
        r"\b(?P<d>\d\d?)(?:st|nd|rd|th)?[\s\-–]+(?:de )?(?P<m>[^\W\d_]{3,12})\.?,?[\s\-–]+(?:de )?(?P<y>\d{4})\b"
    ),
    re.compile(r"\b(?P<m>[^\W\d_]{3,12})\.?\s+(?P<d>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})\b"),
    re.compile(r"\b(?P<y>\d{4})[-\s]+(?:j\.|ж\.|йил)?\s*(?P<d>\d\d?)[-\s]+(?P<m>[^\W\d_]{3,12})\b"),
)


def parse_time(text: str | None, default_zone: tzinfo = UTC) -> datetime | None:
    """A feed's point in time, in UTC; a time without a zone is taken to be in ``default_zone``.

    None for what cannot be read and for the year-1970 dates that a zero in a database leaves behind.
    """
    cleaned = " ".join((text or "").split()).replace(" - ", " ")
    if not cleaned or len(cleaned) > 100:
        return None
    found = (
        _iso(cleaned) or _rfc822(cleaned) or _for_people(cleaned) or _anything(cleaned) or _library(cleaned)
    )
    if found is None:
        return None
    try:
        aware = found if found.tzinfo else found.replace(tzinfo=default_zone)
        moment = aware.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if moment >= _EARLIEST else None


def not_in_future(moment: datetime | None, now: datetime) -> datetime | None:
    """A time a little ahead of ``now`` is now; one far ahead says nothing and is None."""
    if moment is None or moment <= now:
        return moment
    return now if moment <= now + timedelta(days=1) else None


def find_date(text: str) -> date | None:
    """The first date in a line written for people: ``05 December 2025``, ``Dec 5, 2025``, ``5 мая 2025``."""
    for pattern in (*_NUMERIC, *_WORDED):
        for match in pattern.finditer(text):
            month = match["m"]
            number = int(month) if month.isdigit() else month_number(month)
            if number and (found := _date(int(match["y"]), number, int(match["d"]))):
                return found
    return None


def month_number(name: str) -> int | None:
    """The month that a name, wide or short, means in any of the languages, in the cases that dates put it in."""
    name = name.casefold().rstrip(".")
    stems = (name, *(name.removesuffix(ending) for ending in _CASES if name.endswith(ending)))
    return next((month for stem in stems if (month := _months().get(stem))), None)


def _iso(text: str) -> datetime | None:
    if not text[:4].isdigit() or not _ISO.match(text.replace(" ", "T", 1).upper()):
        return None
    try:
        return datetime.fromisoformat(text.replace(" UTC", "+00:00").replace(" GMT", "+00:00"))
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    """What feeds promise to write, with a month in English and a zone in figures or in letters that we know."""
    match = _RFC822.fullmatch(text)
    month = _ENGLISH_MONTHS.get(match[2].lower()) if match else None
    if match is None or month is None:
        return None
    day, year, hour, minute, second = (int(match[part] or 0) for part in (1, 3, 4, 5, 6))
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(*match.groups()[6:]))
    except ValueError:
        return None


def _zone(sign: str | None, hours: str | None, minutes: str | None, letters: str | None) -> tzinfo | None:
    """None where the zone is missing, or in letters that mean nothing to us."""
    if sign:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        return timezone(-offset if sign == "-" else offset)
    offset_s = _ZONES.get((letters or "").upper())
    return None if offset_s is None else timezone(timedelta(seconds=offset_s))


def _for_people(text: str) -> datetime | None:
    """``пн, 15 июня 2026 г., 10:00``, ``15.06.2026 10:00 +0600`` and their like in all our languages."""
    if _AMERICAN.search(text):
        return None
    day, clock = find_date(text), _CLOCK.search(text)
    if day is None:
        return None
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    zone = _ZONE_AT_END.search(text, clock.end()) if clock else None
    try:
        return datetime.combine(
            day, time(hour, minute, second, tzinfo=_zone(*zone.groups()) if zone else None)
        )
    except ValueError:
        return None


def _library(text: str) -> datetime | None:
    """The rest of RFC 2822: two-digit years, comments, what is obsolete."""
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _anything(text: str) -> datetime | None:
    """dateutil's guess."""
    late = timedelta(days=1) if _MIDNIGHT.search(text) else timedelta()
    try:
        # The default is naive on purpose: the caller knows the zone of a time that names none.
        found = dateutil_parser.parse(
            _MIDNIGHT.sub("00", text, count=1),
            tzinfos=_offset_s,
            dayfirst=bool(_DAY_FIRST.match(text)),
            default=datetime(1970, 1, 1),  # noqa: DTZ001
        )
        return found + late if isinstance(found, datetime) else None
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def _offset_s(name: str | None, offset_s: int | None) -> int | None:
    """What dateutil shall take a zone for. As a function: about names missing in a table it warns on stderr."""
    return offset_s if offset_s is not None else _ZONES.get((name or "").upper())


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """Month names, wide and short, in lower case → number."""
    from babel.dates import get_month_names  # not needed by feeds: paid for by the first listing page only

    names: dict[str, int] = {"sept": 9}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names.setdefault(name.casefold().rstrip("."), number)
    return names
