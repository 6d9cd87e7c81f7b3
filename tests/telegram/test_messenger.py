"""Pushes over the fast path: what goes out, and what is made of what comes back."""

import asyncio
import logging

import aiohttp
import orjson
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.model import Address, Button, Gone, GoneReason, Later, Message, Outcome, Refused, RefusedReason, Sent
from bot.telegram.encoding import addressed, parameters_of, plain_text, shared_part
from bot.telegram.messenger import Messenger
from bot.telegram.session import open_session
from tests.telegram.api import (
    TOKEN,
    Behaviour,
    BotApi,
    Call,
    accept,
    gateway_page,
    half_an_answer,
    hang,
    message,
    nonsense,
    ok,
    refusal,
    reset,
    unused_port,
)

STORY = Message(
    html="🇰🇿 <b><a href=\"https://example.org/1\">Rail &amp; road</a></b>\nA line.",
    buttons=((Button("More", data="more:1"), Button("Read", url="https://example.org/1")),),
    preview_url="https://example.org/1",
)  # fmt: skip


@pytest.fixture
def messenger(session: aiohttp.ClientSession, api: BotApi) -> Messenger:
    return Messenger(session, api.url, TOKEN)


async def test_a_story_goes_out_with_everything_it_has(messenger: Messenger, api: BotApi) -> None:
    assert await messenger.send(Address(42), STORY) == Sent(7)
    assert api.calls == [
        Call(
            "sendMessage",
            {
                "chat_id": 42,
                "text": STORY.html,
                "parse_mode": "HTML",
                "link_preview_options": {"url": "https://example.org/1"},
                "reply_markup": {
                    "inline_keyboard": [
                        [
                            {"text": "More", "callback_data": "more:1"},
                            {"text": "Read", "url": "https://example.org/1"},
                        ]
                    ]
                },
            },
        )
    ]


async def test_silence_topics_and_paid_broadcasts_are_passed_on(
    session: aiohttp.ClientSession, api: BotApi
) -> None:
    messenger = Messenger(session, api.url, TOKEN, paid=True)
    await messenger.send(Address(-100, thread_id=5), Message("Hush", silent=True))
    assert api.calls[0].parameters == {
        "chat_id": -100,
        "message_thread_id": 5,
        "text": "Hush",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "disable_notification": True,
        "allow_paid_broadcast": True,
    }


async def test_the_general_topic_is_not_named(messenger: Messenger, api: BotApi) -> None:
    await messenger.send(Address(-100, thread_id=1), STORY)
    assert "message_thread_id" not in api.calls[0].parameters


async def test_one_message_for_many_chats_differs_in_the_address_only(
    messenger: Messenger, api: BotApi
) -> None:
    await asyncio.gather(*(messenger.send(Address(chat_id), STORY) for chat_id in range(1, 21)))
    assert sorted(call.parameters.pop("chat_id") for call in api.calls) == list(range(1, 21))
    assert all(call.parameters == api.calls[0].parameters for call in api.calls)


