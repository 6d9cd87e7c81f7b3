"""What no other handler understood: one line in private chats, silence in groups and channels."""

from __future__ import annotations

from bot.briefing import html
from bot.model import ChatKind, Message
from handlers.request import Request
from handlers.services import Services


async def unknown(request: Request, _services: Services) -> Message | None:
    """Point to /help, where a person talks to the bot alone."""
    if request.chat.kind is not ChatKind.PRIVATE:
        return None
    return Message(html.text(request.tongue.gettext("I don’t know that one. /help lists what I understand.")))
