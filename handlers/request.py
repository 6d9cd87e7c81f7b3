"""Who asks what, where: the value that every handler gets, and the kinds of answer that it may give.

Handlers are functions from a :class:`Request` and the :class:`~handlers.services.Services` to an answer. They
know nothing of python-telegram-bot: :mod:`handlers.conversation` makes the request and delivers the answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.language import Tongue, negotiate
from bot.model import Address, Chat, ChatKind, Message
from bot.store.chats import Change
from handlers.services import Defaults, Services


@dataclass(frozen=True, slots=True)
class Request:
    """One command or tap.

    ``args`` is the text after the command, stripped. ``chat`` is the chat as stored, or as it would be if it
    were stored now. ``now`` is the chat's local time.
    """

    args: str
    chat: Chat
    tongue: Tongue
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Edit:
    """The answer to a tap that redraws the message under the button; ``toast`` is a line over the chat."""

    message: Message
    toast: str = ""


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a tap that changes nothing in the chat."""

    text: str = ""


TapAnswer = Edit | Toast | Message
"""A Message is sent as one of its own and leaves the one under the button as it is."""

CommandAnswerer = Callable[[Request, Services], Awaitable[Message | None]]
"""Answers a command; None is silence. A UserError is told to the person, in its own words."""

TapAnswerer = Callable[[Any, Request, Services], Awaitable[TapAnswer]]
"""Answers one kind of tap; a UserError becomes a toast."""


def newcomer(address: Address, kind: ChatKind, language_code: str | None, defaults: Defaults) -> Chat:
    """Make the chat that somebody has before choosing anything."""
    return Chat(address, kind, negotiate(language_code, defaults.language), defaults.timezone)


def local_time(now: dt.datetime, chat: Chat) -> dt.datetime:
    """Give the time on the clock of the chat."""
    return now.astimezone(ZoneInfo(chat.timezone))


def request_of(chat: Chat, args: str, services: Services) -> Request:
    """Make the request of a chat: in its language, at its time of day."""
    return Request(args, chat, services.tongues[chat.language], local_time(services.now(), chat))


async def change_chat(request: Request, services: Services, change: Change) -> Request:
    """Save a choice of the person who asks, and return the request with the chat as it is now stored.

    The sender looks at the chat at once: what it is owed, and when, may be different now.
    """
    chat = await services.chats.update(request.chat.address, change, new=request.chat, due_in_s=0)
    return request_of(chat, request.args, services)
