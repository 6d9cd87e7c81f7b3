"""Everything a person can type or tap, registered in one list.

``register`` is called by the assembly. Handlers are functions from a request to an answer; who wants to add a
command writes one, names it here and in :mod:`handlers.menu`, and is done.
"""

from __future__ import annotations

from typing import Any

from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from handlers import buttons, help, latest, rates, start, subscriptions, unknown
from handlers.errors import on_error
from handlers.incoming import Who, on_command, on_tap
from handlers.request import CommandAnswerer, TapAnswerer
from handlers.services import Services

ANYBODY, ADMINISTRATORS = Who.ANYBODY, Who.ADMINISTRATORS

# Edited messages are not answered again; a channel's posts are commands of those who may post there.
HEARD = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST

COMMANDS: dict[str, tuple[CommandAnswerer, Who]] = {
    # Reading: anybody, anywhere.
    "latest": (latest.latest, ANYBODY),
    "rates": (rates.rates, ANYBODY),
    "subscriptions": (subscriptions.subscriptions, ANYBODY),
    "help": (help.help_, ANYBODY),
    # Settings: in groups, administrators.
    "start": (start.start, ADMINISTRATORS),
    "subscribe": (subscriptions.subscribe, ADMINISTRATORS),
    "unsubscribe": (subscriptions.unsubscribe, ADMINISTRATORS),
}

TAPS: dict[type, tuple[TapAnswerer, Who]] = {
    buttons.TurnPage: (latest.turn_page, ANYBODY),
    buttons.ShowLatest: (latest.show_latest, ANYBODY),
    buttons.Follow: (subscriptions.follow, ADMINISTRATORS),
    buttons.Unfollow: (subscriptions.unfollow, ADMINISTRATORS),
    buttons.Show: (subscriptions.show, ADMINISTRATORS),
    buttons.MorningBriefing: (start.morning_briefing, ADMINISTRATORS),
    buttons.NoBriefing: (start.no_briefing, ADMINISTRATORS),
}


def register(application: Application[Any, Any, Any, Any, Any, Any], services: Services) -> None:
    """Teach an application everything in this room; commands match in any case, also as /cmd@botname."""
    for name, (handler, who) in COMMANDS.items():
        application.add_handler(CommandHandler(name, on_command(handler, who, services), HEARD))
    application.add_handler(CallbackQueryHandler(on_tap(TAPS, services)))
    # After all commands: what is left over. Only private chats get an answer.
    left_over = HEARD & filters.ChatType.PRIVATE & filters.TEXT
    application.add_handler(MessageHandler(left_over, on_command(unknown.unknown, ANYBODY, services)))
    application.add_error_handler(on_error(services))
