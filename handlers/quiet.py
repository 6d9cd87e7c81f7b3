"""/quiet 22:00-07:00, /quiet off: pushes wait until the end of the quiet hours.

Without argument: the section of the settings. A tap changes the setting and draws the section again.
"""

from __future__ import annotations

from bot.briefing import html
from bot.errors import UserError
from bot.model import Message, QuietHours
from handlers import choices
from handlers.buttons import NoQuiet, SetQuiet
from handlers.reading import read_quiet_hours
from handlers.request import Edit, Request, change_chat
from handlers.sections import (
    quiet_section,
    quiet_words,
)
from handlers.services import Services
from handlers.wording import as_typed, is_off


async def quiet(request: Request, services: Services) -> Message:
    """Let pushes wait between two times of day."""
    if not request.args:
        return quiet_section(request)
    hours = None
    if not is_off(request.args, request.tongue):
        hours = read_quiet_hours(request.args)
        if hours is None:
            phrase = request.tongue.gettext(
                "I can’t read “{words}” as quiet hours. For example: {example}, or {off}"
            )
            raise UserError(
                phrase.format(words=as_typed(request.args), example="/quiet 22:00-07:00", off="/quiet off")
            )
    request = await _set_quiet(hours, request, services)
    return Message(html.text(_quiet_now(request)))


async def tap_quiet(tap: SetQuiet | NoQuiet, request: Request, services: Services) -> Edit:
    """Choose by tapping."""
    hours = QuietHours(tap.start, tap.end) if isinstance(tap, SetQuiet) else None
    request = await _set_quiet(hours, request, services)
    return Edit(quiet_section(request), _quiet_now(request))


async def _set_quiet(hours: QuietHours | None, request: Request, services: Services) -> Request:
    return await change_chat(request, services, lambda chat, _now: choices.set_quiet(chat, hours))


def _quiet_now(request: Request) -> str:
    _ = request.tongue.gettext
    if request.chat.quiet is None:
        return _("No quiet hours: stories come at any time.")
    hours = quiet_words(request.chat.quiet, request.tongue)
    return _("Quiet hours: {hours}. Stories wait until they end.").format(hours=hours)
