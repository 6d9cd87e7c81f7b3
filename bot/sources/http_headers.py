"""What a server says about when to come back: Cache-Control, Expires, Retry-After → seconds. Pure.

Sources: RFC 9111 (freshness, sections 4.2.1 and 5.3) and RFC 9110 (dates 5.6.7, Retry-After 10.2.3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WISH_S = 86400.0
"""No wish of a server is believed beyond a day: a typing error must not silence a source for a year."""

_MAX_AGE = re.compile(r"(?:^|[,\s])(?:max-age)\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NEVER = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b", re.IGNORECASE)


def wish_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """How long an answer asks not to be asked for again, in whichever way; None if it does not say."""
    return max(filter(None, (fresh_for_s(headers, now), retry_after_s(headers, now))), default=None)


def fresh_for_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """For how many seconds the answer stays good by its own word; None if it does not say."""
    control = headers.get("Cache-Control", "")
    if _NEVER.search(control):
        return None
    if match := _MAX_AGE.search(control):
        return min(float(match[1]), LONGEST_WISH_S)
    expires = http_date(headers.get("Expires"))
    if expires is None:
        return None
    said_at = http_date(headers.get("Date")) or now
    return _bounded((expires - said_at).total_seconds())


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """The wait that ``Retry-After`` asks for, whether in seconds or as a date; None if there is none."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_WISH_S)
    moment = http_date(text)
    return None if moment is None else _bounded((moment - now).total_seconds())


def http_date(text: str | None) -> datetime | None:
    """A date of an HTTP header, aware; None for what is none (``Expires: 0``, ``-1``)."""
    if not text or len(text) > 60:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bounded(seconds: float) -> float | None:
    return min(seconds, LONGEST_WISH_S) if seconds > 0 else None
