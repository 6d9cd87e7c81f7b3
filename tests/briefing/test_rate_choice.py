"""Which source speaks for a currency, how far it moved, and how many digits are shown."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.briefing.changes import day_change
from bot.briefing.choice import OFFICIAL_PEG, choose
from bot.briefing.digits import money, readable_lot
from bot.model import Quote

TODAY = date(2026, 5, 22)
ORDER = ("bank", "world", "ticker")


def tenge(value: str, source: str, age_days: int = 0) -> Quote:
    return Quote("USD", "KZT", Decimal(value), TODAY - timedelta(days=age_days), source)


def test_a_currencys_own_bank_wins_over_fresher_others() -> None:
    quotes = [tenge("510", "ticker"), tenge("505", "bank", 3), tenge("504", "bank", 4), tenge("507", "world")]
    assert choose(quotes, "KZT", ORDER, TODAY) == tenge("505", "bank", 3)


def test_a_bank_that_has_been_silent_for_weeks_yields_to_the_next() -> None:
    quotes = [tenge("505", "bank", 20), tenge("507", "world", 1), tenge("510", "ticker")]
    assert choose(quotes, "KZT", ORDER, TODAY) == tenge("507", "world", 1)


def test_when_everybody_is_silent_the_newest_word_stays() -> None:
    quotes = [tenge("505", "bank", 20), tenge("507", "world", 15)]
    assert choose(quotes, "KZT", ORDER, TODAY) == tenge("507", "world", 15)


def test_a_source_that_the_order_does_not_name_comes_last() -> None:
    assert choose([tenge("1", "a stranger"), tenge("2", "ticker")], "KZT", ORDER, TODAY) == tenge(
        "2", "ticker"
    )
    assert choose([tenge("1", "a stranger")], "KZT", ORDER, TODAY) == tenge("1", "a stranger")


def test_a_quote_in_the_other_direction_counts_and_one_of_another_pair_does_not() -> None:
    turned = Quote("KZT", "USD", Decimal("0.00198"), TODAY, "ticker")
    other = Quote("EUR", "KZT", Decimal(550), TODAY, "bank")
    assert choose([other, turned], "KZT", ORDER, TODAY) == turned


def test_the_manat_falls_back_on_its_peg_which_is_labelled() -> None:
    peg = choose([], "TMT", ORDER, TODAY)
    assert peg == Quote("USD", "TMT", Decimal("3.5"), TODAY, OFFICIAL_PEG)
    assert choose([], "KZT", ORDER, TODAY) is None


def test_a_change_is_in_per_cents_of_the_fixing_before_in_whichever_direction_that_was() -> None:
    assert day_change(tenge("505", "bank"), tenge("500", "bank", 1)) == Decimal(1)
    assert day_change(tenge("505", "bank"), Quote("KZT", "USD", Decimal("0.002"), TODAY, "x")) == Decimal(1)
    assert day_change(tenge("505", "bank"), None) is None
    assert day_change(tenge("505", "bank"), Quote("USD", "UZS", Decimal(1), TODAY, "x")) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("12345.678", "12345.68"),
        ("100", "100.00"),
        ("0.5", "0.50"),
        ("0.125", "0.13"),
        ("0.0123", "0.0123"),
        ("0.000081234", "0.0000812"),
        ("0", "0.00"),
    ],
)
def test_money_is_shown_in_cents_or_in_three_digits_where_cents_would_hide_it(value: str, shown: str) -> None:
    assert f"{money(Decimal(value)):f}" == shown


@pytest.mark.parametrize(
    ("value", "lot"), [("1.08", 1), ("0.107", 1), ("0.0114", 10), ("0.00198", 100), ("0.00008", 10000)]
)
def test_a_small_price_is_told_for_a_round_number_of_units(value: str, lot: int) -> None:
    assert readable_lot(Decimal(value)) == lot