async def test_refused_markup_goes_out_again_as_plain_text(messenger: Messenger, api: BotApi) -> None:
    async def fussy(call: Call, request: web.Request) -> web.StreamResponse:
        if "parse_mode" in call.parameters:
            return refusal(400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 3")
        return ok(message(8))

    api.behave = fussy
    with capture_logs() as logs:
        assert await messenger.send(Address(42), STORY) == Sent(8)
    assert api.calls[1].parameters["text"] == "🇰🇿 Rail & road\nA line."
    assert "reply_markup" in api.calls[1].parameters
    assert logs[0]["cause"] == "Bad Request: can't parse entities: Unclosed start tag at byte offset 3"


async def test_refused_buttons_are_left_out(messenger: Messenger, api: BotApi) -> None:
    async def fussy(call: Call, request: web.Request) -> web.StreamResponse:
        if "reply_markup" in call.parameters:
            return refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        return ok(message(9))

    api.behave = fussy
    assert await messenger.send(Address(42), STORY) == Sent(9)
    assert api.calls[1].parameters["text"] == STORY.html


@pytest.mark.parametrize("description", ["Bad Request: message is too long", "Bad Request: who knows"])
async def test_what_plain_text_would_not_mend_is_not_tried_twice(
    messenger: Messenger, api: BotApi, description: str
) -> None:
    async def refuse(call: Call, request: web.Request) -> web.StreamResponse:
        return refusal(400, description)

    api.behave = refuse
    assert isinstance(await messenger.send(Address(42), STORY), Refused)
    assert len(api.calls) == 1


async def test_markup_that_is_refused_even_as_plain_text_stays_refused(
    messenger: Messenger, api: BotApi
) -> None:
    async def refuse(call: Call, request: web.Request) -> web.StreamResponse:
        return refusal(400, "Bad Request: can't parse entities")

    api.behave = refuse
    outcome = await messenger.send(Address(42), STORY)
    assert outcome == Refused("Bad Request: can't parse entities", RefusedReason.MARKUP)
    assert len(api.calls) == 2


async def test_a_chat_that_blocks_the_bot_is_gone(messenger: Messenger, api: BotApi) -> None:
    async def refuse(call: Call, request: web.Request) -> web.StreamResponse:
        return refusal(403, "Forbidden: bot was blocked by the user")

    api.behave = refuse
    outcome = await messenger.send(Address(42), STORY)
    assert outcome == Gone("Forbidden: bot was blocked by the user", GoneReason.BLOCKED)


@pytest.mark.parametrize(
    ("behaviour", "cause", "unsure"),
    [
        (reset, "the server hung up without an answer", True),
        (half_an_answer, "the answer broke off", True),
        (nonsense, "the answer is not from a Bot API: status 200 without JSON", True),
        (gateway_page, "the answer is not from a Bot API: status 502 without JSON", False),
        (hang, "no answer in time", True),
    ],
)
async def test_trouble_on_the_way_keeps_the_message_and_the_tokens_secret(
    session: aiohttp.ClientSession,
    api: BotApi,
    caplog: pytest.LogCaptureFixture,
    behaviour: Behaviour,
    cause: str,
    unsure: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    api.behave = behaviour
    with capture_logs() as logs:
        outcome = await Messenger(session, api.url, TOKEN, patience_s=0.3).send(Address(42), STORY)
    assert isinstance(outcome, Later)
    assert (outcome.unsure, outcome.limited) == (unsure, False)
    # A reset may reach us as a hang-up or as an error of the socket.
    assert outcome.cause == cause or behaviour is reset
    assert TOKEN not in f"{outcome} {logs} {caplog.text}"


async def test_nobody_listening_means_that_nothing_was_sent() -> None:
    url = f"http://127.0.0.1:{unused_port()}"
    async with open_session(url, 1) as session:
        outcome = await Messenger(session, url, TOKEN).send(Address(1), STORY)
    assert outcome == Later(5.0, "cannot connect (Connection refused)")


async def test_no_free_connection_means_that_nothing_was_sent(api: BotApi) -> None:
    api.behave = hang
    async with open_session(api.url, connections=1) as session:
        hog = asyncio.create_task(Messenger(session, api.url, TOKEN).send(Address(1), STORY))
        await api.arrived.wait()
        outcome = await Messenger(session, api.url, TOKEN, patience_s=0.1).send(Address(2), STORY)
        hog.cancel()
        await asyncio.wait([hog])
    assert isinstance(outcome, Later)
    assert not outcome.unsure
    assert len(api.calls) == 1


async def test_after_trouble_the_next_push_goes_through(messenger: Messenger, api: BotApi) -> None:
    outcomes: list[Outcome] = []
    for behaviour in (reset, accept, half_an_answer, accept, gateway_page, accept):
        api.behave = behaviour
        outcomes.append(await messenger.send(Address(42), STORY))
    assert [isinstance(outcome, Sent) for outcome in outcomes] == [False, True] * 3


any_message = st.builds(
    Message,
    html=st.text(max_size=50),
    buttons=st.just(()) | st.just(STORY.buttons),
    preview_url=st.none() | st.text(max_size=20),
    silent=st.booleans(),
)


@given(any_message, st.integers(-(2**52), 2**52), st.none() | st.integers(2, 2**31), st.booleans())
def test_the_spliced_body_is_the_json_of_the_whole(
    message: Message, chat_id: int, thread_id: int | None, paid: bool
) -> None:
    parameters = parameters_of(message, paid)
    thread = {} if thread_id is None else {"message_thread_id": thread_id}
    body = addressed(Address(chat_id, thread_id), shared_part(parameters))
    assert orjson.loads(body) == {"chat_id": chat_id, **thread, **parameters}


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>Rail</b> &amp; <a href=\"https://e.org/?a=1&amp;b=2\">road</a>", "Rail & road"),
        ("1 &lt; 2 and 3 < 4 but <b>5", "1 < 2 and 3 < 4 but 5"),
        ("<tg-spoiler>who</tg-spoiler><blockquote expandable>why</blockquote>", "whowhy"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
    ],
)  # fmt: skip
def test_plain_text_keeps_every_word(markup: str, text: str) -> None:
    assert plain_text(markup) == text
