import datetime as dt
from decimal import Decimal

import pytest

from bot.language import Tongues, negotiate
from bot.settings import LANGUAGES

NOW = dt.datetime(2026, 4, 3, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("uz-Cyrl", "uz"),
        ("TG", "tg"),
        ("en_GB", "en"),
        ("tr", "ky"),
        ("russian", "ky"),
        ("-", "ky"),
        (None, "ky"),
    ],
)
def test_a_language_code_is_one_of_ours_or_the_default(wanted: str | None, chosen: str) -> None:
    assert negotiate(wanted, "ky") == chosen


@pytest.mark.parametrize(
    ("code", "age"),
    [
        ("en", "3 hours ago"),
        ("ru", "3 часа назад"),
        ("kk", "3 сағат бұрын"),
        ("ky", "3 саат мурун"),
        ("uz", "3 soat oldin"),
        ("tg", "3 соат пеш"),
        ("tk", "3 sagat öň"),
    ],
)
def test_ages_are_told_in_every_language(code: str, age: str) -> None:
    assert Tongues()[code].age(NOW - dt.timedelta(hours=3), NOW) == age


@pytest.mark.parametrize(
    ("passed", "age"),
    [
        (dt.timedelta(hours=-1), "1 minute ago"),
        (dt.timedelta(seconds=5), "1 minute ago"),
        (dt.timedelta(minutes=59), "59 minutes ago"),
        (dt.timedelta(hours=23), "23 hours ago"),
        (dt.timedelta(days=2), "1 Apr"),
        (dt.timedelta(days=200), "15 Sept 2025"),
    ],
)
def test_young_stories_have_an_age_and_old_ones_a_date(passed: dt.timedelta, age: str) -> None:
    assert Tongues()["en"].age(NOW - passed, NOW) == age


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        ("12105.50", "12,105.50", "12\xa0105,50"),
        ("0.00008", "0.00008", "0,00008"),
        ("1E+3", "1,000", "1\xa0000"),
        ("-3", "-3", "-3"),
    ],
)
def test_numbers_keep_exactly_their_digits(value: str, english: str, russian: str) -> None:
    assert Tongues()["en"].number(Decimal(value)) == english
    assert Tongues()["ru"].number(Decimal(value)) == russian


def test_per_cents_stand_as_the_language_writes_them() -> None:
    assert Tongues()["en"].percent(Decimal("0.31")) == "0.31%"
    assert Tongues()["ru"].percent(Decimal("12.5")) == "12,5\xa0%"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_writes_dates_times_days_and_lists(code: str) -> None:
    tongue = Tongues()[code]
    assert "2026" in tongue.date(NOW.date())
    assert "3" in tongue.day(NOW.date())
    assert "3" in tongue.weekday_and_day(NOW.date())
    assert tongue.time(dt.time(8, 0)) == "08:00"
    assert len({tongue.weekday(day) for day in range(1, 8)}) >= 6
    assert tongue.listing(["A", "B", "C"]).startswith("A, B")
    assert tongue.language_name(code)[0].isupper()


def test_a_language_that_we_do_not_speak_is_english() -> None:
    assert Tongues()["de"].code == "en"


def test_an_untranslated_phrase_is_said_in_english() -> None:
    tongue = Tongues()["ru"]
    assert tongue.gettext("never translated") == "never translated"
    assert tongue.ngettext("{n} apple", "{n} apples", 3) == "{n} apples"
