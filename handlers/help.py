"""/help: every command, one line each, and an example of what can be typed after it."""

from __future__ import annotations

from bot.briefing import html
from bot.model import Message
from handlers.menu import MENU
from handlers.request import Request
from handlers.services import Services


async def help_(request: Request, services: Services) -> Message:
    """List the commands."""
    _ = request.tongue.gettext
    lines = [html.text(f"/{entry.command} — {_(entry.phrase)}") for entry in MENU]
    kazakhstan, uzbekistan, energy = (
        services.catalogue.name(tag, request.tongue.code).casefold() for tag in ("KZ", "UZ", "energy")
    )
    examples = (f"/latest {kazakhstan}", f"/subscribe {uzbekistan} {energy}", "/rates EUR")
    parts = (
        html.bold(html.text(_("What you can ask me"))),
        html.joined("\n", lines),
        html.joined("\n", (html.text(_("For example:")), *map(html.code, examples))),
    )
    return Message(html.joined("\n\n", parts))
