"""/settings: everything that can be chosen on one message, which redraws itself under the taps."""

from __future__ import annotations

from bot.model import Message
from handlers.buttons import Open
from handlers.request import Edit, Request
from handlers.sections import (
    overview,
    section,
)
from handlers.services import Services


async def settings(request: Request, services: Services) -> Message:
    """Show everything that can be chosen."""
    return overview(request, services)


async def open_section(tap: Open, request: Request, services: Services) -> Edit:
    """Turn the message into a section, or back into the overview."""
    return Edit(section(tap.section, request, services))
