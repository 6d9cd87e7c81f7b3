import datetime as dt
import itertools
from dataclasses import replace
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.briefing.timetable import LATEST, SPREAD_S, Turn, due_at, first_day, quiet_until, spread_s, turn
from bot.model import Address, BriefingPlan, QuietHours

UTC = dt.UTC
START = dt.datetime(2024, 1, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)

ON_THE_DOT = next(Address(number) for number in range(100_000) if spread_s(Address(number)) == 0)
EIGHT = BriefingPlan(dt.time(8, 0))
ALMATY = ZoneInfo("Asia/Almaty")

zones = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})).map(ZoneInfo)
plans = st.builds(
    BriefingPlan,
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.frozensets(st.integers(1, 7), min_size=1),
)
addresses = st.builds(Address, st.integers(-(10**13), 10**13))
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: START + minutes * MINUTE)


def local(zone: str, at: dt.time, day: dt.date) -> str:
    moment = due_at(BriefingPlan(at), ZoneInfo(zone), ON_THE_DOT, day)
    assert moment is not None
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %z}"


@pytest.mark.parametrize(
    ("zone", "at", "day", "goes_out"),
    [
        ("Asia/Almaty", "08:00", "2024-02-29", "2024-02-29 08:00 +0600"),
        ("Asia/Almaty", "08:00", "2024-03-01", "2024-03-01 08:00 +0500"),
        ("Asia/Almaty", "23:30", "2024-02-29", "2024-02-29 23:30 +0600"),  # comes twice: the first
        ("Europe/Berlin", "08:00", "2026-03-29", "2026-03-29 08:00 +0200"),
        ("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29 03:00 +0200"),  # jumped over
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25 02:30 +0200"),  # comes twice: the first
        ("America/New_York", "02:00", "2026-03-08", "2026-03-08 03:00 -0400"),
        ("America/New_York", "01:30", "2026-11-01", "2026-11-01 01:30 -0400"),
        ("Australia/Lord_Howe", "02:10", "2026-10-04", "2026-10-04 02:30 +1100"),  # half an hour
    ],
)
def test_the_clock_on_the_wall_decides(zone: str, at: str, day: str, goes_out: str) -> None:
    assert local(zone, dt.time.fromisoformat(at), dt.date.fromisoformat(day)) == goes_out


def test_a_date_that_a_zone_leaves_out_has_no_briefing() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert due_at(EIGHT, apia, ON_THE_DOT, dt.date(2011, 12, 30)) is None
    assert due_at(EIGHT, apia, ON_THE_DOT, dt.date(2011, 12, 31)) is not None


def test_what_is_missed_by_less_than_three_hours_is_sent_and_later_is_skipped() -> None:
    yesterday, today = dt.date(2026, 5, 11), dt.date(2026, 5, 12)
    eight = dt.datetime(2026, 5, 12, 8, tzinfo=ALMATY)
    assert turn(EIGHT, ALMATY, ON_THE_DOT, yesterday, eight - MINUTE).due is None
    assert turn(EIGHT, ALMATY, ON_THE_DOT, yesterday, eight).due == today
    assert turn(EIGHT, ALMATY, ON_THE_DOT, yesterday, eight + LATEST - MINUTE).due == today
    assert turn(EIGHT, ALMATY, ON_THE_DOT, yesterday, eight + LATEST).due is None
    assert turn(EIGHT, ALMATY, ON_THE_DOT, today, eight).due is None, "once a date"


def test_changing_the_time_neither_doubles_nor_loses_todays() -> None:
    yesterday, today = dt.date(2026, 5, 11), dt.date(2026, 5, 12)
    ten = BriefingPlan(dt.time(10, 0))
    nine = dt.datetime(2026, 5, 12, 9, tzinfo=ALMATY)
    assert turn(ten, ALMATY, ON_THE_DOT, today, nine).next_at == nine + HOUR + DAY, "had it at eight"
    assert turn(ten, ALMATY, ON_THE_DOT, yesterday, nine).next_at == nine + HOUR, "has not had it"
    assert turn(EIGHT, ALMATY, ON_THE_DOT, yesterday, nine).due == today, "moved forward, past the hour"


def test_a_new_plan_for_an_hour_that_is_past_begins_tomorrow() -> None:
    nine = dt.datetime(2026, 5, 12, 9, tzinfo=ALMATY)
    begun = replace(EIGHT, first_day=first_day(EIGHT, ALMATY, ON_THE_DOT, nine))
    assert turn(begun, ALMATY, ON_THE_DOT, None, nine) == Turn(None, nine - HOUR + DAY)
    evening = BriefingPlan(dt.time(19, 0))
    begun = replace(evening, first_day=first_day(evening, ALMATY, ON_THE_DOT, nine))
    assert turn(begun, ALMATY, ON_THE_DOT, None, nine).next_at == nine + 10 * HOUR


def test_moving_the_hour_far_back_past_now_still_sends_todays_and_only_once() -> None:
    yesterday, today = dt.date(2026, 5, 11), dt.date(2026, 5, 12)
    afternoon = dt.datetime(2026, 5, 12, 15, tzinfo=ALMATY)
    moved = replace(EIGHT, since=afternoon)
    assert turn(moved, ALMATY, ON_THE_DOT, yesterday, afternoon).due == today
    assert turn(moved, ALMATY, ON_THE_DOT, today, afternoon).due is None
    assert turn(moved, ALMATY, ON_THE_DOT, yesterday, afternoon + LATEST).due is None


