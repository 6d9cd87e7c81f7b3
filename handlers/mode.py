"""/mode instant|briefing|both: each story as it appears, only the briefing, or both.

Without argument: the section of the settings. A tap changes the setting and draws the section again.
"""

from __future__ import annotations

from bot.briefing import html
from bot.errors import UserError
from bot.model import BriefingPlan, Chat, Message, Mode, Position
from handlers import choices
from handlers.buttons import SetMode
from handlers.request import Edit, Request, change_chat
from handlers.sections import (
    mode_section,
)
from handlers.services import Services
from handlers.wording import as_typed, how_stories_come


async def mode(request: Request, services: Services) -> Message:
    """Choose between each story, only the briefing, and both."""
    if not request.args:
        return mode_section(request)
    try:
        wanted = Mode(request.args.casefold())
    except ValueError:
        phrase = request.tongue.gettext("I know the modes {modes}, not “{word}”. For example: {example}")
        modes = ", ".join(Mode)
        raise UserError(
            phrase.format(modes=modes, word=as_typed(request.args), example="/mode briefing")
        ) from None
    request = await _set_mode(wanted, request, services)
    return Message(html.text(how_stories_come(request.chat, request.tongue)))


async def tap_mode(tap: SetMode, request: Request, services: Services) -> Edit:
    """Choose by tapping."""
    request = await _set_mode(tap.mode, request, services)
    return Edit(mode_section(request), how_stories_come(request.chat, request.tongue))


async def _set_mode(wanted: Mode, request: Request, services: Services) -> Request:
    plan = BriefingPlan(services.defaults.briefing_time)

    def change(chat: Chat, now: Position) -> Chat:
        return choices.set_mode(chat, wanted, now, plan, request.now)

    return await change_chat(request, services, change)
