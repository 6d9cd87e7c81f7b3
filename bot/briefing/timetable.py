"""When a briefing goes out: once a local date, exact across changes of the clock, spread over a few minutes.

Pure functions of the plan, the chat and ``now``; the caller remembers the local date of the last briefing that
was settled (sent, or skipped because it was too late) and asks :func:`turn` what to do and when to ask again.
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

from bot.model import Address, BriefingPlan

LATEST = dt.timedelta(hours=3)
"""Later than this a briefing is skipped."""

SPREAD_S = 600
"""Chats with the same time are spread over so many seconds after it."""

DAY = dt.timedelta(days=1)
_LOOK_AHEAD_DAYS = 10  # a week for plans of one weekday, and room for dates that a zone leaves out


@dataclass(frozen=True, slots=True)
class Turn:
    """``due`` is the local date whose briefing is to be sent now; ``next_at`` is when to ask again (UTC)."""

    due: dt.date | None
    next_at: dt.datetime


def turn(
    plan: BriefingPlan, zone: ZoneInfo, address: Address, settled: dt.date | None, now: dt.datetime
) -> Turn:
    """Decide at ``now``. ``settled`` is the newest local date that is done with, None if there is none."""
    due, next_at = None, None
    for day in _days_around(plan, zone, now):
        at = due_at(plan, zone, address, day)
        if at is None or (settled is not None and day <= settled):
            continue
        if at > now:
            next_at = at
            break
        if now < at + LATEST:
            due = day
    return Turn(due, next_at or now + DAY * _LOOK_AHEAD_DAYS)


def past_already(plan: BriefingPlan, zone: ZoneInfo, address: Address, now: dt.datetime) -> dt.date:
    """The date to count as settled when a plan is new: who plans 08:00 at nine gets the first one tomorrow."""
    today = now.astimezone(zone).date()
    at = due_at(plan, zone, address, today)
    return today if at is not None and at <= now else today - DAY


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
    return (day for day in days if day.isoweekday() in plan.weekdays)


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