NIGHT = QuietHours(dt.time(22), dt.time(7))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-24T21:59", None),
        ("2026-11-24T22:00", "2026-11-25T07:00"),
        ("2026-11-25T03:00", "2026-11-25T07:00"),
        ("2026-11-25T07:00", None),
    ],
)
def test_quiet_hours_span_midnight(now: str, until: str | None) -> None:
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=ALMATY)
    expected = dt.datetime.fromisoformat(until).replace(tzinfo=ALMATY) if until else None
    assert quiet_until(NIGHT, ALMATY, moment) == expected
    assert quiet_until(None, ALMATY, moment) is None


@given(st.builds(QuietHours, st.times(), st.times()), zones, moments)
def test_quiet_ends_within_a_day_and_a_bit_and_is_over_then(
    quiet: QuietHours, zone: ZoneInfo, now: dt.datetime
) -> None:
    until = quiet_until(quiet, zone, now)
    if until is not None:
        assert now < until <= now + 26 * HOUR
        assert quiet_until(quiet, zone, until) is None


@given(addresses)
def test_the_place_in_the_minutes_after_is_always_the_same(address: Address) -> None:
    assert spread_s(address) == spread_s(Address(address.chat_id))
    assert 0 <= spread_s(address) < SPREAD_S


def test_a_thousand_chats_at_eight_are_spread_evenly() -> None:
    places = [spread_s(Address(number)) // 12 for number in range(1000)]
    assert max(places.count(place) for place in range(10)) < 150


@given(plans, zones, addresses, moments)
def test_never_before_its_hour_and_on_the_days_of_the_plan(
    plan: BriefingPlan, zone: ZoneInfo, address: Address, now: dt.datetime
) -> None:
    next_at = turn(plan, zone, address, None, now).next_at
    assert now < next_at <= now + 9 * DAY
    started = (next_at - dt.timedelta(seconds=spread_s(address))).astimezone(zone)
    assert started.isoweekday() in plan.weekdays
    assert started.time() >= plan.at


@settings(max_examples=40, deadline=None)
@given(plans, zones, addresses, moments)
def test_followed_for_three_years_each_date_of_the_plan_has_one_and_none_is_missed(
    plan: BriefingPlan, zone: ZoneInfo, address: Address, now: dt.datetime
) -> None:
    first = first_day(plan, zone, address, now)
    plan = replace(plan, first_day=first)
    last: dt.date | None = None
    sent: list[dt.date] = []
    end = now + 3 * 365 * DAY
    while now < end:
        decision = turn(plan, zone, address, last, now)
        if decision.due is not None:
            last = decision.due
            sent.append(decision.due)
        else:
            now = decision.next_at
    days = (first + DAY * number for number in range((sent[-1] - first).days + 1))
    assert sent == [day for day in days if day.isoweekday() in plan.weekdays]


@pytest.mark.parametrize("at", ["00:00", "00:30", "02:30", "08:00", "23:45"])
def test_around_every_change_of_every_clock_in_three_years_each_date_has_one_not_before_its_hour(
    at: str,
) -> None:
    plan = BriefingPlan(dt.time.fromisoformat(at))
    for name in sorted(available_timezones() - {"Factory", "localtime"}):
        zone = ZoneInfo(name)
        for change in _changes(zone):
            for day in (change + DAY * number for number in range(-1, 3)):
                moment = due_at(plan, zone, ON_THE_DOT, day)
                assert moment is not None
                wished = dt.datetime.combine(day, plan.at)
                goes_out = moment.astimezone(zone).replace(tzinfo=None)
                assert wished <= goes_out <= wished + HOUR, (name, day)


def _changes(zone: ZoneInfo) -> list[dt.date]:
    """The local dates at whose ends the zone's offset differs, of 2024 to 2026."""
    noons = [dt.datetime(2024, 1, 1, 12, tzinfo=zone) + DAY * number for number in range(3 * 366)]
    return [
        later.date()
        for earlier, later in itertools.pairwise(noons)
        if earlier.utcoffset() != later.utcoffset()
    ]


changes = st.tuples(
    st.integers(1, 40 * 60), st.times().map(lambda at: at.replace(second=0, microsecond=0)), zones
)


@settings(deadline=None)
@given(st.lists(changes, max_size=12), addresses, moments)
def test_changing_time_and_zone_at_any_moment_never_doubles_a_date_and_loses_none_that_came(
    changes: list[tuple[int, dt.time, ZoneInfo]], address: Address, now: dt.datetime
) -> None:
    zone = ALMATY
    plan = replace(EIGHT, first_day=first_day(EIGHT, zone, address, now))
    last: dt.date | None = None
    for minutes, at, other in changes:
        end = now + minutes * MINUTE
        while True:
            decision = turn(plan, zone, address, last, now)
            if decision.due is not None:
                assert last is None or decision.due > last, "never twice"
                last = decision.due
            elif decision.next_at <= end:
                now = decision.next_at
            else:
                break
        now = end
        plan, zone = replace(plan, at=at, since=now), other
        begun = turn(plan, zone, address, last, now)
        today = now.astimezone(zone).date()
        owed = due_at(plan, zone, address, today)
        if owed and owed <= now and (last is None or today > last) and today >= (plan.first_day or today):
            assert begun.due == today, "today's is not lost"


@given(plans, zones, addresses, moments, st.integers(0, 600))
def test_asking_more_often_changes_nothing(
    plan: BriefingPlan, zone: ZoneInfo, address: Address, now: dt.datetime, share: int
) -> None:
    last = now.astimezone(zone).date() - DAY
    decision = turn(plan, zone, address, last, now)
    between = now + (decision.next_at - now) * share / 601
    again = turn(plan, zone, address, decision.due or last, between)
    assert again == Turn(None, decision.next_at) or between >= now + LATEST or again.due == decision.due
