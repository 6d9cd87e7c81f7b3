"""Telegram's limits as sliding windows, and the weather that tests can make."""

from __future__ import annotations

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.faults import (
    BAD_GATEWAY_PAGE,
    RESET_AFTER,
    RESET_BEFORE,
    SERVER_ERROR,
    Fault,
    Hang,
    Incoming,
    RandomWeather,
    flood_wait,
)
from bot.demo.limits import Limits, Policeman
from bot.demo.local_telegram import LocalTelegram
from tests.demo.conftest import BareBot


def allowed(policeman: Policeman, chat_id: int, at_s: float, method: str = "sendMessage") -> bool:
    return policeman.check(method, chat_id, at_s) is None


def test_one_message_a_second_in_a_private_chat() -> None:
    policeman = Policeman(Limits())
    assert [allowed(policeman, 7, at) for at in (0.0, 0.99, 1.0, 1.5, 2.0)] == [
        True,
        False,
        True,
        False,
        True,
    ]
    assert allowed(policeman, 8, 1.5)
    assert policeman.refused == 2


def test_twenty_messages_a_minute_in_a_group() -> None:
    policeman = Policeman(Limits())
    assert all(allowed(policeman, -5, at) for at in range(20))
    refusal = policeman.check("sendMessage", -5, 20.5)
    assert refusal is not None
    assert refusal.parameters == {"retry_after": 40}
    assert refusal.description == "Too Many Requests: retry after 40"
    assert allowed(policeman, -5, 60.0)


def test_thirty_a_second_overall_taps_included_and_polls_not() -> None:
    policeman = Policeman(Limits())
    assert all(allowed(policeman, chat, 0.0) for chat in range(1, 30))
    assert allowed(policeman, 0, 0.5, "answerCallbackQuery")
    assert not allowed(policeman, 31, 0.9)
    assert allowed(policeman, 31, 0.9, "getUpdates")
    assert policeman.busiest_second == 30


@given(st.lists(st.floats(0, 10), max_size=200).map(sorted))
def test_no_window_of_a_second_ever_holds_more_than_the_limit(moments: list[float]) -> None:
    policeman = Policeman(Limits(overall_per_s=5))
    passed = [at for number, at in enumerate(moments, 1) if allowed(policeman, number, at)]
    assert all(sum(start <= at < start + 1 for at in passed) <= 5 for start in passed)


@pytest.fixture
async def started(telegram: LocalTelegram) -> LocalTelegram:
    await telegram.user(7).say("/start")
    return telegram


@pytest.mark.parametrize(
    ("fault", "status", "content_type"),
    [
        (SERVER_ERROR, 500, "application/json"),
        (BAD_GATEWAY_PAGE, 502, "text/html"),
        (flood_wait(3), 429, "application/json"),
    ],
)
async def test_answers_that_the_weather_gives(
    started: LocalTelegram, fault: Fault, status: int, content_type: str
) -> None:
    started.weather = lambda call: fault if call.method == "sendMessage" else None
    url = f"{started.api_url}/bot{started.token}/sendMessage"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"chat_id": 7, "text": "x"}) as response,
    ):
        assert (response.status, response.content_type) == (status, content_type)
    assert started.deliveries(7) == []
    assert [call.status for call in started.journal.of("sendMessage")] == [status]


@pytest.mark.parametrize(("fault", "arrived"), [(RESET_BEFORE, []), (RESET_AFTER, ["x"])])
async def test_a_reset_before_or_after_the_message_arrived(
    started: LocalTelegram, bot: BareBot, fault: Fault, arrived: list[str]
) -> None:
    started.weather = lambda call: fault
    with pytest.raises(aiohttp.ClientError):
        await bot.answer("sendMessage", chat_id=7, text="x")
    assert [delivery.text for delivery in started.deliveries(7)] == arrived


@pytest.mark.parametrize(("fault", "arrived"), [(Hang(0.01), ["x"]), (Hang(0.01, arrived=False), [])])
async def test_a_silence_ends_in_an_answer_or_in_nothing(
    started: LocalTelegram, bot: BareBot, fault: Fault, arrived: list[str]
) -> None:
    started.weather = lambda call: fault
    if arrived:
        assert await bot.result("sendMessage", chat_id=7, text="x")
    else:
        with pytest.raises(aiohttp.ClientError):
            await bot.answer("sendMessage", chat_id=7, text="x")
    assert [delivery.text for delivery in started.deliveries(7)] == arrived


def test_the_same_seed_makes_the_same_storm() -> None:
    def storm(seed: int) -> list[Fault | None]:
        weather = RandomWeather(0.2, seed)
        return [weather(Incoming("sendMessage", {}, 7, number)) for number in range(500)]

    assert storm(1) == storm(1) != storm(2)
    assert 60 <= sum(fault is not None for fault in storm(1)) <= 140


async def test_too_much_is_answered_with_429(bot: BareBot, started: LocalTelegram) -> None:
    started.policeman.limits = Limits()
    assert await bot.result("sendMessage", chat_id=7, text="one")
    answer = await bot.answer("sendMessage", chat_id=7, text="two")
    assert answer["parameters"] == {"retry_after": 1}
    assert started.policeman.refused == 1
