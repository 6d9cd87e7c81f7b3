"""Which source speaks for a currency, how far it moved, and how many digits are shown."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.briefing.changes import day_change
from bot.briefing.digits import money, readable_lot
from bot.model import Fixing, Quote
from bot.rate_choice import OFFICIAL_PEG, choose, standing

TODAY = date(2026, 5, 22)


def tenge(value: str, source: str, age_days: int = 0) -> Quote:
    return Quote("USD", "KZT", Decimal(value), TODAY - timedelta(days=age_days), source)


def says(source_format: str, value: str, age_days: int = 0) -> Fixing:
    return Fixing(tenge(value, f"a source of {source_format}", age_days), source_format)


def chosen(*fixings: Fixing) -> str | None:
    quote = choose(fixings, "KZT", TODAY)
    return str(quote.value) if quote else None


def test_a_currencys_own_bank_wins_over_fresher_others() -> None:
    assert chosen(says("ticker", "510"), says("nbk", "505", 3), says("er-api", "507")) == "505"
    assert chosen(says("cbr", "506"), says("nbk", "505", 3)) == "505"


def test_then_come_the_world_other_banks_and_the_ticker() -> None:
    assert chosen(says("ticker", "510"), says("cbr", "506"), says("er-api", "507", 1)) == "507"
    assert chosen(says("ticker", "510"), says("cbr", "506", 2)) == "506"
    assert chosen(says("ticker", "510")) == "510"
    assert standing("ecb", "GBP") < standing("er-api", "GBP")


def test_a_bank_that_has_been_silent_for_weeks_yields_to_the_next() -> None:
    assert chosen(says("nbk", "505", 20), says("er-api", "507", 1), says("ticker", "510")) == "507"


def test_when_everybody_is_silent_the_banks_last_word_stays() -> None:
    assert chosen(says("nbk", "505", 20), says("er-api", "507", 15)) == "505"
    assert chosen(says("ticker", "510", 9), says("er-api", "507", 15)) == "510"


def test_a_quote_in_the_other_direction_counts_and_one_of_another_pair_does_not() -> None:
    turned = Fixing(Quote("KZT", "USD", Decimal("0.00198"), TODAY, "ticker"), "ticker")
    other = Fixing(Quote("EUR", "KZT", Decimal(550), TODAY, "bank"), "nbk")
    assert chosen(other, turned) == "0.00198"


def test_the_manat_falls_back_on_its_peg_which_is_labelled() -> None:
    assert choose([], "TMT", TODAY) == Quote("USD", "TMT", Decimal("3.5"), TODAY, OFFICIAL_PEG)
    assert choose([], "KZT", TODAY) is None


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
