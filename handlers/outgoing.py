"""From answers to calls of the Bot API, by python-telegram-bot.

Here, once for all handlers: an answer stays in the topic of the question and, in groups, replies to it; a
tap is answered before the message is redrawn, so that the button stops spinning at once; an edit that would
change nothing is no error.
"""

from __future__ import annotations

import structlog
from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram import (
    Message as TelegramMessage,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.model import Button, ChatKind, Message
from handlers.request import Edit, TapAnswer, Toast

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST_TOAST = 200
"""Telegram's limit for the text of an answer to a tap."""

# Telegram's words for an edit that came to nothing: a fast second tap, or a message that is gone by now.
_HARMLESS_EDITS = ("message is not modified", "message to edit not found", "message can't be edited")


async def say(question: TelegramMessage, answer: Message) -> None:
    """Send an answer to the place where the question stands."""
    in_group = question.chat.type in (ChatKind.GROUP, ChatKind.SUPERGROUP)
    await question.get_bot().send_message(
        question.chat.id,
        answer.html,
        parse_mode=ParseMode.HTML,
        message_thread_id=question.message_thread_id if question.is_topic_message else None,
        reply_parameters=(
            ReplyParameters(question.message_id, allow_sending_without_reply=True) if in_group else None
        ),
        reply_markup=keyboard(answer),
        link_preview_options=preview(answer),
        disable_notification=answer.silent or None,
    )


async def answer_tap(query: CallbackQuery, answer: TapAnswer) -> None:
    """Answer a tap, then redraw the message or send a new one, as the answer says."""
    match answer:
        case Toast(text):
            await query.answer(text[:LONGEST_TOAST] or None)
        case Edit(message, toast):
            await query.answer(toast[:LONGEST_TOAST] or None)
            await _redraw(query, message)
        case Message():
            await query.answer()
            if isinstance(query.message, TelegramMessage):
                await say(query.message, answer)


async def _redraw(query: CallbackQuery, message: Message) -> None:
    try:
        await query.edit_message_text(
            message.html,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(message),
            link_preview_options=preview(message),
        )
    except BadRequest as refusal:
        if not refusal.message.lower().startswith(_HARMLESS_EDITS):
            raise
        log.debug("edit came to nothing", cause=refusal.message)


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """Make Telegram's keyboard of a message's buttons."""
    if not message.buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in message.buttons])


def preview(message: Message) -> LinkPreviewOptions:
    """Make Telegram's preview options: the story that the message is about, or no preview at all."""
    if message.preview_url is None:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=message.preview_url)


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(button.label, callback_data=button.data, url=button.url)
