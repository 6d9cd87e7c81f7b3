"""When a bank publishes: ``mon-fri 15:30-18:00 Europe/Berlin``, as the sources file says it.

Text in, a frozen value out. Within its hours a source is polled every ``every``; outside, when they begin again, and
now and then on the way there, in case it publishes when nobody expects it. Pure; the polling asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sources.pace import LONGEST_S

EXAMPLE = "mon-fri 15:30-18:00 Europe/Berlin"

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(
    rf"(?:(?P<first>{'|'.join(_DAYS)})(?:-(?P<last>{'|'.join(_DAYS)}))?\s+)?"
    r"(?P<start>\d{2}:\d{2})-(?P<end>\d{2}:\d{2})\s+(?P<zone>\S+)"
)


@dataclass(frozen=True, slots=True)
class PublishingHours:
    """Local times of ``zone`` between which news is to be expected, on days of the week (0 is Monday).

    An ``end`` that is not after ``start`` is on the next day; the hours belong to the day on which they begin.
    """

    weekdays: frozenset[int]
    start: time
    end: time
    zone: ZoneInfo

    def local_day(self, now: datetime) -> date:
        """The date where the bank is: the day that an address with a date in it should ask for."""
        return now.astimezone(self.zone).date()

    def begin_in_s(self, now: datetime) -> float:
        """The seconds until the hours begin; 0 within them."""
        yesterday = self.local_day(now) - timedelta(days=1)
        spans = (self._span(yesterday + timedelta(days=ahead)) for ahead in range(10))
        begin = next(begin for begin, end in filter(None, spans) if now < end)
        return max(0.0, (begin - now.astimezone(UTC)).total_seconds())

    def poll_in_s(self, every_s: float, now: datetime) -> float:
        """How long to leave the source alone: ``every_s`` within its hours, else until they begin or 6 h passed."""
        return max(every_s, min(self.begin_in_s(now), LONGEST_S))

    def _span(self, day: date) -> tuple[datetime, datetime] | None:
        """The moments between which the hours of a day lie; in UTC, where time runs evenly."""
        if day.weekday() not in self.weekdays:
            return None
        last = day if self.start < self.end else day + timedelta(days=1)
        begin, end = datetime.combine(day, self.start, self.zone), datetime.combine(last, self.end, self.zone)
        return begin.astimezone(UTC), end.astimezone(UTC)


def read_hours(text: str) -> PublishingHours:
    """``mon-fri 15:30-18:00 Europe/Berlin``, or with one day, or none for every day. Raises ValueError."""
    match = _HOURS.fullmatch(text.strip())
    try:
        if not match:
            raise ValueError
        first, last = (
            _DAYS.index(match["first"] or "mon"),
            _DAYS.index(match["last"] or match["first"] or "sun"),
        )
        weekdays = frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
        start, end = time.fromisoformat(match["start"]), time.fromisoformat(match["end"])
        return PublishingHours(weekdays, start, end, ZoneInfo(match["zone"]))
    except (ValueError, LookupError, OSError):
        raise ValueError(f'write days, times and a time zone, like "{EXAMPLE}"') from None
