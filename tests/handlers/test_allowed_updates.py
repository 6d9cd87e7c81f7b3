"""What Telegram is asked for is what somebody handles: no kind more, no kind less."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from telegram import Update
from telegram.constants import UpdateType
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
)

from bot.demo import LocalTelegram
from bot.telegram.application import ALLOWED_UPDATES, initialize
from bot.telegram.polling import AnyApplication
from handlers import BEFORE_ALL, register
from handlers.services import Services
from tests.handlers.conftest import an_application

CHAT = {"id": 7, "type": "private", "first_name": "Aigul"}
CHANNEL = {"id": -1007, "type": "channel", "title": "News"}
PERSON = {"id": 7, "is_bot": False, "first_name": "Aigul"}
HELP = {"text": "/help", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}
MESSAGE = {"message_id": 1, "date": 1_700_000_000, "chat": CHAT, "from": PERSON, **HELP}
POST = {"message_id": 1, "date": 1_700_000_000, "chat": CHANNEL, **HELP}
MEMBER = {"status": "member", "user": PERSON}
CHANGE = {
    "chat": CHAT,
    "from": PERSON,
    "date": 1_700_000_000,
    "old_chat_member": MEMBER,
    "new_chat_member": MEMBER,
}

EXAMPLES: dict[str, dict[str, Any]] = {
    UpdateType.MESSAGE: MESSAGE,
    UpdateType.EDITED_MESSAGE: {**MESSAGE, "edit_date": 1_700_000_001},
    UpdateType.CHANNEL_POST: POST,
    UpdateType.EDITED_CHANNEL_POST: {**POST, "edit_date": 1_700_000_001},
    UpdateType.BUSINESS_MESSAGE: {**MESSAGE, "business_connection_id": "b"},
    UpdateType.CALLBACK_QUERY: {"id": "1", "from": PERSON, "chat_instance": "1", "data": "x"},
    UpdateType.INLINE_QUERY: {"id": "1", "from": PERSON, "query": "kzt", "offset": ""},
    UpdateType.CHOSEN_INLINE_RESULT: {"result_id": "1", "from": PERSON, "query": "kzt"},
    UpdateType.MY_CHAT_MEMBER: CHANGE,
    UpdateType.CHAT_MEMBER: CHANGE,
    UpdateType.CHAT_JOIN_REQUEST: {"chat": CHANNEL, "from": PERSON, "user_chat_id": 7, "date": 1_700_000_000},
    UpdateType.POLL_ANSWER: {
        "poll_id": "1",
        "user": PERSON,
        "option_ids": [0],
        "option_persistent_ids": ["0"],
    },
}
"""One update of each kind that a handler of the five kinds below could take for its own."""

HANDLERS = (CommandHandler, MessageHandler, CallbackQueryHandler, InlineQueryHandler, ChatMemberHandler)


@pytest.fixture
async def application(telegram: LocalTelegram, services: Services) -> AsyncIterator[AnyApplication]:
    async with AsyncExitStack() as life:
        application = await an_application(telegram, life)
        register(application, services)
        assert await initialize(application, asyncio.Event())
        life.push_async_callback(application.shutdown)
        yield application


def handled(application: AnyApplication) -> set[str]:
    takers = [h for group, handlers in application.handlers.items() if group != BEFORE_ALL for h in handlers]
    assert all(isinstance(taker, HANDLERS) for taker in takers), "another kind of handler: add its examples"
    kinds = set()
    for kind, example in EXAMPLES.items():
        update = Update.de_json({"update_id": 1, kind: example}, application.bot)
        if any(taker.check_update(update) not in (None, False) for taker in takers):
            kinds.add(str(kind))
    return kinds


async def test_telegram_is_asked_for_exactly_what_is_handled(application: AnyApplication) -> None:
    assert handled(application) == set(map(str, ALLOWED_UPDATES))
