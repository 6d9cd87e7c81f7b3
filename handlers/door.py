"""The door to all handlers: whoever floods us gets one "slow down", and is then ignored for a minute.

Requests are counted as they arrive, before they wait in their chat's line (``arrived`` is called by
:class:`bot.telegram.updates.ChatOrderedProcessor`); when their turn comes, ``check`` lets them in or not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

import structlog
from telegram import Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.briefing import html
from bot.language import negotiate
from bot.model import ChatKind, Message
from handlers.floods import MOST, MOST_IN_GROUP, MOST_TYPED, Floods
from handlers.outgoing import answer_tap, say
from handlers.permission import GROUPS
from handlers.request import Toast
from handlers.services import Services

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Door:
    """One for an application. ``now_s`` is the Unix time, by which Telegram dates messages."""

    def __init__(self, services: Services, now_s: Callable[[], float] = time.time) -> None:
        self.floods = Floods()
        self._services = services
        self._now_s = now_s
        self._to_be_told: set[int] = set()

    def arrived(self, update: object) -> None:
        """Count an update that asks something of us."""
        if not isinstance(update, Update) or not _asks(update):
            return
        now_s = self._now_s()
        message = update.message or update.channel_post
        # A message is dated by Telegram; it may have waited for us, and it counts when it was sent.
        asked_s = message.date.timestamp() if message else now_s
        if self.floods.count(_senders(update), asked_s, now_s) and not update.inline_query:
            self._to_be_told.add(update.update_id)

    async def check(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Let an update pass, or stop it here. Raises ApplicationHandlerStop."""
        if not _asks(update) or not self.floods.silent(_senders(update), self._now_s()):
            return
        if update.update_id in self._to_be_told:
            self._to_be_told.discard(update.update_id)
            log.info("flood stopped", update_id=update.update_id)
            await self._say_slow_down(update)
        raise ApplicationHandlerStop

    async def _say_slow_down(self, update: Update) -> None:
        user = update.effective_user
        code = negotiate(user.language_code if user else None, self._services.defaults.language)
        line = self._services.tongues[code].gettext(
            "Slow down, please: that was a lot at once. I listen again in a minute."
        )
        if update.callback_query:
            await answer_tap(update.callback_query, Toast(line))
        elif update.effective_message:
            await say(update.effective_message, Message(html.text(line)))


def _asks(update: Update) -> bool:
    """Whether an update is a command of ours, a tap, an inline query, or anything said to us in private."""
    if update.callback_query or update.inline_query:
        return True
    message = update.message or update.channel_post
    if message is None:
        return False
    if message.chat.type == ChatKind.PRIVATE:
        return True
    command, _, addressee = (message.text or "").partition(" ")[0].partition("@")
    return command.startswith("/") and addressee.casefold() in ("", _own_name(update))


def _own_name(update: Update) -> str:
    return str(update.get_bot().username).casefold()


def _senders(update: Update) -> dict[Hashable, int]:
    """Who is counted, and how many requests are allowed to each: the person, and the chat in which they speak.

    Who speaks as a chat (an anonymous administrator, a channel) is that chat: Telegram shows one and the same user
    for all of them.
    """
    if update.inline_query:
        return {("inline", update.inline_query.from_user.id): MOST_TYPED}
    user, chat = update.effective_user, update.effective_chat
    message = update.message or update.channel_post
    speaker = message.sender_chat if message and message.sender_chat else user
    senders: dict[Hashable, int] = {speaker.id: MOST} if speaker else {}
    # What a channel's readers tap is not the channel's doing.
    if chat is not None and (chat.type in GROUPS or speaker is None):
        senders.setdefault(chat.id, MOST_IN_GROUP)
    return senders
