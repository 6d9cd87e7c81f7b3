"""/language [code or name]: what the bot speaks in this chat.

Without argument: the section of the settings. A tap changes the setting and draws the section again.
"""

from __future__ import annotations

from bot.briefing import html
from bot.errors import UserError
from bot.language import Tongue, Tongues
from bot.model import Message
from bot.settings import LANGUAGES
from handlers import choices
from handlers.buttons import SetLanguage
from handlers.request import Edit, Request, change_chat
from handlers.sections import (
    language_section,
)
from handlers.services import Services
from handlers.wording import as_typed, old_button


async def language(request: Request, services: Services) -> Message:
    """Speak another language: by code, or by a name in any of ours."""
    if not request.args:
        return language_section(request, services)
    code = read_language(request.args, services.tongues)
    if code is None:
        phrase = request.tongue.gettext("I speak {languages}, not “{word}”. For example: {example}")
        known = ", ".join(LANGUAGES)
        raise UserError(phrase.format(languages=known, word=as_typed(request.args), example="/language kk"))
    request = await _set_language(code, request, services)
    return Message(html.text(_language_now(request.tongue)))


async def tap_language(tap: SetLanguage, request: Request, services: Services) -> Edit:
    """Choose by tapping."""
    if tap.code not in LANGUAGES:
        raise UserError(old_button(request.tongue))
    request = await _set_language(tap.code, request, services)
    return Edit(language_section(request, services), _language_now(request.tongue))


def read_language(text: str, tongues: Tongues) -> str | None:
    """Find one of our languages by its code or by its name in any of them."""
    wanted = text.casefold()
    for code in LANGUAGES:
        names = {tongue.language_name(code).casefold() for tongue in tongues}
        if wanted == code or wanted in names or any(name.split()[0] == wanted for name in names):
            return code
    return None


async def _set_language(code: str, request: Request, services: Services) -> Request:
    return await change_chat(request, services, lambda chat, _now: choices.set_language(chat, code))


def _language_now(tongue: Tongue) -> str:
    return tongue.gettext("I speak {language} now.").format(language=tongue.language_name(tongue.code))
