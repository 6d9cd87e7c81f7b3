"""What Telegram shows before anybody types: the command menu and the bot's description, in every language.

Run once at start by the bot role, beside the first poll: nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest

from bot.language import SOURCE_LANGUAGE, Tongue, Tongues
from handlers.menu import MENU, OPERATORS_MENU, Entry

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST_SHORT_DESCRIPTION = 120


async def publish_menus(bot: Bot, tongues: Tongues, operators: Iterable[int] = ()) -> None:
    """Set the menus and descriptions, and the longer menus of operators. Raises telegram.error.TelegramError.

    English is set without a language code, so that it is what all other languages see. Descriptions are asked
    for first: Telegram limits how often they may be set.
    """
    for tongue in tongues:
        code = None if tongue.code == SOURCE_LANGUAGE else tongue.code
        await bot.set_my_commands(_commands(tongue, MENU), BotCommandScopeDefault(), language_code=code)
        for_groups = _commands(tongue, (entry for entry in MENU if entry.for_groups))
        await bot.set_my_commands(for_groups, BotCommandScopeAllGroupChats(), language_code=code)
        if (await bot.get_my_description(language_code=code)).description != description(tongue):
            await bot.set_my_description(description(tongue), language_code=code)
        if (await bot.get_my_short_description(language_code=code)).short_description != about(tongue):
            await bot.set_my_short_description(about(tongue), language_code=code)
    for operator in operators:
        await _publish_operators_menu(bot, operator, tongues)


async def _publish_operators_menu(bot: Bot, operator: int, tongues: Tongues) -> None:
    for tongue in tongues:
        code = None if tongue.code == SOURCE_LANGUAGE else tongue.code
        commands = _commands(tongue, (*MENU, *OPERATORS_MENU))
        try:
            await bot.set_my_commands(commands, BotCommandScopeChat(operator), language_code=code)
        except BadRequest as refusal:  # they have not started the bot yet; the commands work all the same
            log.info("operator's menu not set", cause=refusal.message)
            return


def description(tongue: Tongue) -> str:
    """What stands in the empty chat, above the Start button (at most 512 characters)."""
    return tongue.gettext(
        "News and exchange rates of Central Asia: each story once, as it appears or in one morning briefing. "
        "Choose your countries and topics, and press Start."
    )


def about(tongue: Tongue) -> str:
    """What stands on the profile and beside shared links (at most 120 characters)."""
    return tongue.gettext("News and exchange rates of Central Asia, and one briefing in the morning.")


def _commands(tongue: Tongue, entries: Iterable[Entry]) -> list[BotCommand]:
    return [BotCommand(entry.command, tongue.gettext(entry.phrase)) for entry in entries]
