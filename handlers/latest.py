"""/latest [what]: the newest stories, six a page, leafed through with ‹ › in place."""

from __future__ import annotations

from bot.briefing.cards import story_card
from bot.briefing.latest_page import STORIES_PER_PAGE, latest_page
from bot.errors import UserError
from bot.model import Message, Tag
from handlers.buttons import ShowLatest, ShowStory, TurnPage, encode
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
    return Edit(await _page(_known(tap.tag, request, services), tap.offset, request, services))


async def show_latest(tap: ShowLatest, request: Request, services: Services) -> Message:
    """Send the first page as a message of its own, below a list of new stories or a briefing."""
    return await _page(_known(tap.tag, request, services), 0, request, services)


async def show_story(tap: ShowStory, request: Request, services: Services) -> Message:
    """Send the card of one story of a list."""
    (article,) = await services.articles.get([tap.article_id])
    if article is None:
        raise UserError(request.tongue.gettext("This story is too old: I don’t keep it any more."))
    return story_card(article, request.tongue, services.catalogue, request.now)


async def _page(tag: Tag | None, offset: int, request: Request, services: Services) -> Message:
    page = await services.articles.latest(tag, offset=offset, limit=STORIES_PER_PAGE)
    tongue, catalogue = request.tongue, services.catalogue
    title = tongue.gettext("Latest stories") if tag is None else labels([tag], tongue, catalogue)[0]
    return latest_page(
        page, title, tongue, catalogue, request.now, lambda offset: encode(TurnPage(tag, offset))
    )


def _known(tag: Tag | None, request: Request, services: Services) -> Tag | None:
    if tag is not None and tag not in services.catalogue.tags:
        raise UserError(old_button(request.tongue))
    return tag


def _only(tags: tuple[Tag, ...], request: Request) -> Tag:
    if len(tags) > 1:
        phrase = request.tongue.gettext("One country or topic at a time, please. For example: {example}")
        raise UserError(phrase.format(example=EXAMPLE))
    return tags[0]
