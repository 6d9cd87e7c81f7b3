"""Who asks what, where: the value that every handler gets, and the kinds of answer that it may give.

Handlers are functions from a :class:`Request` and the :class:`~handlers.services.Services` to an answer. They
know nothing of python-telegram-bot: :mod:`handlers.incoming` makes the request, :mod:`handlers.outgoing`
delivers the answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.language import Tongue, negotiate
from bot.model import Address, Chat, ChatKind, Message
from bot.store.chats import Change
from handlers.services import Defaults, Services


@dataclass(frozen=True, slots=True)
class Remote:
    """The chat that is asked about is a channel, and the person sets it up from elsewhere.

    ``language`` is the person's, ``title`` the channel's name, ``handle`` what names it after /channel.
    """

    language: str
    title: str
    handle: str


@dataclass(frozen=True, slots=True)
class Request:
    """One command or tap.

    ``args`` is the text after the command, stripped. ``chat`` is the chat as stored, or as it would be if it
    were stored now. ``now`` is the chat's local time. ``remote`` is set when the question comes from elsewhere.
    ``html_args`` are the arguments with the formatting that the person gave them.
    """

    args: str
    chat: Chat
    tongue: Tongue
    now: dt.datetime
    remote: Remote | None = None
    html_args: str = ""

    def typed(self, command: str) -> str:
        """How a command is typed where this person is: ``quiet off``, or the same for the channel."""
        return f"/channel {self.remote.handle} {command}" if self.remote else f"/{command}"


@dataclass(frozen=True, slots=True)
class Edit:
    """The answer to a tap that redraws the message under the button; ``toast`` is a line over the chat."""

    message: Message
    toast: str = ""


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a tap that changes nothing in the chat."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class ChannelPicker:
    """The answer that lets a person pick one of their channels; ``label`` stands on the button for it."""

    message: Message
    label: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as an answer: by the name that Telegram has for it, if it has one, else drawn.

    ``remember`` is told Telegram's name for it after it was sent. The caption's buttons stand below the picture.
    """

    caption: Message
    file_id: str | None
    draw: Callable[[], Awaitable[bytes]]
    remember: Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class EditPhoto:
    """The answer to a tap that puts another picture in the place of the one above the button."""

    photo: Photo


@dataclass(frozen=True, slots=True)
class Live:
    """The answer to a tap that redraws the message again and again, as fast as frames come."""

    frames: Callable[[], AsyncIterator[Message]]


TapAnswer = Edit | Toast | Message | Live | Photo | EditPhoto
"""A Message or Photo is sent as one of its own and leaves the one under the button as it is."""

CommandAnswerer = Callable[[Request, Services], Awaitable[Message | ChannelPicker | Photo | None]]
"""Answers a command; None is silence. A UserError is told to the person, in its own words."""

TapAnswerer = Callable[[Any, Request, Services], Awaitable[TapAnswer]]
"""Answers one kind of tap; a UserError becomes a toast."""


def newcomer(address: Address, kind: ChatKind, language_code: str | None, defaults: Defaults) -> Chat:
    """Make the chat that somebody has before choosing anything."""
    return Chat(address, kind, negotiate(language_code, defaults.language), defaults.timezone)


def local_time(now: dt.datetime, chat: Chat) -> dt.datetime:
    """Give the time on the clock of the chat."""
    return now.astimezone(ZoneInfo(chat.timezone))


def request_of(
    chat: Chat, args: str, services: Services, remote: Remote | None = None, html_args: str = ""
) -> Request:
    """Make the request of a chat: in its language (or that of who asks from elsewhere), at its time of day."""
    language = remote.language if remote else chat.language
    now = local_time(services.now(), chat)
    return Request(args, chat, services.tongues[language], now, remote, html_args)


async def change_chat(request: Request, services: Services, change: Change) -> Request:
    """Save a choice of the person who asks, and return the request with the chat as it is now stored.

    The sender looks at the chat at once: what it is owed, and when, may be different now.
    """
    chat = await services.chats.update(request.chat.address, change, new=request.chat, due_in_s=0)
    return request_of(chat, request.args, services, request.remote)
