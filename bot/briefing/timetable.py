"""When a chat's briefing is due, and until when it wants quiet: pure functions of the plan, the zone and the time.

The sender asks :func:`next_briefing` after each look at a chat, handlers ask it after each change of plan. The
rules: once per local date, never before its time, missed by less than three hours still sent, else skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model import BriefingPlan, QuietHours

LATEST = timedelta(hours=3)
"""A briefing that could not go out for longer than this is old news: it is skipped."""

SPREAD_S = 120
"""Everybody wants it at eight: each chat has its own second within this time after the hour, always the same."""

HORIZON_DAYS = 10
"""A week, and room for a plan that begins tomorrow."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A briefing: of which local date, and from which instant on it is due."""

    day: date
    due: datetime


def next_briefing(
    plan: BriefingPlan, timezone: str, chat_id: int, last_day: date | None, now: datetime
) -> Appointment | None:
    """The first briefing that is not missed yet; due already if it should have gone out within three hours.

    ``last_day`` is the local date of the last one that went out. None only for a plan without weekdays.
    """
    zone = ZoneInfo(timezone)
    delay = timedelta(seconds=chat_id * 7919 % SPREAD_S)
    for day in _days_from(now.astimezone(zone).date() - timedelta(days=1)):
        if day.isoweekday() not in plan.weekdays or (last_day is not None and day <= last_day):
            continue
        if plan.first_day is not None and day < plan.first_day:
            continue
        due = instant(day, plan.at, zone) + delay
        if max(due, plan.since or due) + LATEST >= now:
            return Appointment(day, due)
    return None


def first_day(plan: BriefingPlan, timezone: str, now: datetime) -> date:
    """The first date for a plan that is made now: today if its time is still to come, else tomorrow."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    return today if instant(today, plan.at, zone) > now else today + timedelta(days=1)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clocks of ``zone`` show ``at`` on ``day``, in UTC.

    A time that occurs twice means the first; a time that the clocks leap over means the first minute after the
    leap (PEP 495: an imaginary time does not survive the way to UTC and back).
    """
    wanted = datetime.combine(day, at)
    there = wanted.replace(tzinfo=zone, fold=0)
    back = there.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if back == wanted:
        return there.astimezone(UTC)
    # fold=1 reads an imaginary time by the offset after the leap: that lands before it, by as much as is missing.
    before = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    leap = there.utcoffset() or timedelta()
    after = wanted.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
    return _first_minute_after_leap(before, before + abs(after - leap), zone)


def _first_minute_after_leap(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first minute in (early, late] whose offset is the later one; both instants are in UTC."""
    target = late.astimezone(zone).utcoffset()
    minutes = int((late - early) / timedelta(minutes=1))
    low, high = 0, minutes
    while low < high:
        middle = (low + high) // 2
        if (early + timedelta(minutes=middle)).astimezone(zone).utcoffset() == target:
            high = middle
        else:
            low = middle + 1
    return early + timedelta(minutes=high)


def _days_from(first: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(HORIZON_DAYS))


def quiet_until(quiet: QuietHours | None, timezone: str, now: datetime) -> datetime | None:
    """The end of the quiet hours that ``now`` lies in; None outside of them.

    Hours that start and end at the same time are the whole day but for that minute's instant: never meant, so
    they count as none.
    """
    if quiet is None or quiet.start == quiet.end:
        return None
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        start = instant(day, quiet.start, zone)
        ends_on = day if quiet.start < quiet.end else day + timedelta(days=1)
        end = instant(ends_on, quiet.end, zone)
        if start <= now < end:
            return end
    return None
