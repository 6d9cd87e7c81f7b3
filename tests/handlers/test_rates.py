import datetime as dt
from decimal import Decimal

import pytest

from bot.demo.people import Someone
from bot.model import Fixing, Quote
from bot.store.connect import Database
from bot.store.rates import RatesNews
from tests.handlers.conftest import World, labels

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
    assert "0.00198 USD\nTicker · 5 Dec 2025 · " in table
    assert "days old" in table
    assert "official peg" in table, "the manat has no quote here, but it is promised"


async def test_named_currencies_only(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    table = await world.says(aigul, "/rates eur тенге")
    assert "1 USD = 0.86 EUR" in table
    assert "KZT" in table
    assert "KGS" not in table


async def test_who_asks_for_the_dollar_alone_gets_the_usual_table(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    assert "1 USD = 505.05 KZT" in await world.says(aigul, "/rates usd")


async def test_the_whole_answer_takes_three_round_trips_at_most(
    world: World, database: Database, aigul: Someone
) -> None:
    await world.services.rates.put(TICKER)
    await world.says(aigul, "/start")
    await world.says(aigul, "/help")  # that somebody is active is noted once a day
    for at_most in (3, 2):  # the newest fixings are read once, and then only whether there are newer ones
        before = database.round_trips
        await world.says(aigul, "/rates")
        assert database.round_trips - before <= at_most


async def test_an_unknown_currency_is_explained(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    assert await world.says(aigul, "/rates XYZ") == (
        "I know no currency called “XYZ”. For example: /rates KZT EUR"
    )
    assert "No rate of GBP has come in yet" in await world.says(aigul, "/rates gbp")


async def test_converting_shows_the_result_the_rates_and_the_way_back(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    answer = await world.ask(aigul, "/convert 100 usd to kgs")
    card, age = (answer.text or "").rsplit(" · ", 1)
    assert card == (
        "💱 100.00 USD = 8,741.26 KGS\nKyrgystani Som\n\n1 USD = 87.41 KGS  ±0%\nTicker · 5 Dec 2025"
    )
    assert age.endswith("days old")
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


def fixing(source_format: str, quote: Quote) -> Fixing:
    return Fixing(quote, source_format)


async def test_the_own_bank_speaks_and_who_asks_for_a_credit_gets_it(world: World, aigul: Someone) -> None:
    rates, today = world.services.rates, dt.datetime.now(dt.UTC).date()
    bank = Quote("USD", "KZT", Decimal("505.05"), today, "National Bank", Decimal("0.31"))
    world_rate = Quote("USD", "KZT", Decimal("511"), today, "World")
    yen = Quote("USD", "JPY", Decimal("150"), today, "World")
    news = RatesNews(
        [fixing("nbk", bank), fixing("er-api", world_rate), fixing("er-api", yen)],
        credits={"World": "Rates By World"},
    )
    assert await rates.commit("0", news)
    table = await world.says(aigul, "/rates KZT")
    assert "1 USD = 505.05 KZT  ▲ 0.31%" in table
    assert "100 KZT = 0.20 USD" in table
    assert table.endswith(f"National Bank · {today.day} {today:%b %Y}")
    assert (await world.says(aigul, "/rates jpy kzt")).endswith("Rates By World")


async def test_below_the_table_is_what_comes_next(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    table = await world.ask(aigul, "/rates")
    assert labels(table) == ["🔄 Convert", "📈 Chart", "🔔 Alert"]
    await aigul.tap(table, "🔄 Convert")
    await world.telegram.wait_for(lambda: "Which currency?" in (aigul.last.text or ""))
    await aigul.tap(aigul.last, "KZT")
    await world.telegram.wait_for(lambda: "100.00 USD = 50,505.05 KZT" in (aigul.last.text or ""))


async def test_a_slip_of_the_finger_is_met_with_a_suggestion(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    assert "Did you mean KZT" in await world.says(aigul, "/rates tenje")


async def test_two_rates_from_one_place_and_day_name_it_once(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    assert (await world.says(aigul, "/convert 100 KGS KZT")).count("Ticker · 5 Dec 2025") == 1
    assert "Bank · 5 Dec 2025" in await world.says(aigul, "/convert 100 KGS EUR")
