"""Everything a person can type or tap, registered in one list.

``register`` is called by the assembly. Handlers are functions from a request to an answer; who wants to add a
command writes one, names it here and in :mod:`handlers.menu`, and is done.
"""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.telegram.updates import ChatOrderedProcessor
from handlers import (
    alert,
    announcements,
    briefing,
    buttons,
    chart,
    convert,
    help,
    languages,
    latest,
    leaving,
    mode,
    operators,
    posts,
    quiet,
    rates,
    rest,
    search,
    settings,
    start,
    subscriptions,
    timezone,
    unknown,
)
from handlers.arrivals import Arrivals
from handlers.channels import Channels
from handlers.door import Door
from handlers.errors import on_error
from handlers.incoming import Who, on_command, on_tap
from handlers.incoming_inline import on_inline_query
from handlers.permission import Permission
from handlers.request import CommandAnswerer, TapAnswerer
from handlers.services import Services

ANYBODY, ADMINISTRATORS, OPERATORS = Who.ANYBODY, Who.ADMINISTRATORS, Who.OPERATORS

# Edited messages are not answered again; a channel's posts are commands of those who may post there, and are not
# commands once more where Telegram copies them to, the channel's discussion group.
HEARD = (filters.UpdateType.MESSAGE & ~filters.IS_AUTOMATIC_FORWARD) | filters.UpdateType.CHANNEL_POST

BEFORE_ALL = -1
"""The group of python-telegram-bot's handlers that comes before the others'."""

COMMANDS: dict[str, tuple[CommandAnswerer, Who]] = {
    # Reading: anybody, anywhere.
    "latest": (latest.latest, ANYBODY),
    "rates": (rates.rates, ANYBODY),
    "search": (search.search, ANYBODY),
    "convert": (convert.convert_typed, ANYBODY),
    "chart": (chart.chart, ANYBODY),
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
    "alert": (alert.alert, ADMINISTRATORS),
    "timezone": (timezone.timezone, ADMINISTRATORS),
    "language": (languages.language, ADMINISTRATORS),
    "stop": (leaving.stop, ADMINISTRATORS),
    "delete": (leaving.delete, ADMINISTRATORS),
}

FOR_OPERATORS: dict[str, CommandAnswerer] = {
    "stats": operators.stats,
    "sources": operators.sources,
    "announce": announcements.announce,
    "pause": operators.pause,
    "resume": operators.resume,
}
"""Unknown words to everybody else."""

FOR_CHANNELS: dict[str, CommandAnswerer] = {
    **{name: handler for name, (handler, who) in COMMANDS.items() if who is ADMINISTRATORS},
    "subscriptions": subscriptions.subscriptions,
    "signature": posts.signature,
    "stop": posts.stop,
}
"""What may follow after /channel @name."""

