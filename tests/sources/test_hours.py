"""The hours in which a bank publishes: read from the sources file, true in every zone and across clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.hours import PublishingHours, read_hours
from bot.sources.pace import LONGEST_S

FRANKFURT = read_hours("mon-fri 15:30-18:00 Europe/Berlin")
HOUR_S = 3600.0


def utc(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "begin_in_s"),
    [
        (utc(11, 14, 30), 0),  # a Wednesday, 15:30 in Frankfurt
        (utc(11, 16, 59), 0),
        (utc(11, 12, 30), 2 * HOUR_S),
        (utc(11, 17), 21.5 * HOUR_S),
        (utc(13, 17), (2 * 24 + 21.5) * HOUR_S),  # a Friday evening
        (utc(14, 14, 30), 2 * 24 * HOUR_S),  # a Saturday at the hour
    ],
)
def test_hours_begin_on_their_days_in_their_zone(now: datetime, begin_in_s: float) -> None:
    assert FRANKFURT.begin_in_s(now) == begin_in_s


def test_the_night_of_the_clock_change_has_as_many_hours_as_it_has() -> None:
    sunday = read_hours("05:00-06:00 Europe/Berlin")
    assert sunday.begin_in_s(utc(28, 23)) == 4 * HOUR_S  # midnight to five without the hour that is left out
    assert sunday.begin_in_s(utc(24, 22, month=10)) == 6 * HOUR_S  # and with the one that comes twice


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    friday_night = read_hours("fri 22:00-02:00 Asia/Almaty")
    assert friday_night.begin_in_s(utc(13, 20)) == 0  # Saturday, one in the morning
    assert friday_night.begin_in_s(utc(12, 20)) == 21 * HOUR_S  # Friday, one in the morning


def test_within_its_hours_a_source_is_polled_as_often_as_it_may_be_and_else_when_they_begin() -> None:
    assert FRANKFURT.poll_in_s(600, utc(11, 15)) == 600
    assert FRANKFURT.poll_in_s(600, utc(11, 12, 30)) == 2 * HOUR_S
    assert FRANKFURT.poll_in_s(600, utc(14, 12)) == LONGEST_S, "an unexpected fixing is found the same day"
    assert FRANKFURT.poll_in_s(4 * HOUR_S, utc(11, 12, 30)) == 4 * HOUR_S, "never more often than allowed"


def test_the_day_is_the_one_where_the_bank_is() -> None:
    almaty = read_hours("00:00-12:00 Asia/Almaty")
    assert almaty.local_day(utc(11, 18, 59)) == date(2026, 3, 11)
    assert almaty.local_day(utc(11, 19)) == date(2026, 3, 12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15:30-18:00",
        "mon-fri 15:30-18:00",
        "15:30 Europe/Berlin",
        "25:00-26:00 Europe/Berlin",
        "mon-fry 15:30-18:00 Europe/Berlin",
        "15:30-18:00 Europe/Atlantis",
        "15:30-18:00 ../../etc/passwd",
        "15:30-18:00 /etc",
        "15:30-18:00 Europe",
    ],
)
def test_what_are_no_hours_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match='like "mon-fri 15:30-18:00 Europe/Berlin"'):
        read_hours(text)


moments = st.integers(0, 4 * 366 * 24 * 60).map(lambda minute: utc(1, 0) + timedelta(minutes=minute))
spans = st.builds(
    lambda first, last, start, length, zone: read_hours(
        f"{first}-{last} {start // 60:02}:{start % 60:02}-"
        f"{(start + length) % 1440 // 60:02}:{(start + length) % 1440 % 60:02} {zone}"
    ),
    st.sampled_from(["mon", "tue", "fri", "sun"]),
    st.sampled_from(["mon", "wed", "sat", "sun"]),
    st.integers(0, 1439),
    st.integers(120, 1320),
    st.sampled_from(["Asia/Almaty", "Europe/Berlin", "America/New_York", "Pacific/Chatham", "UTC"]),
)


@given(spans, moments)
def test_the_moment_at_which_hours_begin_is_within_them_and_the_one_before_is_not(
    hours: PublishingHours, now: datetime
) -> None:
    wait_s = hours.begin_in_s(now)
    assert 0 <= wait_s <= 7 * 24 * HOUR_S + HOUR_S
    begin = now + timedelta(seconds=wait_s)
    assert hours.begin_in_s(begin) == 0
    if wait_s:
        assert 0 < hours.begin_in_s(begin - timedelta(microseconds=1)) < 1e-3
        local = begin.astimezone(hours.zone)
        assert local.weekday() in hours.weekdays


def test_hours_are_equal_by_what_they_say() -> None:
    assert read_hours("mon-sun 09:00-10:00 UTC") == read_hours("09:00-10:00 UTC")
    assert FRANKFURT.zone == ZoneInfo("Europe/Berlin")
