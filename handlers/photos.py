"""Answers that are pictures, as python-telegram-bot sends them: by name where Telegram knows it, else the bytes.

Telegram keeps every picture that it was sent, and takes its name for it (the ``file_id``) instead of the bytes; so a
picture is drawn only if nobody asked for the same one lately, or if Telegram does not know that name any more.
:mod:`handlers.outgoing` says where the picture goes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import CallbackQuery, InlineKeyboardMarkup, InputMediaPhoto
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest

from handlers.request import Photo

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_UNKNOWN_FILE = ("wrong file identifier", "wrong remote file", "file reference expired")

Deliver = Callable[[str | bytes], Awaitable[TelegramMessage | bool]]


async def say_photo(
    question: TelegramMessage, photo: Photo, markup: InlineKeyboardMarkup | None, place: dict[str, Any]
) -> None:
    """Send a picture to the chat where the question stands; ``place`` says where in it."""

    async def send(picture: str | bytes) -> TelegramMessage:
        return await question.get_bot().send_photo(
            question.chat.id,
            picture,
            caption=photo.caption.html,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            **place,
        )

    await _by_name_or_bytes(photo, send)


async def redraw_photo(query: CallbackQuery, photo: Photo, markup: InlineKeyboardMarkup | None) -> None:
    """Put a picture in the place of the one under the button. Raises BadRequest if Telegram will not."""

    async def edit(picture: str | bytes) -> TelegramMessage | bool:
        media = InputMediaPhoto(picture, caption=photo.caption.html, parse_mode=ParseMode.HTML)
        # The media carries its own; python-telegram-bot's default would add one that this method does not have.
        return await query.edit_message_media(media, reply_markup=markup, api_kwargs={"parse_mode": None})

    await _by_name_or_bytes(photo, edit)


async def _by_name_or_bytes(photo: Photo, deliver: Deliver) -> None:
    if photo.file_id:
        try:
            await deliver(photo.file_id)
            return
        except BadRequest as refusal:
            if not refusal.message.lower().startswith(_UNKNOWN_FILE):
                raise
            log.info("a picture is no longer known by its name", cause=refusal.message)
    sent = await deliver(await photo.draw())
    if isinstance(sent, TelegramMessage) and sent.photo:
        await photo.remember(sent.photo[-1].file_id)
