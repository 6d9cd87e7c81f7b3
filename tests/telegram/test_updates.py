"""Order within a chat, company across chats, and nothing left behind."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from telegram import Update

from bot.telegram.updates import ChatOrderedProcessor, lane_of

USER = {"id": 7, "is_bot": False, "first_name": "Aigul"}


def message_in(chat_id: int, update_id: int = 1) -> Update:
    chat = {"id": chat_id, "type": "private" if chat_id > 0 else "supergroup"}
    content = {"message_id": 1, "date": 1, "chat": chat, "from": USER, "text": "hello"}
    return Update.de_json({"update_id": update_id, "message": content}, None)


def tap_in(chat_id: int) -> Update:
    message = message_in(chat_id).to_dict()["message"]
    query = {"id": "1", "from": USER, "chat_instance": "1", "message": message, "data": "x"}
    return Update.de_json({"update_id": 1, "callback_query": query}, None)


def inline_query() -> Update:
    query = {"id": "1", "from": USER, "query": "kzt", "offset": ""}
    return Update.de_json({"update_id": 1, "inline_query": query}, None)


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        (message_in(42), 42),
        (message_in(-100), -100),
        (tap_in(-100), 7),
        (inline_query(), 7),
        (Update(1), None),
        ("not an update", None),
    ],
)
def test_a_message_queues_in_its_chat_and_a_tap_with_its_person(update: object, lane: int | None) -> None:
    assert lane_of(update) == lane


class Handlers:
    """Handlers that run until the test lets them go on; ``running`` and ``done`` hold their names."""

    def __init__(self) -> None:
        self.running: list[str] = []
        self.done: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    def handle(self, name: str) -> Coroutine[Any, Any, None]:
        gate = self.gates[name] = asyncio.Event()

        async def run() -> None:
            self.running.append(name)
            try:
                await gate.wait()
            finally:
                self.running.remove(name)
            self.done.append(name)

        return run()


async def settle() -> None:
    """Let every task that can run, run until it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_chats_go_side_by_side_and_each_in_its_order() -> None:
    processor = ChatOrderedProcessor(10)
    handlers = Handlers()
    tasks = [
        asyncio.create_task(processor.process_update(message_in(chat_id), handlers.handle(name)))
        for chat_id, name in [(1, "a1"), (1, "a2"), (2, "b1"), (1, "a3"), (2, "b2")]
    ]
    await settle()
    assert handlers.running == ["a1", "b1"]
    handlers.gates["b1"].set()
    await settle()
    assert handlers.running == ["a1", "b2"]
    for gate in handlers.gates.values():
        gate.set()
    await asyncio.gather(*tasks)
    assert [name for name in handlers.done if name.startswith("a")] == ["a1", "a2", "a3"]
    assert processor.busy_lanes == 0


async def test_a_flooding_chat_takes_one_place_and_leaves_the_others_to_the_rest() -> None:
    processor = ChatOrderedProcessor(2)
    handlers = Handlers()
    flood = [
        asyncio.create_task(processor.process_update(message_in(1), handlers.handle(f"flood{n}")))
        for n in range(50)
    ]
    await settle()
    other = asyncio.create_task(processor.process_update(message_in(2), handlers.handle("other")))
    third = asyncio.create_task(processor.process_update(message_in(3), handlers.handle("third")))
    await settle()
    assert handlers.running == ["flood0", "other"]
    for gate in handlers.gates.values():
        gate.set()
    await asyncio.gather(*flood, other, third)
    assert len(handlers.done) == 52
    assert processor.busy_lanes == 0


async def test_a_failing_handler_does_not_hold_its_chat() -> None:
    processor = ChatOrderedProcessor(2)

    async def fail() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await processor.process_update(message_in(1), fail())
    handlers = Handlers()
    task = asyncio.create_task(processor.process_update(message_in(1), handlers.handle("next")))
    await settle()
    handlers.gates["next"].set()
    await task
    assert handlers.done == ["next"]


async def test_cancelling_those_who_wait_leaves_nothing_behind() -> None:
    processor = ChatOrderedProcessor(2)
    handlers = Handlers()
    tasks = [
        asyncio.create_task(processor.process_update(message_in(1), handlers.handle(name)))
        for name in ("a", "b")
    ]
    await settle()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert handlers.done == []
    assert processor.busy_lanes == 0
