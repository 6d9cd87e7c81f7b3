"""/timezone [city or Area/City]: by whose clock briefings and quiet hours go.

Without argument: the section of the settings. A tap changes the setting and draws the section again.
"""

from __future__ import annotations

from zoneinfo import available_timezones

from bot.briefing import html
from bot.errors import UserError
from bot.model import Button, Message
from handlers import choices
from handlers.buttons import SetTimezone, encode
from handlers.request import Edit, Request, change_chat
from handlers.sections import (
    clock_words,
    timezone_section,
)
from handlers.services import Services
from handlers.wording import as_typed, old_button
from handlers.zones import read_zone, zone_label


async def timezone(request: Request, services: Services) -> Message:
    """Find the time zone of the city that is named."""
    if not request.args:
        return timezone_section(request)
    reading = read_zone(request.args)
    if reading.zone is None:
        return _unknown_zone(request, reading.suggestions)
    request = await _set_zone(reading.zone, request, services)
    return Message(html.text(_zone_now(request)))


async def tap_timezone(tap: SetTimezone, request: Request, services: Services) -> Edit:
    """Choose by tapping."""
    if tap.zone not in available_timezones():
        raise UserError(old_button(request.tongue))
    request = await _set_zone(tap.zone, request, services)
    return Edit(timezone_section(request), _zone_now(request))


async def _set_zone(zone: str, request: Request, services: Services) -> Request:
    return await change_chat(
        request, services, lambda chat, _end: choices.set_timezone(chat, zone, request.now)
    )


def _zone_now(request: Request) -> str:
    return request.tongue.gettext("Your time: {clock}.").format(clock=clock_words(request))


def _unknown_zone(request: Request, suggestions: tuple[str, ...]) -> Message:
    phrase = request.tongue.gettext("I know no city or time zone called “{word}”. For example: {example}")
    line = phrase.format(word=as_typed(request.args), example="/timezone Asia/Almaty")
    buttons = [
        Button(zone_label(zone, request.tongue), data=encode(SetTimezone(zone))) for zone in suggestions
    ]
    return Message(html.text(line), (tuple(buttons),) if buttons else ())
