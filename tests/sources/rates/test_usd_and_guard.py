"""Crossing a bank's table through the dollar, and holding back what can hardly be true."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.model import Quote
from bot.sources.rates import RATES_FORMATS
from bot.sources.rates.guard import Accepted, Held, judge
from bot.sources.rates.page import RatesPage
from bot.sources.rates.usd import against_usd
from tests.shared_data import require_shared_data

DAY = date(2026, 3, 11)


def rate(
    base: str, quote: str, value: str, change: str | None = None, day: date = DAY, source: str = "A"
) -> Quote:
    return Quote(base, quote, Decimal(value), day, source, Decimal(change) if change else None)


def manat(value: str, day: int = 1, source: str = "A") -> Quote:
    return rate("USD", "TMT", value, day=date(2026, 4, day), source=source)


def test_the_dollars_own_line_stays_and_the_others_are_crossed_through_it() -> None:
    page = [rate("EUR", "KZT", "550", "10"), rate("USD", "KZT", "500", "0"), rate("XDR", "KGS", "119")]
    dollar, euro = against_usd(page)
    assert dollar == page[1]
    assert (euro.base, euro.quote, euro.source, euro.as_of) == ("USD", "EUR", "A", DAY)
    assert round(euro.value * 550, 20) == 500
    assert euro.change_percent is not None
    assert round(euro.change_percent, 6) == Decimal("-9.090909")


def test_a_table_whose_own_currency_is_the_base_is_crossed_as_well() -> None:
    euro, yen = against_usd([rate("EUR", "USD", "1.25"), rate("EUR", "JPY", "150")])
    assert (euro.base, euro.value) == ("EUR", Decimal("1.25"))
    assert (yen.base, yen.quote, yen.value) == ("USD", "JPY", Decimal(120))


def test_days_of_a_history_are_not_mixed() -> None:
    before = DAY - timedelta(days=1)
    page = [
        rate("EUR", "USD", "1.25"),
        rate("EUR", "USD", "1.2", day=before),
        rate("EUR", "JPY", "150", day=before),
    ]
    assert against_usd(page)[2] == Quote("USD", "JPY", Decimal(125), before, "A")


def test_a_small_move_is_news_and_a_big_one_is_held() -> None:
    assert judge(manat("3.6", 2), manat("3.5")) == Accepted(manat("3.6", 2))
    held = judge(manat("4", 2), manat("3.5"))
    assert isinstance(held, Held)
    assert (held.compared_with, round(held.moved_percent, 2)) == (manat("3.5"), Decimal("14.29"))


def test_the_limit_can_be_set_for_a_lively_currency() -> None:
    assert isinstance(judge(manat("4", 2), manat("3.5"), limit_percent=Decimal(20)), Accepted)


def test_a_second_source_or_the_next_fixing_confirms_a_big_move() -> None:
    for witness in (
        manat("4.01", 2, "B"),
        manat("4.05", 3),
        rate("TMT", "USD", "0.25", day=date(2026, 4, 2), source="B"),
    ):
        assert isinstance(judge(manat("4", 2), manat("3.5"), [witness]), Accepted)


@pytest.mark.parametrize(
    "witness",
    [
        manat("4", 2),  # the same page cannot be its own witness
        manat("3.5", 2, "B"),
        manat("4", 20, "B"),
        rate("USD", "TJS", "4", day=date(2026, 4, 2), source="B"),
    ],
)
def test_other_witnesses_do_not_confirm(witness: Quote) -> None:
    assert isinstance(judge(manat("4", 2), manat("3.5"), [witness]), Held)


def test_a_first_quote_is_believed_unless_everybody_else_says_otherwise() -> None:
    assert isinstance(judge(manat("4"), None), Accepted)
    assert isinstance(judge(manat("4"), None, [manat("3.5", source="B")]), Held)
    assert isinstance(judge(manat("4"), None, [manat("3.5", source="B"), manat("3.9", source="C")]), Accepted)


def test_the_wrong_manat_of_april_2026_is_held_in_either_order_and_nothing_else_is() -> None:
    folder = require_shared_data() / "rates"
    tables = []
    for file in ("cbu_all_2026-04-01.json", "cbu_all_2026-04-03.json"):
        page = RatesPage("CBU", None, today=date(2026, 4, 3))
        quotes = against_usd(RATES_FORMATS["cbu"]((folder / file).read_bytes(), page))
        tables.append({quote.quote if quote.base == "USD" else quote.base: quote for quote in quotes})
    first, second = tables
    for old, new in ((first, second), (second, first)):
        held = [code for code, quote in new.items() if isinstance(judge(quote, old[code]), Held)]
        assert held == ["TMT"]
    peg = manat("3.5", 1, "peg")
    assert isinstance(judge(first["TMT"], None, [peg]), Held)
    assert isinstance(judge(second["TMT"], None, [peg]), Accepted)
