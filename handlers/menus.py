"""What Telegram shows before anybody types: the command menu and the bot's description, in every language.

Run once at start by the bot role, beside the first poll: nobody waits for it.
"""

from __future__ import annotations

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeDefault

from bot.language import SOURCE_LANGUAGE, Tongue, Tongues
from handlers.menu import MENU

LONGEST_SHORT_DESCRIPTION = 120


async def publish_menus(bot: Bot, tongues: Tongues) -> None:
    """Set the menus and descriptions. Raises telegram.error.TelegramError.

    English is set without a language code, so that it is what all other languages see. Descriptions are asked
    for first: Telegram limits how often they may be set.
    """
    for tongue in tongues:
        code = None if tongue.code == SOURCE_LANGUAGE else tongue.code
        await bot.set_my_commands(_commands(tongue), BotCommandScopeDefault(), language_code=code)
        await bot.set_my_commands(
            _commands_for_groups(tongue), BotCommandScopeAllGroupChats(), language_code=code
        )
        if (await bot.get_my_description(language_code=code)).description != description(tongue):
            await bot.set_my_description(description(tongue), language_code=code)
        if (await bot.get_my_short_description(language_code=code)).short_description != about(tongue):
            await bot.set_my_short_description(about(tongue), language_code=code)


def description(tongue: Tongue) -> str:
    """What stands in the empty chat, above the Start button (at most 512 characters)."""
    return tongue.gettext(
        "News and exchange rates of Central Asia: each story once, as it appears or in one morning briefing. "
        "Choose your countries and topics, and press Start."
    )


def about(tongue: Tongue) -> str:
    """What stands on the profile and beside shared links (at most 120 characters)."""
    return tongue.gettext("News and exchange rates of Central Asia, and one briefing in the morning.")


def _commands(tongue: Tongue) -> list[BotCommand]:
    return [BotCommand(entry.command, tongue.gettext(entry.phrase)) for entry in MENU]


def _commands_for_groups(tongue: Tongue) -> list[BotCommand]:
    return [BotCommand(entry.command, tongue.gettext(entry.phrase)) for entry in MENU if entry.for_groups]
