"""The poller against a server that keeps updates until they are confirmed, as Telegram does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs
from telegram import Update
from telegram.ext import ContextTypes, TypeHandler

from bot.errors import TelegramRefused
from bot.telegram.application import ALLOWED_UPDATES, build_application, initialize
from bot.telegram.limiter import AnswerLimiter
from bot.telegram.polling import STUCK_S, AnyApplication, Poller
from bot.telegram.transport import AiohttpRequest
from tests.telegram.api import TOKEN, BotApi, Call, accept, gateway_page, ok, refusal
from tests.telegram.test_limiter import Permits
from tests.waiting import wait_until


def message_from(chat_id: int, update_id: int) -> dict[str, Any]:
    content = {"message_id": update_id, "date": 1, "chat": {"id": chat_id, "type": "private"}, "text": "hi"}
    return {"update_id": update_id, "message": content}


class Mailbox:
    """Telegram's side of long polling: forgets an update when a higher offset is asked for, and not before."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.changed = asyncio.Event()
        self.polls: list[dict[str, Any]] = []

    def put(self, *updates: dict[str, Any]) -> None:
        self.waiting.extend(updates)
        self.changed.set()

    @property
    def unconfirmed(self) -> list[int]:
        return [update["update_id"] for update in self.waiting]

    async def __call__(self, call: Call, request: web.Request) -> web.StreamResponse:
        if call.method != "getUpdates":
            return await accept(call, request)
        self.polls.append(call.parameters)
        offset = call.parameters.get("offset", 0)
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        self.changed.clear()
        if not self.waiting:
            try:
                async with asyncio.timeout(call.parameters.get("timeout", 0)):
                    await self.changed.wait()
            except TimeoutError:
                pass
        return ok(self.waiting[: call.parameters.get("limit", 100)])


@pytest.fixture
def mailbox(api: BotApi) -> Mailbox:
    mailbox = Mailbox()
    api.behave = mailbox
    return mailbox


Handle = Callable[[int], Awaitable[None]]


@asynccontextmanager
async def application_with(
    session: aiohttp.ClientSession, url: str, handle: Handle, concurrency: int = 64
) -> AsyncIterator[AnyApplication]:
    """An initialized application whose one handler is given the update's id."""
    request = AiohttpRequest(session, read_timeout_s=2)
    application = build_application(
        token=TOKEN,
        api_url=url,
        calls=request,
        polls=request,
        limiter=AnswerLimiter(Permits()),
        concurrency=concurrency,
    )

    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await handle(update.update_id)

    application.add_handler(TypeHandler(Update, callback))
    assert await initialize(application, asyncio.Event())
    try:
        yield application
    finally:
        await application.shutdown()


class Running:
    """A poller at work, and the switch that stops it."""

    def __init__(self, poller: Poller, deadline_s: float = 5.0) -> None:
        self.stopping = asyncio.Event()
        self.poller = poller
        self.task = asyncio.create_task(poller.run(self.stopping, deadline_s))

    async def stop(self) -> None:
        self.stopping.set()
        async with asyncio.timeout(5):
            await self.task


async def test_updates_are_handled_once_and_confirmed_when_done(
    session: aiohttp.ClientSession, api: BotApi, mailbox: Mailbox
) -> None:
    handled: list[int] = []

    async def handle(update_id: int) -> None:
        handled.append(update_id)

    async with application_with(session, api.url, handle) as application:
        running = Running(Poller(application, ALLOWED_UPDATES))
        mailbox.put(*(message_from(chat_id=n, update_id=n) for n in range(1, 251)))
        await wait_until(lambda: not mailbox.unconfirmed)
        mailbox.put(message_from(1, 251))
        await wait_until(lambda: not mailbox.unconfirmed)
        await running.stop()
    assert handled == list(range(1, 252))
    assert mailbox.polls[0]["allowed_updates"] == list(ALLOWED_UPDATES)


