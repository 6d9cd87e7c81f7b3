"""What Telegram refuses, and in which words: a bot under test learns here what production would tell it."""

from __future__ import annotations

import json

import aiohttp
import pytest

from bot.demo.limits import NO_LIMITS
from bot.demo.local_telegram import LocalTelegram
from bot.demo.methods import METHODS
from bot.demo.strictness import table
from tests.demo.conftest import BareBot
from tests.shared_data import require_shared_data


def test_every_served_method_and_object_is_as_the_published_bot_api_has_it() -> None:
    published = json.loads((require_shared_data() / "telegram-bot-api.json").read_text())
    for section, ours in (("methods", table()["methods"]), ("types", table()["objects"])):
        for name, fields in ours.items():
            theirs = {
                field["name"]: " | ".join(field["types"]) + ("!" if field["required"] else "")
                for field in published[section][name].get("fields", [])
            }
            assert fields == theirs, name


def test_every_method_has_a_signature_and_the_other_way_round() -> None:
    assert METHODS.keys() == table()["methods"].keys()


@pytest.fixture
async def started(telegram: LocalTelegram) -> LocalTelegram:
    await telegram.user(7).say("/start")
    return telegram


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"chat_id": 8, "text": "x"}, "Bad Request: chat not found"),
        ({"text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 7}, "Bad Request: message text is empty"),
        ({"chat_id": 7, "text": " \n "}, "Bad Request: message text is empty"),
        ({"chat_id": 7, "text": "🇰🇿" * 1025}, "Bad Request: message is too long"),
        (
            {"chat_id": 7, "text": "x", "pars_mode": "HTML"},
            'Bad Request: sendMessage has no parameter "pars_mode"',
        ),
        ({"chat_id": 7, "text": "x", "parse_mode": "BB"}, 'Bad Request: unsupported parse_mode "BB"'),
        ({"chat_id": 7, "text": 5}, 'Bad Request: parameter "text" must be of type String'),
        ({"chat_id": 7, "text": "x", "message_thread_id": 9}, "Bad Request: message thread not found"),
        (
            {"chat_id": 7, "text": "x", "reply_parameters": {"message_id": 99}},
            "Bad Request: message to be replied not found",
        ),
        (
            {"chat_id": 7, "text": "x", "link_preview_options": {"disabled": True}},
            'Bad Request: can\'t parse link_preview_options: LinkPreviewOptions has no field "disabled"',
        ),
    ],
)
async def test_messages_that_cannot_be_sent(
    started: LocalTelegram, bot: BareBot, params: dict[str, object], complaint: str
) -> None:
    assert await bot.refusal("sendMessage", **params) == complaint


@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        ({"text": "x", "callback_data": "ж" * 33}, "Bad Request: BUTTON_DATA_INVALID"),
        (
            {"text": "x", "callback_data": ""},
            "Bad Request: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "x"}, "Bad Request: Text buttons are unallowed in the inline keyboard"),
        (
            {"text": "x", "url": "nonsense"},
            "Bad Request: inline keyboard button URL 'nonsense' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_buttons_that_cannot_be_shown(
    started: LocalTelegram, bot: BareBot, button: dict[str, str], complaint: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    assert await bot.refusal("sendMessage", chat_id=7, text="x", reply_markup=markup) == complaint


async def test_exactly_4096_units_and_64_bytes_are_taken(started: LocalTelegram, bot: BareBot) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "ж" * 32}]]}
    html = f"<b>{'🇰🇿' * 1024}</b>"
    assert await bot.result("sendMessage", chat_id=7, text=html, parse_mode="HTML", reply_markup=markup)


async def test_edits_that_cannot_be_made(started: LocalTelegram, bot: BareBot) -> None:
    sent = await bot.result("sendMessage", chat_id=7, text="<b>same</b>", parse_mode="HTML")
    target = {"chat_id": 7, "message_id": sent["message_id"]}
    same = await bot.refusal("editMessageText", **target, text="<b>same</b>", parse_mode="HTML")
    assert same.startswith(
        "Bad Request: message is not modified: specified new message content and reply markup"
    )
    missing = {"chat_id": 7, "message_id": 99}
    assert (
        await bot.refusal("editMessageText", **missing, text="x") == "Bad Request: message to edit not found"
    )
    not_ours = {"chat_id": 7, "message_id": 1}
    assert (
        await bot.refusal("editMessageText", **not_ours, text="x") == "Bad Request: message can't be edited"
    )
    caption = await bot.refusal("editMessageCaption", **target, caption="x")
    assert caption == "Bad Request: there is no caption in the message to edit"
    assert await bot.refusal("deleteMessage", **missing) == "Bad Request: message to delete not found"


@pytest.mark.parametrize("method", ["sendmessage", "SENDMESSAGE", "sendMessage"])
@pytest.mark.parametrize("form", ["json", "urlencoded", "multipart", "query"])
async def test_every_form_of_request_is_understood(started: LocalTelegram, method: str, form: str) -> None:
    url = f"{started.api_url}/bot{started.token}/{method}"
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}
    texts = {"chat_id": "7", "text": "hi", "reply_markup": json.dumps(markup), "disable_notification": "true"}
    multipart = aiohttp.FormData(texts, default_to_multipart=True)
    request = {
        "json": {"json": {"chat_id": 7, "text": "hi", "reply_markup": markup, "disable_notification": True}},
        "urlencoded": {"data": texts},
        "multipart": {"data": multipart},
        "query": {"params": texts},
    }[form]
    async with aiohttp.ClientSession() as session:
        sending = session.get if form == "query" else session.post
        async with sending(url, **request) as response:  # type: ignore[arg-type]
            assert (await response.json())["result"]["reply_markup"] == markup
    (delivery,) = started.deliveries(7)
    assert delivery.silent


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("botnonsense/getMe", 404),
        ("bot424242:wrong/getMe", 401),
        (f"bot{LocalTelegram(limits=NO_LIMITS).token}/getNothing", 404),
    ],
)
async def test_wrong_tokens_and_methods(telegram: LocalTelegram, path: str, status: int) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{telegram.api_url}/{path}") as response,
    ):
        assert response.status == status
        assert (await response.json())["error_code"] == status
