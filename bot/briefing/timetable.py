"""When a briefing goes out: once a local date, exact across changes of the clock, spread over a few minutes.

Pure functions of the plan, the chat and ``now``; the sender remembers the local date of the last briefing that went
out, and asks :func:`turn` what to do and when to ask again, and :func:`quiet_until` whether pushes wait.
Rules: a time that the clock jumps over goes out when the jump ends; one that comes twice goes out the first
time; many chats at 08:00 get theirs over the minutes after it, each always at the same; what is missed by less
than three hours is sent late.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.model import Address, BriefingPlan, QuietHours

LATEST = dt.timedelta(hours=3)
"""Later than this a briefing is skipped."""

SPREAD_S = 120
"""Chats with the same time are spread over so many seconds after it."""

DAY = dt.timedelta(days=1)
_LOOK_AHEAD_DAYS = 10  # a week for plans of one weekday, and room for dates that a zone leaves out


@dataclass(frozen=True, slots=True)
class Turn:
    """``due`` is the local date whose briefing is to be sent now; ``next_at`` is when to ask again (UTC)."""

    due: dt.date | None
    next_at: dt.datetime


def turn(
    plan: BriefingPlan, zone: ZoneInfo, address: Address, last: dt.date | None, now: dt.datetime
) -> Turn:
    """Decide at ``now``. ``last`` is the local date of the last briefing that went out, None if there is none."""
    due, next_at = None, None
    for day in _days_around(plan, zone, now):
        at = due_at(plan, zone, address, day)
        if at is None or (last is not None and day <= last):
            continue
        if at > now:
            next_at = at
            break
        # Moving the hour past now must not make today's count as missed since the morning.
        if now < max(at, plan.since or at) + LATEST:
            due = day
    return Turn(due, next_at or now + DAY * _LOOK_AHEAD_DAYS)


def first_day(plan: BriefingPlan, zone: ZoneInfo, address: Address, now: dt.datetime) -> dt.date:
    """The first date of a plan that is new: who plans 08:00 at nine gets the first one tomorrow."""
    today = now.astimezone(zone).date()
    at = due_at(plan, zone, address, today)
    return today + DAY if at is not None and at <= now else today


def quiet_until(quiet: QuietHours | None, zone: ZoneInfo, now: dt.datetime) -> dt.datetime | None:
    """The end (UTC) of the quiet hours that ``now`` lies in, None outside of them.

    Hours that end when they start are none.
    """
    if quiet is None or quiet.start == quiet.end:
        return None
    today = now.astimezone(zone).date()
    for day in (today - DAY, today):
        start = _first_moment(dt.datetime.combine(day, quiet.start), zone)
        last_day = day if quiet.start < quiet.end else day + DAY
        end = _first_moment(dt.datetime.combine(last_day, quiet.end), zone)
        if start <= now < end:
            return end
    return None


def due_at(plan: BriefingPlan, zone: ZoneInfo, address: Address, day: dt.date) -> dt.datetime | None:
    """The moment (UTC) of the briefing of a local date; None for a date that the zone leaves out altogether."""
    moment = _first_moment(dt.datetime.combine(day, plan.at), zone)
    if moment.astimezone(zone).date() > day and not _exists(day, zone):
        return None
    return moment + dt.timedelta(seconds=spread_s(address))


def spread_s(address: Address) -> int:
    """The chat's own place in the minutes after the hour, in seconds."""
    return zlib.crc32(str(address).encode()) % SPREAD_S


def _days_around(plan: BriefingPlan, zone: ZoneInfo, now: dt.datetime) -> Iterator[dt.date]:
    yesterday = now.astimezone(zone).date() - DAY
    days = (yesterday + DAY * number for number in range(_LOOK_AHEAD_DAYS + 2))
    first = plan.first_day or yesterday
    return (day for day in days if day.isoweekday() in plan.weekdays and day >= first)


def _first_moment(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first moment (UTC) at which the clocks of ``zone`` show ``wall`` or, if they jump over it, a later time.

    PEP 495: in a jump, ``fold=1`` reckons with the offset after it and lands before it, ``fold=0`` the reverse.
    """
    moment = wall.replace(tzinfo=zone).astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(dt.UTC), moment
    while after - before > dt.timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _exists(day: dt.date, zone: ZoneInfo) -> bool:
    midnight = _first_moment(dt.datetime.combine(day, dt.time()), zone)
    return midnight.astimezone(zone).date() == day
