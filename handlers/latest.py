"""/latest [what]: the newest stories, six a page, leafed through with ‹ › in place."""

from __future__ import annotations

from bot.briefing.latest_page import STORIES_PER_PAGE, latest_page
from bot.errors import UserError
from bot.model import Message, Tag
from handlers.buttons import ShowLatest, TurnPage, encode
from handlers.request import Edit, Request
from handlers.services import Services
from handlers.wording import labels, named_tags, old_button

EXAMPLE = "/latest kazakhstan"


async def latest(request: Request, services: Services) -> Message:
    """Show the first page: of everything, or of the country or topic named."""
    tag = None
    if request.args:
        tags = named_tags(request, services.catalogue, example=EXAMPLE)
        if frozenset(tags) != frozenset(services.catalogue.region):  # "Central Asia" is everything
            tag = _only(tags, request)
    return await _page(tag, 0, request, services)


async def turn_page(tap: TurnPage, request: Request, services: Services) -> Edit:
    """Show another page in place of this one."""
    if tap.tag is not None and tap.tag not in services.catalogue.tags:
        raise UserError(old_button(request.tongue))
    return Edit(await _page(tap.tag, tap.offset, request, services))


async def show_latest(_tap: ShowLatest, request: Request, services: Services) -> Message:
    """Send the first page as a message of its own, below a list of new stories."""
    return await _page(None, 0, request, services)


async def _page(tag: Tag | None, offset: int, request: Request, services: Services) -> Message:
    page = await services.articles.latest(tag, offset=offset, limit=STORIES_PER_PAGE)
    tongue, catalogue = request.tongue, services.catalogue
    title = tongue.gettext("Latest stories") if tag is None else labels([tag], tongue, catalogue)[0]
    return latest_page(
        page, title, tongue, catalogue, request.now, lambda offset: encode(TurnPage(tag, offset))
    )


def _only(tags: tuple[Tag, ...], request: Request) -> Tag:
    if len(tags) > 1:
        phrase = request.tongue.gettext("One country or topic at a time, please. For example: {example}")
        raise UserError(phrase.format(example=EXAMPLE))
    return tags[0]
