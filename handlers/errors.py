"""What happens when a handler fails: the cause goes to the log, a friendly line to the person.

python-telegram-bot calls this with whatever a handler raised. The person's language comes from the update
itself, because the store may be what failed.
"""

from __future__ import annotations

import structlog
from telegram import CallbackQuery, Update
from telegram import Message as TelegramMessage
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.briefing import html
from bot.errors import StoreUnavailable
from bot.language import Tongue, negotiate
from bot.model import Address, GoneReason, Message
from bot.telegram.outcomes import find_refusal
from handlers.incoming import ErrorCallback
from handlers.outgoing import answer_tap, say
from handlers.request import Toast
from handlers.services import Services

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def on_error(services: Services) -> ErrorCallback:
    """Make the callback for failed handlers."""

    async def callback(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        error = context.error
        if not isinstance(update, Update) or error is None:
            log.error("work outside of an update failed", exc_info=error)
            return
        if isinstance(error, ChatMigrated) and update.effective_chat:
            await services.chats.move(Address(update.effective_chat.id), error.new_chat_id)
            return
        if is_unwelcome(error):  # they left while we were answering; pushes find out by themselves
            log.info("answer refused", update_id=update.update_id, cause=str(error))
            return
        _log(error, update)
        if not isinstance(error, TelegramError):  # else there is no point in writing again at once
            await _tell(update, apology(error, _tongue_of(update, services)))

    return callback


def is_unwelcome(error: BaseException) -> bool:
    """Whether Telegram says that we may not write to this chat or topic (any more)."""
    if isinstance(error, Forbidden):
        return True
    row = find_refusal(error.message) if isinstance(error, BadRequest) else None
    return row is not None and isinstance(row.verdict, GoneReason)


def apology(error: BaseException, tongue: Tongue) -> str:
    """Word a failure for the person who asked."""
    if isinstance(error, StoreUnavailable):
        return tongue.gettext("I can’t reach my notes right now. Please try again in a minute.")
    return tongue.gettext("Something went wrong on my side. Please try again in a minute.")


def _log(error: BaseException, update: Update) -> None:
    if isinstance(error, StoreUnavailable):
        log.warning("store unavailable while answering", update_id=update.update_id, cause=str(error))
    else:
        log.error("handler failed", update_id=update.update_id, exc_info=error)


async def _tell(update: Update, line: str) -> None:
    try:
        match update.callback_query or update.effective_message:
            case CallbackQuery() as query:
                await answer_tap(query, Toast(line))
            case TelegramMessage() as question:
                await say(question, Message(html.text(line)))
    except TelegramError as error:
        log.warning("apology not delivered", update_id=update.update_id, cause=str(error))


def _tongue_of(update: Update, services: Services) -> Tongue:
    code = update.effective_user.language_code if update.effective_user else None
    return services.tongues[negotiate(code, services.defaults.language)]
