"""Channels: connected from a private chat, by /channel @name, by picking one, or by making the bot an administrator.

Nobody can connect a channel that is not theirs: the person must be an administrator who may post, asked now, and so
must the bot. The settings of a channel are the same messages as everywhere, shown in private; every button on
them carries the channel's number (:mod:`handlers.remote_buttons`), and each tap is checked again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import structlog
from telegram import Bot, Update, User
from telegram import Message as TelegramMessage
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.briefing import html
from bot.errors import UserError
from bot.language import Tongue, negotiate
from bot.model import Address, ChatKind, Message
from handlers import choices
from handlers.incoming import args_of, request_about, request_here
from handlers.outgoing import say, send
from handlers.permission import Permission
from handlers.remote_buttons import for_channel
from handlers.request import ChannelPicker, CommandAnswerer, Request, newcomer
from handlers.sections import overview
from handlers.services import Services
from handlers.unknown import unknown
from handlers.wording import as_typed

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

EXAMPLE = "/channel @name"
_HANDLE = re.compile(r"(?:https?://)?(?:t\.me/|@)?([A-Za-z][A-Za-z0-9_]{3,31})|(-1[0-9]{12})")


class Channels:
    """One for an application. ``commands`` are those that may follow after /channel @name."""

    def __init__(
        self, services: Services, permission: Permission, commands: Mapping[str, CommandAnswerer]
    ) -> None:
        self._services = services
        self._permission = permission
        self._commands = commands

    async def channel(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """/channel: pick one; /channel @name: connect it and show its settings; /channel @name command …"""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        request = await request_here(message, user, self._services, args_of(message))
        try:
            answer = await self._answer(request, message, user)
        except UserError as error:
            answer = Message(html.text(str(error)))
        if answer is not None:
            await say(message, answer)

    async def picked(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A channel was picked by the button for it."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None or message.chat_shared is None:
            return
        try:
            answer = await self._connect(message.chat_shared.chat_id, user, await self._tongue_of(user))
        except UserError as error:
            answer = Message(html.text(str(error)))
        await say(message, answer)

    async def added_by(self, user: User, channel_id: int, bot: Bot) -> None:
        """Somebody made the bot an administrator: write the settings, or what is missing, to that person."""
        try:
            answer = await self._connect(channel_id, user, await self._tongue_of(user))
        except UserError as error:
            answer = Message(html.text(str(error)))
        try:
            await send(bot, user.id, answer)
        except TelegramError as error:  # they never started the bot
            log.info("the administrator of a channel cannot be written to", cause=error.message)

    async def _answer(
        self, request: Request, message: TelegramMessage, user: User
    ) -> Message | ChannelPicker | None:
        if message.chat.type != ChatKind.PRIVATE:
            return await unknown(request, self._services)
        if not request.args:
            return _picker(request.tongue)
        handle, _, rest = request.args.partition(" ")
        channel_id = await self._find(handle, request.tongue)
        settings = await self._connect(channel_id, user, request.tongue)
        if not rest.strip():
            return settings
        return await self._command(rest.strip(), channel_id, user)

    async def _command(self, line: str, channel_id: int, user: User) -> Message | None:
        word, _, args = line.partition(" ")
        request = await request_about(channel_id, user, self._services, self._permission, args.strip())
        command = self._commands.get(word.removeprefix("/").casefold())
        if command is None:
            phrase = request.tongue.gettext("I don’t know “{word}” for a channel. For example: {example}")
            example = request.typed("quiet 22:00-07:00")
            raise UserError(phrase.format(word=as_typed(word), example=example))
        answer = await command(request, self._services)
        return for_channel(answer, channel_id) if isinstance(answer, Message) else None

    async def _find(self, handle: str, tongue: Tongue) -> int:
        match = _HANDLE.fullmatch(handle)
        target = (f"@{match[1]}" if match[1] else int(match[2])) if match else None
        channel = await self._permission.find_channel(target) if target is not None else None
        if channel is None:
            phrase = tongue.gettext(
                "I can’t see a channel called “{word}”. Make me an administrator there who may post, "
                "then send: {example}"
            )
            raise UserError(phrase.format(word=as_typed(handle), example=EXAMPLE))
        return channel.id

    async def _connect(self, channel_id: int, user: User, tongue: Tongue) -> Message:
        """Check both sides, remember the channel, and word its settings. Raises UserError."""
        if not await self._permission.bot_may_post(channel_id):
            raise UserError(
                tongue.gettext(
                    "I may not post there yet. Make me an administrator who may post, and try again."
                )
            )
        await self._permission.standings.afresh(channel_id, user.id)
        request = await request_about(channel_id, user, self._services, self._permission)
        new = newcomer(Address(channel_id), ChatKind.CHANNEL, tongue.code, self._services.defaults)
        await self._services.chats.update(new.address, choices.come_back, new=new)
        return for_channel(overview(request, self._services), channel_id)

    async def _tongue_of(self, user: User) -> Tongue:
        own = await self._services.chats.get(Address(user.id))
        default = self._services.defaults.language
        return self._services.tongues[own.language if own else negotiate(user.language_code, default)]


def _picker(tongue: Tongue) -> ChannelPicker:
    _ = tongue.gettext
    line = html.fill(
        _("Which channel? Pick one in which you may post, or type its name: {example}"),
        example=html.code(EXAMPLE),
    )
    return ChannelPicker(Message(line), "📢 " + _("Pick a channel"))
