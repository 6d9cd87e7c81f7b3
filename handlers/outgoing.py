"""From answers to calls of the Bot API, by python-telegram-bot.

Here, once for all handlers: an answer stays in the topic of the question and, in groups, replies to it; a
tap is answered before the message is redrawn, so that the button stops spinning at once; an edit that would
change nothing is no error.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import structlog
from telegram import (
    Bot,
    CallbackQuery,
    ChatAdministratorRights,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestChat,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram import (
    Message as TelegramMessage,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.model import Button, ChatKind, Message
from handlers.live import LiveMessages
from handlers.photos import redraw_photo, say_photo
from handlers.request import ChannelPicker, Edit, EditPhoto, Live, Photo, TapAnswer, Toast

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST_TOAST = 200
"""Telegram's limit for the text of an answer to a tap."""

# Telegram's words for an edit that came to nothing: a fast second tap, or a message that is gone by now.
_HARMLESS_EDITS = ("message is not modified", "message to edit not found", "message can't be edited")


CHANNEL_PICKER_ID = 1
"""Telegram wants a number for each chat-picker button; there is one kind."""

_POSTING = ChatAdministratorRights(
    is_anonymous=False,
    can_manage_chat=True,
    can_delete_messages=False,
    can_manage_video_chats=False,
    can_restrict_members=False,
    can_promote_members=False,
    can_change_info=False,
    can_invite_users=False,
    can_post_stories=False,
    can_edit_stories=False,
    can_delete_stories=False,
    can_post_messages=True,
)


async def say(question: TelegramMessage, answer: Message | ChannelPicker | Photo) -> None:
    """Send an answer to the place where the question stands."""
    if isinstance(answer, Photo):
        await say_photo(question, answer, keyboard(answer.caption), _place(question))
        return
    markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | None
    if isinstance(answer, ChannelPicker):
        markup, answer = channel_picker(answer.label), answer.message
    else:
        markup = keyboard(answer)
    await question.get_bot().send_message(
        question.chat.id,
        answer.html,
        parse_mode=ParseMode.HTML,
        reply_markup=markup,
        link_preview_options=preview(answer),
        disable_notification=answer.silent or None,
        **_place(question),
    )


def _place(question: TelegramMessage) -> dict[str, Any]:
    """Where in the chat an answer goes: the topic of the question and, in groups, a reply to it."""
    in_group = question.chat.type in (ChatKind.GROUP, ChatKind.SUPERGROUP)
    reply = ReplyParameters(question.message_id, allow_sending_without_reply=True) if in_group else None
    thread_id = question.message_thread_id if question.is_topic_message else None
    return {"message_thread_id": thread_id, "reply_parameters": reply}


async def send(bot: Bot, chat_id: int, message: Message) -> None:
    """Send a message that answers nothing. Raises telegram.error.TelegramError."""
    await bot.send_message(
        chat_id,
        message.html,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(message),
        link_preview_options=preview(message),
    )


async def answer_tap(query: CallbackQuery, answer: TapAnswer, live: LiveMessages | None = None) -> None:
    """Answer a tap, then redraw the message or send a new one, as the answer says.

    What redraws itself again and again is handed to ``live``, so that the person's next tap need not wait for it.
    """
    match answer:
        case Toast(text):
            await query.answer(text[:LONGEST_TOAST] or None)
        case Edit(message, toast):
            await query.answer(toast[:LONGEST_TOAST] or None)
            await redraw(query, message)
        case Live(frames):
            await query.answer()
            if live is not None:
                live.show(frames(), lambda message: redraw(query, message))
        case EditPhoto(photo):
            await query.answer()
            await _harmlessly(redraw_photo(query, photo, keyboard(photo.caption)))
        case Message() | Photo():
            await query.answer()
            if isinstance(query.message, TelegramMessage):
                await say(query.message, answer)


async def redraw(query: CallbackQuery, message: Message) -> None:
    """Change the message under the button; that there is nothing to change is no error."""
    edit = query.edit_message_text(
        message.html,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(message),
        link_preview_options=preview(message),
    )
    await _harmlessly(edit)


async def _harmlessly(edit: Awaitable[object]) -> None:
    try:
        await edit
    except BadRequest as refusal:
        if not refusal.message.lower().startswith(_HARMLESS_EDITS):
            raise
        log.debug("edit came to nothing", cause=refusal.message)


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """Make Telegram's keyboard of a message's buttons."""
    if not message.buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in message.buttons])


def channel_picker(label: str) -> ReplyKeyboardMarkup:
    """Make the button with which a person picks a channel in which they, and then the bot, may post."""
    wish = KeyboardButtonRequestChat(
        CHANNEL_PICKER_ID,
        chat_is_channel=True,
        user_administrator_rights=_POSTING,
        bot_administrator_rights=_POSTING,
        request_title=True,
        request_username=True,
    )
    button = KeyboardButton(label, request_chat=wish)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


def preview(message: Message) -> LinkPreviewOptions:
    """Make Telegram's preview options: the story that the message is about, or no preview at all."""
    if message.preview_url is None:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=message.preview_url)


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(button.label, callback_data=button.data, url=button.url)
