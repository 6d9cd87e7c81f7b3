"""From python-telegram-bot's updates to requests: the callbacks that wrap every handler.

Here, once for all handlers: the topic of a forum is an address of its own; in groups only administrators
may change settings; old or crafted button data changes nothing and gets a toast; a UserError is told in its
words.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import (
    ChatMember,
    MaybeInaccessibleMessage,
    Update,
    User,
)
from telegram import (
    Message as TelegramMessage,
)
from telegram.ext import ContextTypes

from bot.briefing import html
from bot.errors import UserError
from bot.model import Address, ChatKind, Message
from handlers import choices
from handlers.buttons import decode
from handlers.outgoing import answer_tap, say
from handlers.request import CommandAnswerer, Request, TapAnswerer, Toast, newcomer, request_of
from handlers.services import Services
from handlers.wording import old_button

Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
"""What python-telegram-bot calls with an update."""

ErrorCallback = Callable[[object, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
"""What python-telegram-bot calls when a handler failed."""


class Who(enum.Enum):
    """Who may use a command or a button in a group; in other chats everybody who can write there."""

    ANYBODY = enum.auto()
    ADMINISTRATORS = enum.auto()


def on_command(handler: CommandAnswerer, who: Who, services: Services) -> Callback:
    """Make the callback of a command from its handler."""

    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None:
            return
        request = await _request(message, update.effective_user, services, _args(message))
        if who is Who.ADMINISTRATORS and not await _is_administrator(update, context):
            await say(message, Message(html.text(_refusal(request))))
            return
        try:
            answer = await handler(request, services)
        except UserError as error:
            answer = Message(html.text(str(error)))
        if answer is not None:
            await say(message, answer)

    return callback


def on_tap(handlers: Mapping[type[Any], tuple[TapAnswerer, Who]], services: Services) -> Callback:
    """Make the callback of all buttons from the handler of each kind of tap."""

    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        if query.message is None:  # under a message sent inline, which has no buttons of ours
            await query.answer()
            return
        request = await _request(query.message, query.from_user, services, "")
        tap = decode(query.data or "")
        handler, who = handlers.get(type(tap), (_old_button, Who.ANYBODY))
        if who is Who.ADMINISTRATORS and not await _is_administrator(update, context):
            await answer_tap(query, Toast(_refusal(request)))
            return
        try:
            answer = await handler(tap, request, services)
        except UserError as error:
            answer = Toast(str(error))
        await answer_tap(query, answer)

    return callback


def address_of(message: MaybeInaccessibleMessage) -> Address:
    """Give the place where a message stands: its chat, or its topic in a forum."""
    if isinstance(message, TelegramMessage) and message.is_topic_message:
        return Address(message.chat.id, message.message_thread_id)
    return Address(message.chat.id)


async def _request(
    message: MaybeInaccessibleMessage, user: User | None, services: Services, args: str
) -> Request:
    new = newcomer(
        address_of(message),
        ChatKind(message.chat.type),
        user.language_code if user else None,
        services.defaults,
    )
    chat = await services.chats.get(new.address) or new
    if chat.gone_since:  # it speaks to us, so it is back
        chat = await services.chats.update(new.address, choices.come_back, new=new)
    return request_of(chat, args, services)


def _args(message: TelegramMessage) -> str:
    _, *rest = (message.text or "").split(maxsplit=1)
    return rest[0].strip() if rest else ""


async def _is_administrator(update: Update, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Ask whether the person may change settings; in private chats and channels everybody heard may."""
    chat, user, message = update.effective_chat, update.effective_user, update.message
    if chat is None or chat.type not in (ChatKind.GROUP, ChatKind.SUPERGROUP):
        return True
    if message is not None and message.sender_chat is not None:
        return message.sender_chat.id == chat.id  # an anonymous administrator speaks as the group itself
    if user is None:
        return False
    member = await context.bot.get_chat_member(chat.id, user.id)
    return member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


def _refusal(request: Request) -> str:
    return request.tongue.gettext("Only administrators can change settings here.")


async def _old_button(_tap: object, request: Request, _services: Services) -> Toast:
    return Toast(old_button(request.tongue))