async def test_an_update_in_hand_stays_unconfirmed_while_later_ones_are_handled(
    session: aiohttp.ClientSession, api: BotApi, mailbox: Mailbox
) -> None:
    handled: list[int] = []
    gate = asyncio.Event()

    async def handle(update_id: int) -> None:
        if update_id == 1:
            await gate.wait()
        handled.append(update_id)

    async with application_with(session, api.url, handle) as application:
        running = Running(Poller(application, ALLOWED_UPDATES))
        mailbox.put(*(message_from(chat_id=n, update_id=n) for n in (1, 2, 3)))
        await wait_until(lambda: handled == [2, 3])
        polls_before = len(mailbox.polls)
        mailbox.put(message_from(chat_id=4, update_id=4))
        await wait_until(lambda: handled == [2, 3, 4])
        assert mailbox.unconfirmed == [1, 2, 3, 4]
        assert len(mailbox.polls) - polls_before < 10
        gate.set()
        await wait_until(lambda: not mailbox.unconfirmed)
        assert handled == [2, 3, 4, 1]
        await running.stop()


async def test_what_was_in_hand_at_a_crash_comes_again(
    session: aiohttp.ClientSession, api: BotApi, mailbox: Mailbox
) -> None:
    begun: list[int] = []

    async def never_ready(update_id: int) -> None:
        begun.append(update_id)
        await asyncio.Event().wait()

    async with application_with(session, api.url, never_ready) as application:
        running = Running(Poller(application, ALLOWED_UPDATES))
        mailbox.put(message_from(1, 1), message_from(2, 2))
        await wait_until(lambda: begun == [1, 2])
        running.task.cancel()
        await asyncio.wait([running.task])
    handled: list[int] = []

    async def handle(update_id: int) -> None:
        handled.append(update_id)

    async with application_with(session, api.url, handle) as application:
        running = Running(Poller(application, ALLOWED_UPDATES))
        await wait_until(lambda: handled == [1, 2])
        await running.stop()


async def test_stopping_does_not_wait_for_the_long_poll_but_for_what_is_in_hand(
    session: aiohttp.ClientSession, api: BotApi, mailbox: Mailbox
) -> None:
    gate = asyncio.Event()
    begun = asyncio.Event()
    handled: list[int] = []

    async def handle(update_id: int) -> None:
        begun.set()
        await gate.wait()
        handled.append(update_id)

    async with application_with(session, api.url, handle) as application:
        running = Running(Poller(application, ALLOWED_UPDATES, poll_timeout_s=50))
        mailbox.put(message_from(1, 1))
        await begun.wait()
        running.stopping.set()
        gate.set()
        async with asyncio.timeout(2):
            await running.task
    assert handled == [1]
    assert mailbox.unconfirmed == []


async def test_what_is_not_done_by_the_deadline_comes_again(
    session: aiohttp.ClientSession, api: BotApi, mailbox: Mailbox
) -> None:
    cancelled: list[int] = []
    begun = asyncio.Event()

    async def handle(update_id: int) -> None:
        if update_id == 1:
            return
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(update_id)
            raise

    async with application_with(session, api.url, handle) as application:
        running = Running(Poller(application, ALLOWED_UPDATES), deadline_s=1.1)
        mailbox.put(message_from(1, 1), message_from(2, 2))
        await begun.wait()
        await running.stop()
        await wait_until(lambda: cancelled == [2])
    assert mailbox.unconfirmed == [2]


