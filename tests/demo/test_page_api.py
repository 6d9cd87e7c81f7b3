"""What the chat page asks of the server, without a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest

from bot.demo import NO_LIMITS, Demo
from bot.demo.demo import YOU
from bot.demo.page_api import FILES


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    async with Demo(port=0, limits=NO_LIMITS) as demo:
        yield demo


@pytest.fixture
async def page(demo: Demo) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(demo.page_url) as session:
        yield session


async def bot_calls(demo: Demo, page: aiohttp.ClientSession, method: str, **params: Any) -> Any:
    async with page.post(f"/bot{demo.token}/{method}", json=params) as answer:
        told = await answer.json()
    assert told["ok"], told
    return told["result"]


async def next_event(events: aiohttp.ClientResponse, kind: str) -> dict[str, Any]:
    async for line in events.content:
        if line.startswith(b"data: "):
            event: dict[str, Any] = orjson.loads(line.removeprefix(b"data: "))
            if event["kind"] == kind:
                return event
    raise AssertionError("the stream ended")


async def test_the_stream_begins_with_a_snapshot_and_goes_on_with_events(
    demo: Demo, page: aiohttp.ClientSession
) -> None:
    async with page.get("/page/events") as events:
        snapshot = await next_event(events, "snapshot")
        assert [chat["kind"] for chat in snapshot["chats"]] == ["private", "supergroup", "channel"]
        assert [topic["name"] for topic in snapshot["chats"][1]["topics"]] == ["Energy", "Kazakhstan"]
        assert snapshot["notes"]["label"] == "Sample data"
        async with page.post("/page/say", json={"chat_id": YOU, "text": "/start"}) as said:
            message_id = (await said.json())["message_id"]
        event = await next_event(events, "message")
        assert (event["message"]["id"], event["message"]["mine"]) == (message_id, True)
        link = demo.sources_toml.split('url = "')[1].split("/sample")[0] + "/sample/stories/2"
        await bot_calls(
            demo, page, "sendMessage", chat_id=YOU, text=f'<a href="{link}">x</a>', parse_mode="HTML"
        )
        card = (await next_event(events, "message"))["message"]["card"]
        assert (card["host"], card["emblem"]) == ("The Sample Post", "🇺🇿")


async def test_a_chat_that_moves_away_leaves_the_list(demo: Demo, page: aiohttp.ClientSession) -> None:
    you = demo.telegram.user(YOU)
    group = demo.telegram.group("Old", owner=you)
    async with page.get("/page/events") as events:
        await next_event(events, "snapshot")
        demo.telegram.migrate(group, by=you)
        assert (await next_event(events, "gone"))["chat_id"] == group.id


async def test_chats_of_other_people_are_not_shown_and_cannot_be_written_to(
    demo: Demo, page: aiohttp.ClientSession
) -> None:
    stranger = demo.telegram.user(77, "Stranger")
    await stranger.say("secret")
    async with page.get("/page/events") as events:
        snapshot = await next_event(events, "snapshot")
    assert "secret" not in [message["text"] for message in snapshot["messages"]]
    async with page.post("/page/say", json={"chat_id": 77, "text": "hello"}) as said:
        assert said.status == 400


@pytest.mark.parametrize(
    "wish",
    [
        {"chat_id": YOU, "text": "  "},
        {"chat_id": YOU},
        {"chat_id": "x", "text": "x"},
        {"chat_id": 5, "text": "x"},
        [],
    ],
)
async def test_nonsense_is_answered_with_a_reason(page: aiohttp.ClientSession, wish: object) -> None:
    async with page.post("/page/say", json=wish) as said:
        assert said.status == 400
        assert (await said.json())["error"]


async def test_only_json_is_taken_so_that_no_other_site_can_post(page: aiohttp.ClientSession) -> None:
    async with page.post("/page/say", data={"chat_id": str(YOU), "text": "x"}) as said:
        assert said.status == 404


@pytest.mark.parametrize(
    "path", ["/page/../demo.py", "/story.html", "/demo.py", "/%2e%2e/demo.py", "/page/photo/x"]
)
async def test_nothing_but_the_page_can_be_asked_for(page: aiohttp.ClientSession, path: str) -> None:
    async with page.get(path) as answer:
        assert answer.status == 404


async def test_every_file_that_the_page_names_is_there(page: aiohttp.ClientSession) -> None:
    for name in FILES:
        async with page.get(f"/{name}") as answer:
            assert answer.status == 200
            text = await answer.text()
            assert set(re.findall(r"https?://[\w.]+", text)) <= {
                "http://www.w3.org"
            }  # a namespace, not a visit
