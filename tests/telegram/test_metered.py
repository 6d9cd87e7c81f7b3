"""What is counted at the border: each answer once by how it went, each update by what it asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from telegram import Update

from bot.model import Lane
from bot.telegram.limiter import AnswerLimiter
from bot.telegram.metered import MeteredLimiter, asked
from bot.telegram.transport import SlowDown
from tests.telegram.test_limiter import Permits

COMMANDS = {"latest", "rates"}


def message(text: str, entity: int | None = None) -> Update:
    content: dict[str, Any] = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": text}
    if entity is not None:
        content["entities"] = [{"type": "bot_command", "offset": 0, "length": entity}]
    update = Update.de_json({"update_id": 1, "message": content}, None)
    assert update is not None
    return update


@pytest.mark.parametrize(
    ("update", "name"),
    [
        (message("/latest KZ", 7), "latest"),
        (message("/RATES@my_bot", 13), "rates"),
        (message("/nonsense", 9), "other"),
        (message("latest"), "other"),
        (object(), "other"),
    ],
)
def test_an_update_is_named_by_its_command_and_by_no_word_of_anybodys(update: object, name: str) -> None:
    assert asked(update, COMMANDS) == name


def test_taps_and_inline_queries_have_names_too() -> None:
    person = {"id": 5, "is_bot": False, "first_name": "A"}
    tap = {"update_id": 1, "callback_query": {"id": "1", "from": person, "chat_instance": "x", "data": "y"}}
    typed = {"update_id": 2, "inline_query": {"id": "1", "from": person, "query": "kzt", "offset": ""}}
    assert asked(Update.de_json(tap, None), COMMANDS) == "tap"
    assert asked(Update.de_json(typed, None), COMMANDS) == "inline"


class Notes:
    """A meter that remembers what it was told of messages."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []
        self.silence_s = 0.0

    def sent(self, lane: Lane, outcome: str, seconds: float) -> None:
        assert lane is Lane.ANSWER
        assert seconds >= 0
        self.outcomes.append(outcome)

    def held(self, lane: Lane, seconds: float) -> None:
        self.silence_s += seconds

    def polled(self, source: str, result: str, seconds: float) -> None: ...
    def stored(self, source: str, topics: Iterable[str]) -> None: ...
    def handled(self, command: str, seconds: float) -> None: ...
    def lagged(self, seconds: float) -> None: ...


async def test_a_429_and_the_second_attempt_are_both_counted() -> None:
    notes = Notes()
    limiter = MeteredLimiter(AnswerLimiter(Permits()), notes)
    tries = iter((SlowDown(0.0), None))

    async def call() -> bool:
        if refusal := next(tries):
            raise refusal
        return True

    await limiter.process_request(call, (), {}, "sendMessage", {"chat_id": 5}, None)
    await limiter.process_request(_true, (), {}, "getMe", {}, None)
    assert notes.outcomes == ["limited", "sent"], "and questions are no messages"


async def _true() -> bool:
    return True
