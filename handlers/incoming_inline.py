"""Inline queries, from python-telegram-bot and back: who asks is known by language only, nothing is read or stored."""

from __future__ import annotations

from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.model import Address, ChatKind
from handlers.incoming import Callback
from handlers.inline import Result, Results, inline
from handlers.outgoing import log, preview
from handlers.request import newcomer, request_of
from handlers.services import Services

LONGEST_QUERY = 256


def on_inline_query(services: Services) -> Callback:
    """Make the callback of inline queries."""

    async def callback(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.inline_query
        if query is None:
            return
        user = query.from_user
        new = newcomer(Address(user.id), ChatKind.PRIVATE, user.language_code, services.defaults)
        request = request_of(new, query.query.strip()[:LONGEST_QUERY], services)
        await _answer(query, await inline(request, query.offset, services))

    return callback


async def _answer(query: InlineQuery, found: Results) -> None:
    try:
        # Personal, because the words are in the person's language; Telegram keeps them for each person.
        await query.answer(
            [_article(result) for result in found.results],
            cache_time=found.cache_s,
            is_personal=True,
            next_offset=found.next_offset or None,
        )
    except BadRequest as refusal:  # who types fast has asked something else by now
        log.debug("inline answer refused", cause=refusal.message)


def _article(result: Result) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        result.message.html, parse_mode=ParseMode.HTML, link_preview_options=preview(result.message)
    )
    return InlineQueryResultArticle(
        result.id,
        result.title,
        content,
        description=result.description,
        thumbnail_url=result.thumbnail_url,
    )
