from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.rates_table import dollar_rate, presentable, rates_table
from bot.model import Quote
from tests.briefing.examples import CATALOGUE, ENGLISH, TONGUES, as_seen, quote

prices = st.decimals("1e-9", "1e12", allow_nan=False, allow_infinity=False)


def test_a_ticker_quote_is_shown_both_ways() -> None:
    seen = as_seen(rates_table([quote("KZT", "USD", "0.00198")], ENGLISH, CATALOGUE))
    assert "1 USD = 505.05 KZT\n" in seen
    assert "1 KZT = 0.00198 USD\n" in seen


def test_a_quote_of_a_bank_is_shown_both_ways() -> None:
    seen = as_seen(rates_table([quote("USD", "KZT", "505.05", "0.31")], ENGLISH, CATALOGUE))
    assert "1 USD = 505.05 KZT  ▲ 0.31%\n" in seen
    assert "1 KZT = 0.00198 USD\n" in seen


def test_the_arrow_is_that_of_the_dollar_whichever_way_the_quote_stands() -> None:
    seen = as_seen(rates_table([quote("KZT", "USD", "0.00198", "-0.31")], ENGLISH, CATALOGUE))
    assert "▲ 0.31%" in seen


def test_no_change_and_unknown_change_look_different() -> None:
    assert "±0%" in as_seen(rates_table([quote("KZT", "USD", "0.00198", "-0.001")], ENGLISH, CATALOGUE))
    assert "%" not in as_seen(rates_table([quote("KZT", "USD", "0.00198")], ENGLISH, CATALOGUE))


def test_changes_stand_below_each_other() -> None:
    quotes = [quote("USD", "TJS", "9.5782", "1"), quote("USD", "UZS", "12105.4567", "-2")]
    lines = as_seen(rates_table(quotes, ENGLISH, CATALOGUE)).split("\n")
    assert [line.index("%") for line in lines if "%" in line] == [29, 29]


def test_one_origin_is_named_once_and_several_each_below_its_currency() -> None:
    one = [quote("USD", "KZT", "505.05"), quote("USD", "KGS", "87.45")]
    assert as_seen(rates_table(one, ENGLISH, CATALOGUE)).count("Ticker · 3 Apr 2026") == 1
    two = [quote("USD", "KZT", "505.05", source="Bank A"), quote("USD", "KGS", "87.45", source="Bank B")]
    assert "0.00198 USD\nBank A · 3 Apr 2026\n" in as_seen(rates_table(two, ENGLISH, CATALOGUE))


def test_numbers_and_names_are_those_of_the_language() -> None:
    seen = as_seen(rates_table([quote("USD", "UZS", "12105.4567")], TONGUES["ru"], CATALOGUE))
    assert "1 USD = 12\xa0105,46 UZS" in seen
    assert "🇺🇿 Узбекский сум" in seen


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("505.0505050", "505.05"),
        ("12105.4567", "12105.46"),
        ("87.4125874", "87.41"),
        ("9.5782", "9.5782"),
        ("3.5", "3.50"),
        ("3.50001", "3.50"),
        ("0.28571", "0.28571"),
        ("0.0019800019", "0.00198"),
        ("0.00008", "0.00008"),
        ("0.999999", "1.00"),
    ],
)
def test_rates_are_rounded_to_what_people_read(value: str, shown: str) -> None:
    assert format(presentable(Decimal(value)), "f") == shown


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity"])
def test_what_is_no_price_is_left_out(value: str) -> None:
    assert dollar_rate(quote("USD", "KZT", value)) is None
    assert "No exchange rates" in as_seen(rates_table([quote("USD", "KZT", value)], ENGLISH, CATALOGUE))


def test_a_quote_without_the_dollar_is_left_out() -> None:
    assert dollar_rate(quote("EUR", "KZT", "550")) is None


@given(prices, st.none() | st.decimals("-99.999", "1000"), st.booleans())
def test_any_price_makes_a_table_that_telegram_takes(
    price: Decimal, change: Decimal | None, turned: bool
) -> None:
    pair = ("KZT", "USD") if turned else ("USD", "KZT")
    given_quote = Quote(*pair, price, quote("USD", "KZT", "1").as_of, "Bank", change)
    assert "1 USD = " in as_seen(rates_table([given_quote], ENGLISH, CATALOGUE))


@given(prices)
def test_rounding_never_moves_a_price_by_more_than_a_thousandth(price: Decimal) -> None:
    assert abs(presentable(price) - price) <= price * Decimal("0.001")
