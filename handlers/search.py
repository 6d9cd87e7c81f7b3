"""/search words: the newest stories that have them all, paged like /latest."""

from __future__ import annotations

from bot.briefing.latest_page import STORIES_PER_PAGE, latest_page
from bot.errors import UserError
from bot.model import Message
from bot.store.search import search_words
from handlers.buttons import TurnFound, encode
from handlers.request import Edit, Request
from handlers.services import Services
from handlers.wording import old_button

EXAMPLE = "/search gas pipeline"
MOST_BYTES = 50
"""Of the words together: they stand behind the ‹ › buttons, beside an offset, in Telegram's 64."""


async def search(request: Request, services: Services) -> Message:
    """Show the first page."""
    words = search_words(request.args, MOST_BYTES)
    if not words:
        phrase = request.tongue.gettext("What shall I look for? For example: {example}")
        raise UserError(phrase.format(example=EXAMPLE))
    return await _page(words, 0, request, services)


async def turn_found(tap: TurnFound, request: Request, services: Services) -> Edit:
    """Show another page in place of this one."""
    words = tuple(tap.words.split())
    if not words:
        raise UserError(old_button(request.tongue))
    return Edit(await _page(words, tap.offset, request, services))


async def _page(words: tuple[str, ...], offset: int, request: Request, services: Services) -> Message:
    tongue = request.tongue
    page = await services.search.find(words, offset=offset, limit=STORIES_PER_PAGE)
    if page.total == 0:
        phrase = tongue.gettext("Nothing found for “{words}”. Fewer or shorter words find more.")
        raise UserError(phrase.format(words=" ".join(words)))
    typed = " ".join(words)
    return latest_page(
        page,
        f"🔎 {typed}",
        tongue,
        services.catalogue,
        request.now,
        lambda offset: encode(TurnFound(offset, typed)),
    )