async def test_trouble_is_said_once_and_so_is_its_end(
    session: aiohttp.ClientSession, api: BotApi, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.polling.FIRST_BACKOFF_S", 0.01)
    handled: list[int] = []

    async def handle(update_id: int) -> None:
        handled.append(update_id)

    async with application_with(session, api.url, handle) as application:
        api.behave = gateway_page
        with capture_logs() as logs:
            running = Running(Poller(application, ALLOWED_UPDATES))
            await wait_until(lambda: len(api.of("getUpdates")) >= 4)
            api.behave = mailbox
            mailbox.put(message_from(1, 1))
            await wait_until(lambda: handled == [1])
            await running.stop()
    assert [entry["event"] for entry in logs] == ["no updates for now", "updates come again"]
    assert logs[0]["cause"] == "the answer is not from a Bot API: status 502 without JSON"


async def test_another_poller_is_named_as_the_cause(session: aiohttp.ClientSession, api: BotApi) -> None:
    async def conflict(call: Call, request: web.Request) -> web.StreamResponse:
        if call.method == "getMe":
            return await accept(call, request)
        return refusal(409, "Conflict: terminated by other getUpdates request")

    api.behave = conflict

    async def handle(update_id: int) -> None:
        raise AssertionError("there is nothing to handle")

    async with application_with(session, api.url, handle) as application:
        with capture_logs() as logs:
            running = Running(Poller(application, ALLOWED_UPDATES))
            await wait_until(lambda: bool(logs))
            await running.stop()
    assert logs[0]["cause"] == "another process polls with the same token, or a webhook is set"


async def test_a_token_that_stops_working_ends_the_poller(
    session: aiohttp.ClientSession, api: BotApi, mailbox: Mailbox
) -> None:
    async def handle(update_id: int) -> None:
        raise AssertionError("there is nothing to handle")

    async def revoked(call: Call, request: web.Request) -> web.StreamResponse:
        return refusal(401, "Unauthorized")

    async with application_with(session, api.url, handle) as application:
        api.behave = revoked
        with pytest.raises(TelegramRefused) as caught:
            await Poller(application, ALLOWED_UPDATES).run(asyncio.Event())
    assert TOKEN not in repr(caught.value)
    assert caught.value.__context__ is None


async def test_a_stuck_handler_does_not_hide_what_comes_after_a_full_batch(
    session: aiohttp.ClientSession, api: BotApi, mailbox: Mailbox
) -> None:
    now_s = 0.0
    handled: list[int] = []
    gate = asyncio.Event()

    async def handle(update_id: int) -> None:
        if update_id == 1:
            await gate.wait()
        handled.append(update_id)

    async with application_with(session, api.url, handle) as application:
        running = Running(Poller(application, ALLOWED_UPDATES, monotonic=lambda: now_s))
        mailbox.put(*(message_from(chat_id=n, update_id=n) for n in range(1, 151)))
        await wait_until(lambda: len(handled) == 99)
        with capture_logs() as logs:
            now_s = STUCK_S + 1
            await wait_until(lambda: len(handled) == 149)
        assert [(entry["event"], entry["update_id"]) for entry in logs] == [
            ("an update takes long, the others go ahead", 1)
        ]
        gate.set()
        await wait_until(lambda: 1 in handled)
        await running.stop()
    assert mailbox.unconfirmed == []


async def test_an_error_in_a_handler_is_reported_and_the_update_counts_as_handled(
    session: aiohttp.ClientSession, api: BotApi, mailbox: Mailbox
) -> None:
    reported: list[Exception | None] = []

    async def handle(update_id: int) -> None:
        raise ValueError("broken handler")

    async def report(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        reported.append(context.error)

    async with application_with(session, api.url, handle) as application:
        application.add_error_handler(report)
        running = Running(Poller(application, ALLOWED_UPDATES))
        mailbox.put(message_from(1, 1))
        await wait_until(lambda: not mailbox.unconfirmed)
        await running.stop()
    assert [str(error) for error in reported] == ["broken handler"]


async def test_an_update_that_breaks_the_frame_counts_as_handled_too(
    session: aiohttp.ClientSession, api: BotApi, mailbox: Mailbox
) -> None:
    async def handle(update_id: int) -> None:
        raise AssertionError("the application is shut: no handler runs")

    async with application_with(session, api.url, handle) as application:
        await application.update_processor.shutdown()
        application._initialized = False
        with capture_logs() as logs:
            running = Running(Poller(application, ALLOWED_UPDATES))
            mailbox.put(message_from(1, 1))
            await wait_until(lambda: not mailbox.unconfirmed)
            await running.stop()
        application._initialized = True
    assert logs[0]["event"] == "update could not be handled"
