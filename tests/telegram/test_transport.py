"""PTB's calls over our transport, against a server that behaves, misbehaves, hangs and hangs up."""

import asyncio
import io
import logging
import traceback
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.telegram.session import open_session
from bot.telegram.transport import AiohttpRequest, BrokenLineError, SilentLineError, SlowDown
from tests.telegram.api import (
    TOKEN,
    Behaviour,
    BotApi,
    Call,
    gateway_page,
    half_an_answer,
    hang,
    nonsense,
    refusal,
    reset,
    unused_port,
)


def bot_over(session: aiohttp.ClientSession, url: str, **times_s: float) -> Bot:
    request = AiohttpRequest(session, **times_s)
    return Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)


@pytest.fixture
async def bot(session: aiohttp.ClientSession, api: BotApi) -> Bot:
    return bot_over(session, api.url)


async def test_parameters_arrive_as_they_were_meant(bot: Bot, api: BotApi) -> None:
    sent = await bot.send_message(-100, "Ünïcödé & <b>", disable_notification=True)
    assert sent.message_id == 7
    assert api.calls == [
        Call("sendMessage", {"chat_id": -100, "text": "Ünïcödé & <b>", "disable_notification": True})
    ]


async def test_a_photo_from_memory_is_uploaded_whole(bot: Bot, api: BotApi) -> None:
    picture = bytes(range(256)) * 8000
    await bot.send_photo(42, picture, caption="Курс", filename="kzt.png", show_caption_above_media=True)
    (call,) = api.calls
    assert call.files == {"photo": ("kzt.png", picture)}
    assert call.parameters == {"chat_id": "42", "caption": "Курс", "show_caption_above_media": "true"}


