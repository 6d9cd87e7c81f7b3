"""/chart: a picture with a caption, drawn once, turned by buttons."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from bot.demo.people import Someone
from bot.model import Quote
from tests.handlers.conftest import World, labels

TODAY = dt.datetime.now(dt.UTC).date()


async def fill(world: World, days: int = 40) -> None:
    for age in range(days, -1, -1):
        day = TODAY - dt.timedelta(days=age)
        tenge = Quote("USD", "KZT", Decimal(500 + age % 7), day, "National Bank")
        euro = Quote("EUR", "USD", Decimal("1.25"), day, "Europe")
        await world.services.rates.put([tenge, euro], "nbk")


async def test_a_chart_comes_with_its_numbers_in_words(world: World, aigul: Someone) -> None:
    await fill(world)
    answer = await world.ask(aigul, "/chart KZT")
    assert answer.photo
    assert "1 USD = 500.00 KZT" in (answer.text or "")
    assert "30 days" in (answer.text or "")
    assert "Lowest: 500.00" in (answer.text or "")
    assert labels(answer) == ["7d", "✅ 30d", "90d", "1y"]


async def test_a_history_that_is_shorter_than_the_period_says_how_long_it_is(
    world: World, aigul: Someone
) -> None:
    await fill(world, 5)
    assert "5 days: ▼ 0.99%" in (await world.ask(aigul, "/chart KZT 90d")).words


async def test_one_day_has_neither_a_lowest_nor_a_highest(world: World, aigul: Someone) -> None:
    await fill(world, 0)
    words = (await world.ask(aigul, "/chart KZT")).words
    assert "1 day: ±0%" in words
    assert "Lowest" not in words


async def test_a_leg_that_has_been_silent_is_shown_by_its_last_word(world: World, aigul: Someone) -> None:
    old = TODAY - dt.timedelta(days=60)
    await world.services.rates.put([Quote("EUR", "USD", Decimal("1.25"), old, "Europe")], "ecb")
    await world.services.rates.put([Quote("USD", "KZT", Decimal(500), TODAY, "National Bank")], "nbk")
    assert "1 EUR = 625.00 KZT" in (await world.ask(aigul, "/chart KZT EUR")).words


async def test_the_same_chart_is_drawn_once_and_then_sent_by_its_name(world: World, aigul: Someone) -> None:
    await fill(world)
    first = await world.ask(aigul, "/chart KZT 7d")
    second = await world.ask(aigul, "/chart kzt 7d")
    assert first.photo == second.photo
    sent = [call.params["photo"] for call in world.telegram.journal.of("sendPhoto")]
    assert isinstance(sent[1], str)
    assert not isinstance(sent[0], str)


async def test_a_name_that_telegram_forgot_is_drawn_again(world: World, aigul: Someone) -> None:
    await fill(world)
    await world.ask(aigul, "/chart KZT 7d")
    world.telegram.platform.files.files.clear()
    assert (await world.ask(aigul, "/chart KZT 7d")).photo


async def test_a_button_turns_the_picture_in_place(world: World, aigul: Someone) -> None:
    await fill(world)
    answer = await world.ask(aigul, "/chart KZT 30d")
    before = answer.photo
    await aigul.tap(answer, "7d")
    await world.telegram.wait_for(lambda: "7 days" in (aigul.last.words or ""))
    assert aigul.last.message_id == answer.message_id
    assert aigul.last.photo != before
    await aigul.tap(aigul.last, "✅ 7d")  # nothing changes, and that is no error


async def test_pairs_are_told_the_way_people_say_them(world: World, aigul: Someone) -> None:
    await fill(world)
    assert "1 EUR = 625.00 KZT" in (await world.ask(aigul, "/chart KZT vs EUR")).words
    other_way = (await world.ask(aigul, "/chart EUR KZT")).words
    assert "1 EUR = 625.00 KZT\nEuro → Kazakhstani Tenge" in other_way, "no euros for a tenge: 0.0016"
    assert "1 EUR = 1.25 USD" in (await world.ask(aigul, "/chart евро 90d")).words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Which currency"),
        ("USD", "Which currency"),
        ("KZT KZT", "Which currency"),
        ("KZT EUR RUB", "Which currency"),
        ("KZT 0d", "Which currency"),
        ("KZT 900d", "Which currency"),
        ("XQZ", "no currency called"),
        ("JPY", "no history of JPY"),
    ],
)
async def test_what_cannot_be_drawn_is_explained(world: World, aigul: Someone, typed: str, said: str) -> None:
    await fill(world, 2)
    answer = await world.says(aigul, f"/chart {typed}")
    assert said in answer
    assert answer.endswith("/chart KZT 90d")
