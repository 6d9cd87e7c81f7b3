"""The webhook: who knows the secret is answered at once, when the update is queued; nobody else, nothing else."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.errors import StoreUnavailable, TelegramRefused
from bot.http.server import http_server
from bot.settings import Listen
from bot.telegram import webhook as webhook_module
from bot.telegram.application import ALLOWED_UPDATES
from bot.telegram.webhook import SECRET_HEADER, Webhook, choose_polling, choose_webhook, webhook_route
from tests.telegram.api import Behaviour, BotApi, Call, refusal
from tests.telegram.test_polling import application_with, message_from
from tests.waiting import wait_until

SECRET = "s3cret"
KNOWN = {SECRET_HEADER: SECRET}


class Queue:
    """Remembers what was put, or fails."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, str, bytes]] = []
        self.away = False

    async def put(self, update_id: int, lane: str, body: bytes) -> None:
        if self.away:
            raise StoreUnavailable("no Redis")
        self.entries.append((update_id, lane, body))


class Door:
    """A webhook on a real server, and a client before it."""

    def __init__(self, queue: Queue, url: str, session: aiohttp.ClientSession) -> None:
        self.queue, self.url, self.session = queue, url, session

    async def bring(self, body: Any, headers: dict[str, str] | None = None) -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.session.post(
            self.url, data=io.BytesIO(content), headers=KNOWN if headers is None else headers
        ) as answer:
            return answer.status


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    queue = Queue()
    webhook = Webhook(queue.put)
    webhook.open(SECRET)
    routes = [webhook_route("https://bot.example/updates", webhook)]
    async with http_server(Listen("127.0.0.1", 0), routes) as address, aiohttp.ClientSession() as session:
        yield Door(queue, f"http://{address}/updates", session)


async def test_an_update_is_queued_as_it_came_in_the_lane_of_its_chat(door: Door) -> None:
    body = json.dumps(message_from(42, update_id=7)).encode()
    assert await door.bring(body) == 200
    assert door.queue.entries == [(7, "42", body)]


async def test_a_tap_waits_for_its_persons_other_taps(door: Door) -> None:
    person = {"id": 5, "is_bot": False, "first_name": "A"}
    tap = {"update_id": 8, "callback_query": {"id": "1", "from": person, "chat_instance": "x", "data": "y"}}
    assert await door.bring(tap) == 200
    assert door.queue.entries[0][:2] == (8, "5")


async def test_a_kind_of_update_that_we_do_not_know_is_taken_all_the_same(door: Door) -> None:
    assert await door.bring({"update_id": 9, "something_new": {}}) == 200
    assert door.queue.entries[0][:2] == (9, "update 9")


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: ""}, {SECRET_HEADER: "é"}])
async def test_strangers_are_turned_away_in_few_words(door: Door, headers: dict[str, str]) -> None:
    with capture_logs() as log:
        assert [await door.bring(message_from(1, 1), headers) for _ in range(9)] == [403] * 9
    assert door.queue.entries == []
    assert [line["so_far"] for line in log] == [1, 2, 4, 8]


async def test_before_it_is_opened_nobody_gets_in() -> None:
    queue = Queue()
    routes = [webhook_route("https://bot.example", Webhook(queue.put))]
    async with http_server(Listen("127.0.0.1", 0), routes) as address, aiohttp.ClientSession() as session:
        assert await Door(queue, f"http://{address}/", session).bring(message_from(1, 1)) == 403
        assert await Door(queue, f"http://{address}/", session).bring(message_from(1, 1), {}) == 403


async def test_a_body_above_a_megabyte_is_refused(door: Door) -> None:
    assert await door.bring(b" " * (1024 * 1024 + 1)) == 413
    assert await door.bring(b" " * (1024 * 1024 - 1000) + json.dumps(message_from(1, 1)).encode()) == 200


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[]", b"{}", b"null", b'{"update_id": 1, "message": 3}', b"[" * 5000]
)
async def test_what_is_no_update_is_no_crash(door: Door, body: bytes) -> None:
    assert await door.bring(body) == 400
    assert door.queue.entries == []


async def test_without_redis_telegram_keeps_the_update_and_tries_again(door: Door) -> None:
    door.queue.away = True
    assert await door.bring(message_from(1, 1)) == 503
    door.queue.away = False
    assert await door.bring(message_from(1, 1)) == 200


async def test_telegram_is_told_exactly_what_we_want(session: aiohttp.ClientSession, api: BotApi) -> None:
    async with application_with(session, api.url, _nothing) as application:
        url = "https://bot.example/updates"
        assert await choose_webhook(application, url, SECRET, ALLOWED_UPDATES, asyncio.Event())
        assert await choose_polling(application, asyncio.Event())
    chosen, deleted = [call for call in api.calls if call.method in ("setWebhook", "deleteWebhook")]
    assert chosen.parameters["url"] == url
    assert chosen.parameters["secret_token"] == SECRET
    assert chosen.parameters["allowed_updates"] == list(ALLOWED_UPDATES)
    assert not deleted.parameters.get("drop_pending_updates")


async def test_an_address_that_telegram_does_not_want_is_told_once(
    session: aiohttp.ClientSession, api: BotApi
) -> None:
    async with application_with(session, api.url, _nothing) as application:
        api.behave = answering(400, "Bad Request: bad webhook: HTTPS url must be provided for webhook")
        with pytest.raises(TelegramRefused, match="WEBHOOK_URL"):
            await choose_webhook(application, "https://x", SECRET, ALLOWED_UPDATES, asyncio.Event())


async def test_while_telegram_is_away_a_stop_is_felt_at_once(
    session: aiohttp.ClientSession, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_module, "FIRST_BACKOFF_S", 60.0)
    stopping = asyncio.Event()
    async with application_with(session, api.url, _nothing) as application:
        api.behave = answering(502, "Bad Gateway")
        choosing = asyncio.create_task(choose_polling(application, stopping))
        await wait_until(lambda: api.of("deleteWebhook"))
        stopping.set()
        assert await asyncio.wait_for(choosing, 5) is False


def answering(code: int, description: str) -> Behaviour:
    async def behave(_call: Call, _request: web.Request) -> web.StreamResponse:
        return refusal(code, description)

    return behave


async def _nothing(_: int) -> None:
    return None