async def test_a_file_on_disk_is_streamed(bot: Bot, api: BotApi, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(b"x" * 300_000)
    with path.open("rb") as handle:
        await bot.send_document(42, InputFile(handle, read_file_handle=False))
    assert api.calls[0].files == {"document": ("report.txt", b"x" * 300_000)}


async def test_an_error_of_the_bot_api_stays_what_ptb_makes_of_it(bot: Bot, api: BotApi) -> None:
    async def refuse(call: Call, request: web.Request) -> web.StreamResponse:
        return refusal(400, "Bad Request: chat not found")

    api.behave = refuse
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(1, "hello")


@pytest.mark.parametrize(
    ("parameters", "headers", "seconds"),
    [
        ({"retry_after": 13}, {}, 13),
        ({}, {"Retry-After": "4"}, 4),
        ({}, {}, 5),
        ({}, {"Retry-After": "soon"}, 5),
    ],
)
async def test_a_429_always_says_how_long(
    bot: Bot, api: BotApi, parameters: dict[str, int], headers: dict[str, str], seconds: int
) -> None:
    async def slow_down(call: Call, request: web.Request) -> web.StreamResponse:
        answer = refusal(429, "Too Many Requests", **parameters)
        answer.headers.update(headers)
        return answer

    api.behave = slow_down
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(1, "hello")
    assert isinstance(caught.value, SlowDown)
    assert caught.value.pause_s == caught.value.retry_after == seconds


async def test_a_page_that_is_not_the_bot_apis_is_named_and_not_quoted(bot: Bot, api: BotApi) -> None:
    api.behave = gateway_page
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(1, "hello")
    assert str(caught.value) == "the answer is not from a Bot API: status 502 without JSON"


async def test_a_line_cut_after_the_request_leaves_us_unsure(bot: Bot, api: BotApi) -> None:
    for cut in (reset, half_an_answer):
        api.behave = cut
        with pytest.raises(BrokenLineError) as caught:
            await bot.send_message(1, "hello")
        assert caught.value.unsure


async def test_silence_after_the_request_leaves_us_unsure(
    api: BotApi, session: aiohttp.ClientSession
) -> None:
    api.behave = hang
    with pytest.raises(SilentLineError, match="no answer in time") as caught:
        await bot_over(session, api.url, read_timeout_s=0.1).send_message(1, "hello")
    assert caught.value.unsure


async def test_nobody_listening_means_that_nothing_was_sent() -> None:
    url = f"http://127.0.0.1:{unused_port()}"
    async with open_session(url, 1) as session:
        with pytest.raises(BrokenLineError, match=r"cannot connect \(Connection refused\)") as caught:
            await bot_over(session, url).send_message(1, "hello")
    assert not caught.value.unsure


async def test_waiting_too_long_for_a_free_connection_means_that_nothing_was_sent(api: BotApi) -> None:
    api.behave = hang
    async with open_session(api.url, connections=1) as session:
        bot = bot_over(session, api.url, pool_timeout_s=0.05, connect_timeout_s=0.05)
        hog = asyncio.create_task(bot.send_message(1, "first"))
        await api.arrived.wait()
        with pytest.raises(SilentLineError, match="no connection in time") as caught:
            await bot.send_message(1, "second")
        hog.cancel()
        await asyncio.wait([hog])
    assert not caught.value.unsure
    assert len(api.calls) == 1


async def test_a_cancelled_call_gives_its_connection_back(api: BotApi) -> None:
    usual, api.behave = api.behave, hang
    async with open_session(api.url, connections=1) as session:
        bot = bot_over(session, api.url)
        call = asyncio.create_task(bot.send_message(1, "never mind"))
        await api.arrived.wait()
        call.cancel()
        await asyncio.wait([call])
        assert call.cancelled()
        api.behave = usual
        assert (await bot.send_message(1, "this one")).message_id == 7


async def test_a_server_that_stops_reading_does_not_hold_an_upload_for_ever() -> None:
    given_up = asyncio.Event()
    left = asyncio.Event()

    async def never_read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await given_up.wait()
        writer.transport.abort()
        left.set()

    server = await asyncio.start_server(never_read, "127.0.0.1", 0, limit=1)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, open_session(url, 1) as session:
        bot = bot_over(session, url, upload_timeout_s=0.2)
        with pytest.raises(TimedOut):
            await bot.send_document(1, io.BytesIO(bytes(30_000_000)))
        given_up.set()
        await left.wait()


async def test_redirects_are_not_followed_with_our_token(bot: Bot, api: BotApi) -> None:
    async def elsewhere(call: Call, request: web.Request) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": f"{api.url}/bot{TOKEN}/getMe"})

    api.behave = elsewhere
    with pytest.raises(NetworkError, match="status 307"):
        await bot.send_message(1, "hello")
    assert [call.method for call in api.calls] == ["sendMessage"]


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    # PTB itself logs the URL on DEBUG when it is made; the application keeps it from that.
    caplog.set_level(logging.INFO, "telegram")
    return caplog


@pytest.mark.parametrize("behaviour", [gateway_page, half_an_answer, hang, nonsense, reset])
async def test_no_fault_shows_the_token(
    api: BotApi,
    session: aiohttp.ClientSession,
    behaviour: Behaviour,
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    api.behave = behaviour
    bot = bot_over(session, api.url, read_timeout_s=0.1)
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(1, "hello")
    assert TOKEN not in all_that_is_told_of(caught.value)
    assert TOKEN not in everything_logged.text


async def test_an_address_that_is_none_does_not_show_the_token(session: aiohttp.ClientSession) -> None:
    for url in ("http://", "http://[::1", "ftp://127.0.0.1", f"http://127.0.0.1:{unused_port()}"):
        with pytest.raises(NetworkError) as caught:
            await bot_over(session, url).send_message(1, "hello")
        assert TOKEN not in all_that_is_told_of(caught.value)


async def test_a_wrong_token_is_ptbs_invalid_token(session: aiohttp.ClientSession, api: BotApi) -> None:
    request = AiohttpRequest(session)
    bot = Bot("1:wrong", base_url=f"{api.url}/bot", request=request, get_updates_request=request)
    with pytest.raises(InvalidToken):
        await bot.get_me()


def all_that_is_told_of(error: BaseException) -> str:
    told = "".join(traceback.format_exception(error)) + repr(error) + str(error)
    for hidden in (error.__context__, error.__cause__):
        if hidden is not None:
            told += all_that_is_told_of(hidden)
    return told