TAPS: dict[type, tuple[TapAnswerer, Who]] = {
    # Reading.
    buttons.TurnPage: (latest.turn_page, ANYBODY),
    buttons.ShowLatest: (latest.show_latest, ANYBODY),
    buttons.ShowRest: (rest.show_rest, ANYBODY),
    buttons.TurnRest: (rest.turn_rest, ANYBODY),
    buttons.ShowStory: (latest.show_story, ANYBODY),
    buttons.TurnFound: (search.turn_found, ANYBODY),
    buttons.Convert: (convert.convert_tapped, ANYBODY),
    buttons.SendConversion: (convert.convert_beside, ANYBODY),
    buttons.PickCurrency: (rates.pick_currency, ANYBODY),
    buttons.ShowChart: (chart.show_chart, ANYBODY),
    buttons.TurnChart: (chart.turn_chart, ANYBODY),
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
    buttons.SkipEmptyDays: (briefing.tap_empty_days, ADMINISTRATORS),
    buttons.BriefEveryDay: (briefing.tap_empty_days, ADMINISTRATORS),
    buttons.BriefWithRates: (briefing.tap_rates, ADMINISTRATORS),
    buttons.BriefWithoutRates: (briefing.tap_rates, ADMINISTRATORS),
    buttons.SendSection: (briefing.send_section, ADMINISTRATORS),
    # The settings.
    buttons.Open: (settings.open_section, ADMINISTRATORS),
    buttons.SetMode: (mode.tap_mode, ADMINISTRATORS),
    buttons.SetQuiet: (quiet.tap_quiet, ADMINISTRATORS),
    buttons.NoQuiet: (quiet.tap_quiet, ADMINISTRATORS),
    buttons.SetTimezone: (timezone.tap_timezone, ADMINISTRATORS),
    buttons.SetLanguage: (languages.tap_language, ADMINISTRATORS),
    # Rate alerts.
    buttons.OfferAlert: (alert.offer_alert, ADMINISTRATORS),
    buttons.SetAlert: (alert.tap_set, ADMINISTRATORS),
    buttons.DropAlerts: (alert.tap_drop, ADMINISTRATORS),
    # A channel's posts.
    buttons.PostSilently: (posts.tap_sound, ADMINISTRATORS),
    buttons.PostAloud: (posts.tap_sound, ADMINISTRATORS),
    buttons.NoSignature: (posts.tap_no_signature, ADMINISTRATORS),
    buttons.Pause: (posts.tap_pause, ADMINISTRATORS),
    buttons.Resume: (posts.tap_pause, ADMINISTRATORS),
    # Operators.
    buttons.Announce: (announcements.tap_announce, OPERATORS),
    buttons.WatchAnnouncement: (announcements.tap_watch, OPERATORS),
    buttons.DropAnnouncement: (announcements.tap_drop, OPERATORS),
    # The end.
    buttons.Forget: (leaving.forget, ADMINISTRATORS),
    buttons.Keep: (leaving.keep, ADMINISTRATORS),
}


def register(application: Application[Any, Any, Any, Any, Any, Any], services: Services) -> None:
    """Teach an application everything in this room; commands match in any case, also as /cmd@botname."""
    permission = Permission(application.bot)
    channels = Channels(services, permission, FOR_CHANNELS)
    _keep_the_door(application, services)
    for name, (handler, who) in COMMANDS.items():
        callback = on_command(handler, who, services, permission)
        application.add_handler(CommandHandler(name, callback, HEARD))
    for name, handler in FOR_OPERATORS.items():
        callback = on_command(handler, OPERATORS, services, permission)
        application.add_handler(CommandHandler(name, callback, filters.UpdateType.MESSAGE))
    application.add_handler(CommandHandler("channel", channels.channel, filters.UpdateType.MESSAGE))
    application.add_handler(CallbackQueryHandler(on_tap(TAPS, services, permission)))
    application.add_handler(InlineQueryHandler(on_inline_query(services)))
    _mind_arrivals(application, Arrivals(services, channels), channels)
    # After all commands: what is left over. Only private chats get an answer.
    left_over = HEARD & filters.ChatType.PRIVATE & filters.TEXT
    callback = on_command(unknown.unknown, ANYBODY, services, permission)
    application.add_handler(MessageHandler(left_over, callback))
    application.add_error_handler(on_error(services))


def _keep_the_door(application: Application[Any, Any, Any, Any, Any, Any], services: Services) -> None:
    """Count who asks as updates arrive, and let nobody in who asks too much."""
    door = Door(services)
    if isinstance(application.update_processor, ChatOrderedProcessor):
        application.update_processor.arrived = door.arrived
    application.add_handler(TypeHandler(Update, door.check), BEFORE_ALL)


def _mind_arrivals(
    application: Application[Any, Any, Any, Any, Any, Any], arrivals: Arrivals, channels: Channels
) -> None:
    """Hear when the bot comes, goes or moves, and when somebody picks a channel."""
    of_me = ChatMemberHandler.MY_CHAT_MEMBER
    application.add_handler(ChatMemberHandler(arrivals.my_place_changed, of_me))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, arrivals.group_moved))
    application.add_handler(
        MessageHandler(filters.StatusUpdate.FORUM_TOPIC_REOPENED, arrivals.topic_reopened)
    )
    application.add_handler(MessageHandler(filters.StatusUpdate.CHAT_SHARED, channels.picked))
