"""Answers wait for their slot: which calls count, what a 429 leads to, and what happens without the store."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram.error import BadRequest

from bot.errors import StoreUnavailable
from bot.telegram.limiter import CAUTIOUS_GAP_S, COUNTED, AnswerLimiter
from bot.telegram.transport import SlowDown


class Permits:
    """Gives slots as the test says, and remembers what was asked."""

    def __init__(self, wait_s: float = 0.0, away: bool = False) -> None:
        self.wait_s = wait_s
        self.away = away
        self.booked: list[int | None] = []
        self.held: list[tuple[int | None, float]] = []

    async def answer(self, chat_id: int | None) -> float:
        if self.away:
            raise StoreUnavailable("Redis does not answer")
        self.booked.append(chat_id)
        return self.wait_s

    async def hold(self, chat_id: int | None, retry_after_s: float) -> None:
        if self.away:
            raise StoreUnavailable("Redis does not answer")
        self.held.append((chat_id, retry_after_s))


class Endpoint:
    """Refuses as often as the test says; remembers when it was called, by the loop's clock."""

    def __init__(self, *refusals: Exception) -> None:
        self.refusals = list(refusals)
        self.called_s: list[float] = []

    async def __call__(self, *args: Any, **kwargs: Any) -> bool:
        self.called_s.append(asyncio.get_running_loop().time())
        if self.refusals:
            raise self.refusals.pop(0)
        return True


async def call(limiter: AnswerLimiter, endpoint: Endpoint, name: str = "sendMessage", **data: Any) -> object:
    return await limiter.process_request(endpoint, (), {}, name, data, None)


@pytest.mark.parametrize(
    ("name", "data", "booked"),
    [
        ("sendMessage", {"chat_id": 42}, [42]),
        ("editMessageText", {"chat_id": -100, "message_id": 1}, [-100]),
        ("editMessageText", {"inline_message_id": "abc"}, [None]),
        ("sendPhoto", {"chat_id": "@channel"}, [None]),
        ("answerCallbackQuery", {"callback_query_id": "1"}, [None]),
        ("answerInlineQuery", {"inline_query_id": "1"}, [None]),
        ("getMe", {}, []),
        ("getChatMember", {"chat_id": 42, "user_id": 1}, []),
        ("setMyCommands", {}, []),
        ("sendChatAction", {"chat_id": 42}, []),
        ("deleteMessage", {"chat_id": 42}, []),
    ],
)
async def test_what_telegram_counts_takes_a_slot_and_nothing_else_does(
    name: str, data: dict[str, Any], booked: list[int | None]
) -> None:
    permits = Permits()
    assert await call(AnswerLimiter(permits), Endpoint(), name, **data) is True
    assert permits.booked == booked


async def test_a_call_is_made_when_its_slot_has_come() -> None:
    endpoint = Endpoint()
    began_s = asyncio.get_running_loop().time()
    await call(AnswerLimiter(Permits(wait_s=0.05)), endpoint, chat_id=42)
    assert endpoint.called_s[0] - began_s >= 0.05


async def test_a_429_holds_the_chat_and_the_call_is_made_once_more() -> None:
    permits = Permits()
    endpoint = Endpoint(SlowDown(0.05))
    assert await call(AnswerLimiter(permits), endpoint, chat_id=42) is True
    assert permits.held == [(42, 0.05)]
    assert permits.booked == [42, 42]
    first_s, second_s = endpoint.called_s
    assert second_s - first_s >= 0.05


async def test_a_second_429_is_the_callers() -> None:
    endpoint = Endpoint(SlowDown(0.01), SlowDown(0.01))
    with pytest.raises(SlowDown):
        await call(AnswerLimiter(Permits()), endpoint, chat_id=42)
    assert len(endpoint.called_s) == 2


async def test_nobody_waits_for_a_minute() -> None:
    permits = Permits()
    endpoint = Endpoint(SlowDown(3000))
    with pytest.raises(SlowDown):
        await call(AnswerLimiter(permits), endpoint, chat_id=42)
    assert permits.held == [(42, 3000)]
    with pytest.raises(SlowDown):
        await call(AnswerLimiter(Permits(wait_s=61)), Endpoint(), chat_id=42)


async def test_permits_that_make_a_busy_chat_wait_do_not_keep_its_answer_for_ever() -> None:
    class Busy(Permits):
        async def answer(self, chat_id: int | None) -> float:
            await asyncio.Event().wait()
            raise AssertionError("nobody waits that long")

    endpoint = Endpoint()
    with pytest.raises(SlowDown):
        await call(AnswerLimiter(Busy(), longest_wait_s=0.05), endpoint, chat_id=42)
    assert endpoint.called_s == []


async def test_other_refusals_are_the_callers() -> None:
    with pytest.raises(BadRequest):
        await call(AnswerLimiter(Permits()), Endpoint(BadRequest("chat not found")), chat_id=42)


async def test_without_the_store_answers_go_on_at_a_cautious_pace_and_it_is_said_once() -> None:
    permits = Permits(away=True)
    limiter = AnswerLimiter(permits)
    endpoint = Endpoint()
    with capture_logs() as logs:
        await asyncio.gather(*(call(limiter, endpoint, chat_id=chat_id) for chat_id in range(3)))
        permits.away = False
        await call(limiter, endpoint, chat_id=9)
    gaps_s = [
        later - sooner for sooner, later in zip(endpoint.called_s[:3], endpoint.called_s[1:3], strict=False)
    ]
    assert all(gap_s >= CAUTIOUS_GAP_S * 0.9 for gap_s in gaps_s)
    assert [entry["event"] for entry in logs] == [
        "no shared permits, answers go at a cautious pace",
        "shared permits are back",
    ]


async def test_without_the_store_a_429_is_obeyed_all_the_same() -> None:
    endpoint = Endpoint(SlowDown(0.3))
    assert await call(AnswerLimiter(Permits(away=True)), endpoint, chat_id=42) is True
    first_s, second_s = endpoint.called_s
    assert second_s - first_s >= 0.3


def test_getting_updates_is_not_counted() -> None:
    assert not {"getUpdates", "getMe", "setWebhook", "getFile"} & COUNTED
