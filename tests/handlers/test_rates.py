import datetime as dt
from decimal import Decimal

import pytest

from bot.demo.people import Someone
from bot.model import Quote
from tests.handlers.conftest import World

DAY = dt.date(2025, 12, 5)
TICKER = [
    Quote("KGS", "USD", Decimal("0.01144"), DAY, "Ticker", Decimal(0)),
    Quote("KZT", "USD", Decimal("0.00198"), DAY, "Ticker", Decimal("-0.31")),
    Quote("USD", "EUR", Decimal("0.86"), DAY, "Bank"),
]


async def test_the_currencies_of_the_region_are_shown_both_ways(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    table = await world.says(aigul, "/rates")
    assert "1 USD = 505.05 KZT  ▲ 0.31%\n1 KZT = 0.00198 USD" in table
    assert table.index("KGS") < table.index("KZT")
    assert "EUR" not in table
    assert table.endswith("Ticker · 5 Dec 2025")


async def test_named_currencies_only(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    table = await world.says(aigul, "/rates eur тенге")
    assert "1 USD = 0.86 EUR" in table
    assert "KZT" in table
    assert "KGS" not in table


async def test_an_unknown_currency_is_explained(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    assert await world.says(aigul, "/rates XYZ") == (
        "I know no currency called “XYZ”. For example: /rates KZT EUR"
    )
    assert "No rate of GBP has come in yet" in await world.says(aigul, "/rates gbp")


async def test_converting_shows_the_result_the_rates_and_the_way_back(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    answer = await world.ask(aigul, "/convert 100 usd to kgs")
    assert (answer.text or "") == (
        "💱 100.00 USD = 8,741.26 KGS\nKyrgystani Som\n\n1 USD = 87.41 KGS  ±0%\nTicker · 5 Dec 2025"
    )
    await aigul.tap(answer, "KGS → USD")
    await world.telegram.wait_for(lambda: "100.00 KGS = 1.14 USD" in (aigul.last.text or ""))
    cross = await world.says(aigul, "/convert 1 500,50 сом в тенге")
    assert "1,500.50 KGS = 8,669.56 KZT" in cross


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "How much of what"),
        ("100 USD", "two currencies"),
        ("NaN USD KZT", "no number"),
        ("-5 USD KZT", "more than zero"),
        ("10^30 USD KZT", "that much money"),
        ("5 USD USD", "stays what it is"),
        ("5 USD XQZ", "XQZ"),
        ("5 USD JPY", "No rate of JPY"),
    ],
)
async def test_what_cannot_be_converted_is_explained(
    world: World, aigul: Someone, typed: str, said: str
) -> None:
    await world.services.rates.put(TICKER)
    answer = await world.says(aigul, f"/convert {typed}")
    assert said in answer
    assert answer.endswith("For example: /convert 100 USD KZT")


async def test_before_the_first_rates_it_asks_for_patience(world: World, aigul: Someone) -> None:
    assert "No exchange rates have come in yet" in await world.says(aigul, "/rates")
