"""Who may do what where: questions to Telegram about people and chats, by python-telegram-bot.

In private chats a person may do everything. In groups only administrators change settings; an anonymous one speaks
as the group itself. In channels everybody can tap, so each tap is checked: only those who may post there count.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot, CallbackQuery, ChatFullInfo, ChatMember, ChatMemberAdministrator, User
from telegram import Message as TelegramMessage
from telegram.error import BadRequest, Forbidden

from bot.model import ChatKind
from handlers.short_memory import ShortMemory
from handlers.standings import NOBODY, Standing, Standings

GROUPS = (ChatKind.GROUP, ChatKind.SUPERGROUP)
NAMES_KEPT_S = 600.0


@dataclass(frozen=True, slots=True)
class ChannelName:
    """What a channel is called, and what names it after /channel: its @username, else its id."""

    title: str
    handle: str


class Permission:
    """One for an application."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self.standings = Standings(self._ask)
        self._names: ShortMemory[int, ChannelName] = ShortMemory()

    async def may_set_up_here(self, message: TelegramMessage, user: User | None) -> bool:
        """Whether who wrote this may change the settings of the place where it stands."""
        if message.chat.type not in GROUPS:
            return True  # in a channel, only those who may post were heard
        if message.sender_chat is not None:
            return message.sender_chat.id == message.chat.id
        return user is not None and (await self.standings.of(message.chat.id, user.id)).administers

    async def may_tap(self, query: CallbackQuery, *, only_administrators: bool) -> bool:
        """Whether who tapped may do so; in a channel nothing is for everybody, because answers are posts."""
        assert query.message is not None
        chat = query.message.chat
        if chat.type == ChatKind.CHANNEL:
            return (await self.standings.of(chat.id, query.from_user.id)).may_post
        if not only_administrators or chat.type not in GROUPS:
            return True
        return (await self.standings.of(chat.id, query.from_user.id)).administers

    async def find_channel(self, handle: str | int) -> ChatFullInfo | None:
        """The channel with this @username or id; None if there is none, or the bot cannot see it."""
        try:
            chat = await self._bot.get_chat(handle)
        except (BadRequest, Forbidden):
            return None
        return chat if chat.type == ChatKind.CHANNEL else None

    async def name_of(self, channel_id: int) -> ChannelName | None:
        """What a channel is called; None if the bot cannot see it any more."""
        name = self._names.get(channel_id)
        if name is None and (chat := await self.find_channel(channel_id)):
            name = name_of(chat)
            self._names.put(channel_id, name, NAMES_KEPT_S)
        return name

    async def bot_may_post(self, channel_id: int) -> bool:
        """Whether the bot itself may post in a channel, asked now."""
        return (await self.standings.afresh(channel_id, self._bot.id)).may_post

    async def _ask(self, chat_id: int, user_id: int) -> Standing:
        try:
            member = await self._bot.get_chat_member(chat_id, user_id)
        except (BadRequest, Forbidden):  # no such person here, or the bot is outside
            return NOBODY
        return standing_of(member)


def standing_of(member: ChatMember) -> Standing:
    """What the bot needs to know of a ``ChatMember``."""
    owns = member.status == ChatMember.OWNER
    if isinstance(member, ChatMemberAdministrator):
        return Standing(administers=True, may_post=bool(member.can_post_messages))
    return Standing(administers=owns, may_post=owns)


def name_of(chat: ChatFullInfo) -> ChannelName:
    """What a channel is called."""
    return ChannelName(chat.title or "", f"@{chat.username}" if chat.username else str(chat.id))
