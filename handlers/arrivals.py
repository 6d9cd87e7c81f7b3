"""The bot comes, goes, and moves: what Telegram tells about its own place in a chat, and in topics of a forum.

Gone means: blocked, kicked, left, or without the right to write. Then nothing is pushed and the settings wait; when
the bot is let in again they are taken up, and nothing of the time between is owed. A group that becomes a
supergroup takes everything along. None of this answers with more than one short line.
"""

from __future__ import annotations

from dataclasses import replace

import structlog
from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberRestricted, ChatMemberUpdated, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.briefing import html
from bot.language import negotiate
from bot.model import Address, Button, ChatKind, Message
from handlers import choices
from handlers.buttons import Show, View, encode
from handlers.channels import Channels
from handlers.incoming import address_of
from handlers.outgoing import send
from handlers.permission import GROUPS
from handlers.request import newcomer
from handlers.services import Services

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PRESENT = (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER, ChatMember.RESTRICTED)


class Arrivals:
    """One for an application."""

    def __init__(self, services: Services, channels: Channels) -> None:
        self._services = services
        self._channels = channels

    async def my_place_changed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Take note of what the bot is now in a chat (``my_chat_member``)."""
        change = update.my_chat_member
        if change is None:
            return
        kind = ChatKind(change.chat.type)
        joined = change.old_chat_member.status not in PRESENT and change.new_chat_member.status in PRESENT
        if not may_write(change.new_chat_member, kind):
            await self._services.chats.mark_gone(await self._services.chats.addresses(change.chat.id))
            if kind is ChatKind.CHANNEL and joined:  # they hear what is missing
                await self._channels.added_by(change.from_user, change.chat.id, context.bot)
            return
        known = await self._take_up(change.chat.id)
        if kind is ChatKind.CHANNEL and not may_write(change.old_chat_member, kind):
            await self._channels.added_by(change.from_user, change.chat.id, context.bot)
        elif joined and kind in GROUPS and not known:
            await self._greet(change, context.bot)

    async def group_moved(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A group became a supergroup: both of them say so, and whoever is heard first moves everything."""
        message = update.effective_message
        if message is None:
            return
        if message.migrate_to_chat_id:
            await self._move(message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id:
            await self._move(message.migrate_from_chat_id, message.chat.id)

    async def topic_reopened(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A topic takes messages again."""
        if update.effective_message is not None:
            await self._come_back(address_of(update.effective_message))

    async def _move(self, old_id: int, new_id: int) -> None:
        for address in await self._services.chats.addresses(old_id):
            await self._services.chats.move(address, new_id)
            log.info("group became a supergroup")

    async def _take_up(self, chat_id: int) -> bool:
        """Take up every stored address of a chat; False if there is none."""
        addresses = await self._services.chats.addresses(chat_id)
        for address in addresses:
            await self._come_back(address)
        return bool(addresses)

    async def _come_back(self, address: Address) -> None:
        chat = await self._services.chats.get(address)
        if chat is not None and chat.gone_since:
            await self._services.chats.update(address, choices.come_back, new=replace(chat), due_in_s=0)

    async def _greet(self, change: ChatMemberUpdated, bot: Bot) -> None:
        """Say one line, with the way to the settings; nothing is stored before somebody chooses something."""
        defaults = self._services.defaults
        language = negotiate(change.from_user.language_code, defaults.language)
        new = newcomer(Address(change.chat.id), ChatKind(change.chat.type), language, defaults)
        _ = self._services.tongues[new.language].gettext
        line = _("Hello! I bring news and exchange rates of Central Asia. An administrator can set me up:")
        button = Button("⚙️ " + _("Set up"), data=encode(Show(View.WELCOME)))
        try:
            await send(bot, change.chat.id, Message(html.text(line), ((button,),)))
        except TelegramError as error:
            log.info("greeting refused", cause=error.message)


def may_write(member: ChatMember, kind: ChatKind) -> bool:
    """Whether somebody may write to a chat, being this in it."""
    if kind is ChatKind.CHANNEL:
        return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    if isinstance(member, ChatMemberRestricted):
        return bool(member.is_member and member.can_send_messages)
    return member.status in PRESENT
