"""Starting when Telegram is not there, or does not know us; and what the token may be seen in."""

import asyncio
import logging
import traceback

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs
from telegram.ext import Application

from bot.errors import TelegramRefused
from bot.telegram.application import build_application, initialize
from bot.telegram.limiter import AnswerLimiter
from bot.telegram.transport import AiohttpRequest
from tests.telegram.api import TOKEN, BotApi, Call, accept, gateway_page, refusal
from tests.telegram.test_limiter import Permits
from tests.waiting import wait_until


def application_on(session: aiohttp.ClientSession, url: str) -> Application:  # type: ignore[type-arg]
    request = AiohttpRequest(session)
    return build_application(
        token=TOKEN, api_url=url + "/", calls=request, polls=request, limiter=AnswerLimiter(Permits())
    )


async def test_messages_are_html_without_previews_unless_a_handler_says_otherwise(
    session: aiohttp.ClientSession, api: BotApi
) -> None:
    application = application_on(session, api.url)
    await application.bot.send_message(42, "<b>hi</b>")
    assert api.calls[0].parameters == {
        "chat_id": 42,
        "text": "<b>hi</b>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


async def test_starting_waits_for_telegram_and_says_so_once(
    session: aiohttp.ClientSession, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.application.FIRST_BACKOFF_S", 0.01)
    api.behave = gateway_page
    application = application_on(session, api.url)
    with capture_logs() as logs:
        starting = asyncio.create_task(initialize(application, asyncio.Event()))
        await wait_until(lambda: len(api.calls) >= 3)
        api.behave = accept
        assert await starting
    assert application.bot.username == "test_bot"
    assert [entry["event"] for entry in logs] == ["Telegram does not answer yet", "Telegram answers"]
    await application.shutdown()


async def test_stopping_ends_the_wait_for_telegram(session: aiohttp.ClientSession, api: BotApi) -> None:
    api.behave = gateway_page
    stopping = asyncio.Event()
    starting = asyncio.create_task(initialize(application_on(session, api.url), stopping))
    await api.arrived.wait()
    stopping.set()
    async with asyncio.timeout(2):
        assert await starting is False


async def test_a_refused_token_is_a_clear_error_without_the_token(
    session: aiohttp.ClientSession, api: BotApi
) -> None:
    async def unauthorized(call: Call, request: web.Request) -> web.StreamResponse:
        return refusal(401, "Unauthorized")

    api.behave = unauthorized
    with pytest.raises(TelegramRefused, match="BOT_TOKEN") as caught:
        await initialize(application_on(session, api.url), asyncio.Event())
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


async def test_neither_the_bot_nor_its_logs_show_the_token(
    session: aiohttp.ClientSession, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    application = application_on(session, api.url)
    await initialize(application, asyncio.Event())
    await application.bot.send_message(42, "hi")
    await application.shutdown()
    assert TOKEN not in f"{application!r} {application.bot!r} {application.bot} {caplog.text}"
