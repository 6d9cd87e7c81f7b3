"""/stop, /privacy, /delete: pause, what is stored, and how to have it forgotten."""

from __future__ import annotations

from bot.briefing import html
from bot.model import Button, Message
from handlers import choices
from handlers.buttons import Forget, Keep, encode
from handlers.request import Edit, Request, change_chat
from handlers.services import Services


async def stop(request: Request, services: Services) -> Message:
    """Send nothing until /start; everything chosen stays."""
    request = await change_chat(request, services, lambda chat, _now: choices.pause(chat))
    _ = request.tongue.gettext
    return Message(
        html.text(_("Paused: I send nothing until you say /start. Your settings stay as they are."))
    )


async def privacy(request: Request, _services: Services) -> Message:
    """Say what is stored, and what is not."""
    _ = request.tongue.gettext
    parts = (
        html.joined(" ", (html.text("🔒"), html.bold(html.text(_("What I know about you"))))),
        html.text(
            _(
                "The number of this chat, what you follow, and the settings you see in /settings. "
                "No names, no phone numbers, no messages."
            )
        ),
        html.text(_("I keep it until you say /delete; after you block me, for 30 days at most.")),
    )
    return Message(html.joined("\n\n", parts))


async def delete(request: Request, _services: Services) -> Message:
    """Ask once before forgetting."""
    _ = request.tongue.gettext
    question = html.text(
        _("Forget everything about this chat? What you follow and all settings will be gone.")
    )
    yes = Button("🗑 " + _("Yes, forget everything"), data=encode(Forget()))
    no = Button(_("No, keep it"), data=encode(Keep()))
    return Message(question, ((yes,), (no,)))


async def forget(_tap: Forget, request: Request, services: Services) -> Edit:
    """Remove every trace of the chat."""
    await services.chats.forget(request.chat.address)
    return Edit(Message(html.text(request.tongue.gettext("Done, all forgotten. /start begins anew."))))


async def keep(_tap: Keep, request: Request, _services: Services) -> Edit:
    """Leave everything as it is."""
    return Edit(Message(html.text(request.tongue.gettext("Nothing changed."))))
