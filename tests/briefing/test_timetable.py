"""The timetable: once a local date, never before the hour, whatever clocks, crashes and changes of mind do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.briefing.timetable import LATEST, SPREAD_S, first_day, instant, next_briefing, quiet_until
from bot.model import BriefingPlan, QuietHours

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
EIGHT = BriefingPlan(time(8))
zones = st.sampled_from(ZONES)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
weekdays = st.frozensets(st.integers(1, 7), min_size=1)
moments = st.integers(1_704_067_200, 1_798_675_200).map(lambda s: datetime.fromtimestamp(s, UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@settings(max_examples=150, deadline=None)
@given(zones, times, weekdays, st.integers(1, 10**10), st.dates(date(2024, 1, 1), date(2026, 12, 1)))
def test_in_every_zone_each_wanted_date_gets_its_briefing_once_and_never_before_its_hour(
    zone: str, when: time, days: frozenset[int], chat_id: int, start: date
) -> None:
    plan = BriefingPlan(when, days)
    now = datetime.combine(start, time(0), UTC)
    last: date | None = start - timedelta(days=1)
    served = []
    while now < datetime.combine(start, time(0), UTC) + timedelta(days=30):
        appointment = next_briefing(plan, zone, chat_id, last, now)
        assert appointment is not None
        now = max(now, appointment.due)
        local = now.astimezone(ZoneInfo(zone))
        assert local.date() == appointment.day or instant(appointment.day, when, ZoneInfo(zone)) <= now
        assert appointment.due >= instant(appointment.day, when, ZoneInfo(zone))
        served.append(appointment.day)
        last = appointment.day
    assert served == sorted(set(served)), "no date twice"
    # The first date may have been over already when the plan was made (it is 14 o'clock on Kiritimati).
    wanted = {day for n in range(1, 29) if (day := start + timedelta(days=n)).isoweekday() in days}
    assert wanted <= set(served), "no date missed"


@settings(max_examples=300, deadline=None)
@given(zones, times, st.integers(1, 10**10), moments)
def test_looking_at_any_moment_gives_the_same_appointment_until_it_is_missed(
    zone: str, when: time, chat_id: int, now: datetime
) -> None:
    plan = BriefingPlan(when)
    appointment = next_briefing(plan, zone, chat_id, None, now)
    assert appointment is not None
    for later in (now, appointment.due, appointment.due + LATEST):
        if later >= now:
            assert next_briefing(plan, zone, chat_id, None, later) == appointment
    missed = next_briefing(plan, zone, chat_id, None, appointment.due + LATEST + timedelta(seconds=1))
    assert missed is not None
    assert missed.day > appointment.day


@given(st.integers(-(2**50), 2**50))
def test_the_spread_is_stable_and_within_two_minutes(chat_id: int) -> None:
    now = at("2026-11-24T00:00")
    due = next_briefing(EIGHT, "UTC", chat_id, None, now)
    assert due == next_briefing(EIGHT, "UTC", chat_id, None, now)
    assert due is not None
    assert timedelta() <= due.due - at("2026-11-24T08:00") < timedelta(seconds=SPREAD_S)


def test_many_chats_are_spread_evenly() -> None:
    now = at("2026-11-24T00:00")
    dues = {a.due for n in range(2000) if (a := next_briefing(EIGHT, "UTC", 10_000 + n, None, now))}
    assert len(dues) == SPREAD_S


@pytest.mark.parametrize(
    ("zone", "day", "wanted", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),  # 02:30 does not exist: 03:00
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),  # twice: the first
        ("America/New_York", date(2026, 3, 8), time(2, 1), "2026-03-08T07:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),
        ("Asia/Almaty", date(2024, 2, 29), time(8), "2024-02-29T02:00"),  # UTC+6 until then
        ("Asia/Almaty", date(2024, 3, 1), time(8), "2024-03-01T03:00"),  # UTC+5 since
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30"),  # a leap of half an hour
    ],
)
def test_clock_changes(zone: str, day: date, wanted: time, expected: str) -> None:
    assert instant(day, wanted, ZoneInfo(zone)) == at(expected)


def test_a_plan_made_after_its_hour_begins_tomorrow_and_before_it_today() -> None:
    assert first_day(EIGHT, "Asia/Almaty", at("2026-11-24T02:59")) == date(2026, 11, 24)
    assert first_day(EIGHT, "Asia/Almaty", at("2026-11-24T03:00")) == date(2026, 11, 25)


def test_moving_the_hour_back_past_now_sends_todays_at_once_and_only_once() -> None:
    noon = at("2026-11-24T12:00")
    moved = replace(EIGHT, since=noon)
    today = next_briefing(moved, "UTC", 0, date(2026, 11, 23), noon)
    assert today is not None
    assert (today.day, today.due <= noon) == (date(2026, 11, 24), True)
    tomorrow = next_briefing(moved, "UTC", 0, date(2026, 11, 24), noon)
    assert tomorrow is not None
    assert tomorrow.day == date(2026, 11, 25)


def test_moving_the_hour_after_todays_went_out_gives_no_second_one() -> None:
    evening = replace(BriefingPlan(time(20)), since=at("2026-11-24T12:00"))
    following = next_briefing(evening, "UTC", 0, date(2026, 11, 24), at("2026-11-24T12:00"))
    assert following is not None
    assert following.day == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T21:59", None),
        ("2026-11-24T22:00", "2026-11-25T07:00"),
        ("2026-11-25T03:00", "2026-11-25T07:00"),
        ("2026-11-25T06:59", "2026-11-25T07:00"),
        ("2026-11-25T07:00", None),
    ],
)
def test_quiet_hours_across_midnight(now: str, expected: str | None) -> None:
    quiet = QuietHours(time(22), time(7))
    assert quiet_until(quiet, "UTC", at(now)) == (at(expected) if expected else None)


def test_quiet_hours_within_a_day_follow_the_readers_clock() -> None:
    nap = QuietHours(time(13), time(15))
    assert quiet_until(nap, "Asia/Tashkent", at("2026-11-24T08:30")) == at("2026-11-24T10:00")
    assert quiet_until(nap, "Asia/Tashkent", at("2026-11-24T11:30")) is None
    assert quiet_until(None, "Asia/Tashkent", at("2026-11-24T08:30")) is None


@settings(deadline=None)
@given(zones, times, times, moments)
def test_quiet_ends_in_the_future_and_within_a_day_and_a_bit(
    zone: str, start: time, end: time, now: datetime
) -> None:
    until = quiet_until(QuietHours(start, end), zone, now)
    if until is not None:
        assert timedelta() < until - now <= timedelta(hours=26)
        assert quiet_until(QuietHours(start, end), zone, until) is None
