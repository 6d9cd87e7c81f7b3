"""Everything a person can type or tap, registered in one list.

``register`` is called by the assembly. Handlers are functions from a request to an answer; who wants to add a
command writes one, names it here and in :mod:`handlers.menu`, and is done.
"""

from __future__ import annotations

from typing import Any

from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from handlers import (
    briefing,
    buttons,
    convert,
    help,
    languages,
    latest,
    leaving,
    mode,
    quiet,
    rates,
    settings,
    start,
    subscriptions,
    timezone,
    unknown,
)
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
    "convert": (convert.convert_typed, ANYBODY),
    "subscriptions": (subscriptions.subscriptions, ANYBODY),
    "help": (help.help_, ANYBODY),
    "privacy": (leaving.privacy, ANYBODY),
    # Settings: in groups, administrators.
    "start": (start.start, ADMINISTRATORS),
    "subscribe": (subscriptions.subscribe, ADMINISTRATORS),
    "unsubscribe": (subscriptions.unsubscribe, ADMINISTRATORS),
    "briefing": (briefing.briefing, ADMINISTRATORS),
    "settings": (settings.settings, ADMINISTRATORS),
    "mode": (mode.mode, ADMINISTRATORS),
    "quiet": (quiet.quiet, ADMINISTRATORS),
    "timezone": (timezone.timezone, ADMINISTRATORS),
    "language": (languages.language, ADMINISTRATORS),
    "stop": (leaving.stop, ADMINISTRATORS),
    "delete": (leaving.delete, ADMINISTRATORS),
}

TAPS: dict[type, tuple[TapAnswerer, Who]] = {
    # Reading.
    buttons.TurnPage: (latest.turn_page, ANYBODY),
    buttons.ShowLatest: (latest.show_latest, ANYBODY),
    buttons.ShowStory: (latest.show_story, ANYBODY),
    buttons.Convert: (convert.convert_tapped, ANYBODY),
    # What is followed.
    buttons.Follow: (subscriptions.follow, ADMINISTRATORS),
    buttons.Unfollow: (subscriptions.unfollow, ADMINISTRATORS),
    buttons.Show: (subscriptions.show, ADMINISTRATORS),
    buttons.SendView: (briefing.send_view, ADMINISTRATORS),
    # The briefing.
    buttons.MorningBriefing: (start.morning_briefing, ADMINISTRATORS),
    buttons.NoBriefing: (start.no_briefing, ADMINISTRATORS),
    buttons.PlanBriefing: (briefing.tap_plan, ADMINISTRATORS),
    buttons.StopBriefing: (briefing.tap_stop, ADMINISTRATORS),
    buttons.SendSection: (briefing.send_section, ADMINISTRATORS),
    # The settings.
    buttons.Open: (settings.open_section, ADMINISTRATORS),
    buttons.SetMode: (mode.tap_mode, ADMINISTRATORS),
    buttons.SetQuiet: (quiet.tap_quiet, ADMINISTRATORS),
    buttons.NoQuiet: (quiet.tap_quiet, ADMINISTRATORS),
    buttons.SetTimezone: (timezone.tap_timezone, ADMINISTRATORS),
    buttons.SetLanguage: (languages.tap_language, ADMINISTRATORS),
    # The end.
    buttons.Forget: (leaving.forget, ADMINISTRATORS),
    buttons.Keep: (leaving.keep, ADMINISTRATORS),
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
