"""What is a channel's own: posts with or without a sound, a line below each, a pause."""

from __future__ import annotations

from bot.briefing import html
from bot.errors import UserError
from bot.model import Chat, Message, Position
from handlers import choices
from handlers.buttons import NoSignature, Pause, PostAloud, PostSilently, Resume
from handlers.request import Edit, Request, change_chat
from handlers.sections import posts_section
from handlers.services import Services
from handlers.wording import is_off

LONGEST_SIGNATURE = 100
"""UTF-16 units: a line, and never so much that a message would not fit."""


async def signature(request: Request, services: Services) -> Message:
    """/channel @name signature words: put a line below each post; ``off`` takes it away."""
    words = html.one_line(request.args)
    if not words:
        return posts_section(request)
    if html.utf16_length(words) > LONGEST_SIGNATURE:
        phrase = request.tongue.gettext("A signature has {most} characters at most, this one has {count}.")
        raise UserError(phrase.format(most=LONGEST_SIGNATURE, count=html.utf16_length(words)))
    line = "" if is_off(words, request.tongue) else words
    return posts_section(await change_chat(request, services, lambda chat, _now: choices.sign(chat, line)))


async def tap_sound(tap: PostSilently | PostAloud, request: Request, services: Services) -> Edit:
    """Choose between posts with and without a sound."""
    silent = isinstance(tap, PostSilently)
    request = await change_chat(request, services, lambda chat, _now: choices.post_silently(chat, silent))
    return Edit(posts_section(request))


async def tap_no_signature(_tap: NoSignature, request: Request, services: Services) -> Edit:
    """Take the line below each post away."""
    return Edit(
        posts_section(await change_chat(request, services, lambda chat, _now: choices.sign(chat, "")))
    )


async def stop(request: Request, services: Services) -> Message:
    """/channel @name stop: pause; the button to go on is below."""
    return posts_section(await change_chat(request, services, lambda chat, _now: choices.pause(chat)))


async def tap_pause(tap: Pause | Resume, request: Request, services: Services) -> Edit:
    """Pause, or go on; what was missed meanwhile is not owed."""

    def change(chat: Chat, now: Position) -> Chat:
        return choices.pause(chat) if isinstance(tap, Pause) else choices.resume(chat, now)

    return Edit(posts_section(await change_chat(request, services, change)))
