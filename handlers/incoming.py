"""From python-telegram-bot's updates to requests: the callbacks that wrap every handler.

Here, once for all handlers: the topic of a forum is an address of its own; in groups only administrators
may change settings; a button in private may mean a channel; old or crafted button data changes nothing and gets a
toast; a UserError is told in its words.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import (
    CallbackQuery,
    InaccessibleMessage,
    MaybeInaccessibleMessage,
    MessageEntity,
    Update,
    User,
)
from telegram import Message as TelegramMessage
from telegram.ext import ContextTypes

from bot.briefing import html
from bot.errors import UserError
from bot.language import Tongue, negotiate
from bot.model import Address, ChatKind, Message
from handlers import choices
from handlers.buttons import decode
from handlers.outgoing import answer_tap, say
from handlers.permission import GROUPS, Permission
from handlers.remote_buttons import for_channel, read_channel
from handlers.request import (
    CommandAnswerer,
    Edit,
    Remote,
    Request,
    TapAnswer,
    TapAnswerer,
    Toast,
    newcomer,
    request_of,
)
from handlers.services import Services
from handlers.unknown import unknown
from handlers.wording import old_button

Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
"""What python-telegram-bot calls with an update."""

ErrorCallback = Callable[[object, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
"""What python-telegram-bot calls when a handler failed."""


class Who(enum.Enum):
    """Who may use a command or a button; in a group or channel that makes a difference."""

    ANYBODY = enum.auto()
    ADMINISTRATORS = enum.auto()
    OPERATORS = enum.auto()
    """Those of ``ADMIN_IDS``, in private; nobody else learns that there is such a thing."""


def on_command(handler: CommandAnswerer, who: Who, services: Services, permission: Permission) -> Callback:
    """Make the callback of a command from its handler."""

    async def callback(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message, user = update.effective_message, update.effective_user
        if message is None:
            return
        request = await request_here(message, user, services, args_of(message), html_args_of(message))
        answerer = handler
        if who is Who.OPERATORS and not is_operator(message.chat.type, user, services):
            answerer = unknown
        elif who is Who.ADMINISTRATORS and not await permission.may_set_up_here(message, user):
            await say(message, Message(html.text(_refusal(request.tongue))))
            return
        try:
            answer = await answerer(request, services)
        except UserError as error:
            answer = Message(html.text(str(error)))
        if answer is not None:
            await say(message, answer)
        await services.activity.note(message.chat.id)

    return callback


def on_tap(
    handlers: Mapping[type[Any], tuple[TapAnswerer, Who]], services: Services, permission: Permission
) -> Callback:
    """Make the callback of all buttons from the handler of each kind of tap."""

    async def callback(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        if query.message is None:  # under a message sent inline, which has no buttons of ours
            await query.answer()
            return
        channel_id, data = read_channel(query.data or "")
        tap = decode(data)
        handler, who = handlers.get(type(tap), (_old_button, Who.ANYBODY))
        try:
            request = await _request_of_tap(query, channel_id, who, services, permission)
            answer = await handler(tap, request, services)
        except UserError as error:
            answer = Toast(str(error))
        await answer_tap(query, answer if channel_id is None else _about(channel_id, answer), services.live)
        await services.activity.note(query.message.chat.id)

    return callback


def address_of(message: MaybeInaccessibleMessage) -> Address:
    """Give the place where a message stands: its chat, or its topic in a forum."""
    if isinstance(message, TelegramMessage) and message.is_topic_message:
        return Address(message.chat.id, message.message_thread_id)
    return Address(message.chat.id)


async def request_here(
    message: MaybeInaccessibleMessage, user: User | None, services: Services, args: str, html_args: str = ""
) -> Request:
    """Make the request of somebody about the place where they speak or tap."""
    new = newcomer(
        address_of(message),
        ChatKind(message.chat.type),
        user.language_code if user else None,
        services.defaults,
    )
    chat = await services.chats.get(new.address) or new
    if chat.gone_since:  # it speaks to us, so it is back
        chat = await services.chats.update(new.address, choices.come_back, new=new)
    return request_of(chat, args, services, html_args=html_args)


async def request_about(
    channel_id: int, user: User, services: Services, permission: Permission, args: str = ""
) -> Request:
    """Make the request of somebody in private about a channel. Raises UserError unless they may post there."""
    own = await services.chats.get(Address(user.id))
    language = own.language if own else negotiate(user.language_code, services.defaults.language)
    allowed = (await permission.standings.of(channel_id, user.id)).may_post
    name = await permission.name_of(channel_id) if allowed else None
    if name is None:
        phrase = services.tongues[language].gettext(
            "Only administrators who may post there can set up a channel."
        )
        raise UserError(phrase)
    new = newcomer(Address(channel_id), ChatKind.CHANNEL, language, services.defaults)
    chat = await services.chats.get(new.address) or new
    return request_of(chat, args, services, Remote(language, name.title, name.handle))


def is_operator(chat_type: str, user: User | None, services: Services) -> bool:
    """Whether this is one of the operators, alone with the bot."""
    return chat_type == ChatKind.PRIVATE and user is not None and user.id in services.operators


def args_of(message: TelegramMessage) -> str:
    """The text after the command."""
    _, *rest = (message.text or "").split(maxsplit=1)
    return rest[0].strip() if rest else ""


def html_args_of(message: TelegramMessage) -> str:
    """The same with the formatting that the person gave it, as Telegram HTML."""
    args = args_of(message)
    if not args or not message.entities:
        return str(html.text(args))
    start = html.utf16_length(message.text[: message.text.index(args, 1)]) if message.text else 0
    kept = [_moved(entity, start) for entity in message.entities if entity.offset + entity.length > start]
    return TelegramMessage(0, message.date, message.chat, text=args, entities=kept).text_html


def _moved(entity: MessageEntity, start: int) -> MessageEntity:
    """An entity as it is in a text that begins ``start`` UTF-16 units later."""
    cut = max(0, start - entity.offset)
    return MessageEntity(
        entity.type,
        max(0, entity.offset - start),
        entity.length - cut,
        entity.url,
        entity.user,
        entity.language,
        entity.custom_emoji_id,
    )


async def _request_of_tap(
    query: CallbackQuery, channel_id: int | None, who: Who, services: Services, permission: Permission
) -> Request:
    """Make the request of a tap. Raises UserError for who may not tap this."""
    message = query.message
    assert message is not None
    if channel_id is not None:
        if message.chat.type != ChatKind.PRIVATE or who is Who.OPERATORS:
            raise UserError(old_button(_tongue_of(query, services)))
        return await request_about(channel_id, query.from_user, services, permission)
    if isinstance(message, InaccessibleMessage) and message.chat.type in GROUPS:
        # Too old for Telegram to say in which topic it stands.
        raise UserError(old_button(_tongue_of(query, services)))
    request = await request_here(message, query.from_user, services, "")
    if who is Who.OPERATORS and not is_operator(message.chat.type, query.from_user, services):
        raise UserError(old_button(request.tongue))
    if not await permission.may_tap(query, only_administrators=who is Who.ADMINISTRATORS):
        raise UserError(_refusal(request.tongue))
    return request


def _about(channel_id: int, answer: TapAnswer) -> TapAnswer:
    match answer:
        case Message():
            return for_channel(answer, channel_id)
        case Edit(message, toast):
            return Edit(for_channel(message, channel_id), toast)
        case _:
            return answer


def _tongue_of(query: CallbackQuery, services: Services) -> Tongue:
    return services.tongues[negotiate(query.from_user.language_code, services.defaults.language)]


def _refusal(tongue: Tongue) -> str:
    return tongue.gettext("Only administrators can change settings here.")


async def _old_button(_tap: object, request: Request, _services: Services) -> Toast:
    return Toast(old_button(request.tongue))
