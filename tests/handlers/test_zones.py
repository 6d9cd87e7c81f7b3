import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import Tongues
from handlers.zones import REGION, offset_label, read_zone, zone_label


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Алматы", "Asia/Almaty"),
        ("tashkent", "Asia/Tashkent"),
        ("Berlin", "Europe/Berlin"),
        ("Toshkent", "Asia/Tashkent"),
        ("Aşgabat", "Asia/Ashgabat"),
        ("душанбе", "Asia/Dushanbe"),
        ("Астана", "Asia/Almaty"),
        ("new york", "America/New_York"),
        ("asia/bishkek", "Asia/Bishkek"),
        ("Taskent", "Asia/Tashkent"),
        ("UTC+5", "Etc/GMT-5"),
        ("-3", "Etc/GMT+3"),
    ],
)
def test_a_city_in_any_language_or_an_iana_name_or_an_offset(typed: str, zone: str) -> None:
    assert read_zone(typed).zone == zone


@pytest.mark.parametrize("typed", ["Mars/Phobos", "", "?", "UTC+99", "xyz"])
def test_what_is_no_place_is_none(typed: str) -> None:
    assert read_zone(typed).zone is None


def test_a_slip_too_large_to_be_sure_of_is_asked_about() -> None:
    reading = read_zone("moskow")
    assert reading.zone is None
    assert "Europe/Moscow" in reading.suggestions


@given(st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone and "Etc" not in zone)))
def test_every_zone_can_be_typed(zone: str) -> None:
    assert read_zone(zone).zone == zone


@given(st.text(max_size=60))
def test_whatever_is_found_is_a_zone_that_exists(typed: str) -> None:
    reading = read_zone(typed)
    for zone in (*reading.suggestions, *([reading.zone] if reading.zone else [])):
        ZoneInfo(zone)


def test_zones_are_called_by_their_city_in_the_readers_language() -> None:
    tongues = Tongues()
    assert zone_label("Asia/Tashkent", tongues["uz"]) == "Toshkent"
    assert zone_label("America/New_York", tongues["en"]) == "New York"
    assert zone_label("Etc/GMT-5", tongues["ru"]) == "UTC+5"
    assert all(zone_label(zone, tongue) for zone in REGION for tongue in tongues)


def test_offsets_as_people_know_them() -> None:
    assert offset_label(dt.timedelta(hours=5)) == "UTC+5"
    assert offset_label(dt.timedelta(hours=5, minutes=30)) == "UTC+5:30"
    assert offset_label(-dt.timedelta(hours=3)) == "UTC−3"
