import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import Tongues
from bot.model import QuietHours
from handlers.reading import meant_time, read_days, read_quiet_hours, read_time

TONGUES = Tongues()
ENGLISH = TONGUES["en"]


@given(st.times())
def test_every_minute_of_the_day_can_be_typed(at: dt.time) -> None:
    assert read_time(f"{at:%H:%M}") == at.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    "text", ["25:00", "8", "8.30", "0800", "8am", "24:00", "08:60", "08:00:00", "", "٠٨:٠٠"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_time(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("8", "08:00"),
        ("8.30", "08:30"),
        ("0800", "08:00"),
        ("8am", "08:00"),
        ("8 pm", "20:00"),
        ("12am", "00:00"),
    ],
)
def test_near_misses_are_understood_well_enough_to_ask(text: str, meant: str) -> None:
    assert f"{meant_time(text):%H:%M}" == meant


@given(st.text(max_size=12))
def test_any_text_is_a_time_or_none(text: str) -> None:
    for read in (read_time, meant_time):
        assert read(text) is None or isinstance(read(text), dt.time)


@pytest.mark.parametrize("text", ["22:00-07:00", "22:00–7:00", " 22:00 — 07:00 "])
def test_quiet_hours_take_any_dash(text: str) -> None:
    assert read_quiet_hours(text) == QuietHours(dt.time(22), dt.time(7))


@pytest.mark.parametrize("text", ["", "22:00", "22:00-", "08:00-08:00", "22:00-07:00-08:00", "a-b"])
def test_what_is_no_span_is_none(text: str) -> None:
    assert read_quiet_hours(text) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("daily", {1, 2, 3, 4, 5, 6, 7}),
        ("mon-fri", {1, 2, 3, 4, 5}),
        ("Sat, Sun", {6, 7}),
        ("fri-mon", {5, 6, 7, 1}),
        ("monday,wednesday", {1, 3}),
        ("weekend", {6, 7}),
    ],
)
def test_days_in_english(text: str, days: set[int]) -> None:
    assert read_days(text, ENGLISH) == frozenset(days)


@pytest.mark.parametrize("code", ["ru", "kk", "ky", "uz", "tg", "tk"])
def test_days_in_the_readers_own_words(code: str) -> None:
    tongue = TONGUES[code]
    assert read_days(f"{tongue.weekday(1)}-{tongue.weekday(5)}", tongue) == frozenset({1, 2, 3, 4, 5})


@given(st.text(max_size=20))
def test_any_text_is_days_or_none(text: str) -> None:
    days = read_days(text, ENGLISH)
    assert days is None or (days and days <= set(range(1, 8)))
