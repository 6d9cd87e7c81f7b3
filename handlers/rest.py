"""What a briefing left out, behind its "…and 12 more": the same stories in the same order, six a page.

The button says how far the briefing looked back and when it was written; what the chat follows is looked up, so the
list is that of today's wishes.
"""

from __future__ import annotations

import datetime as dt

from bot.briefing.edition import MOST_SHOWN, Edition
from bot.briefing.latest_page import STORIES_PER_PAGE, latest_page
from bot.errors import UserError
from bot.model import Message, Page
from handlers.buttons import ShowRest, TurnRest, encode
from handlers.request import Edit, Request
from handlers.services import Services
from handlers.wording import old_button

STORIES_PER_TAG = 500
"""Looked at for each country or topic; who leafs further than that has other plans for the morning."""

LONGEST_MINUTES = 3 * 24 * 60


async def show_rest(tap: ShowRest, request: Request, services: Services) -> Message:
    """Send the first page after the stories that the briefing showed."""
    return await _page(TurnRest(tap.since, tap.until, MOST_SHOWN), request, services)


async def turn_rest(tap: TurnRest, request: Request, services: Services) -> Edit:
    """Show another page in place of this one."""
    return Edit(await _page(tap, request, services))


async def _page(tap: TurnRest, request: Request, services: Services) -> Message:
    if not 0 <= tap.until - tap.since <= LONGEST_MINUTES:
        raise UserError(old_button(request.tongue))
    since, until = (dt.datetime.fromtimestamp(minute * 60, dt.UTC) for minute in (tap.since, tap.until))
    follows = request.chat.follows
    articles = await services.articles.about(follows, since, until, STORIES_PER_TAG)
    choice = Edition(articles).choose(follows, since, until, limit=tap.offset + STORIES_PER_PAGE)
    page = Page(choice.stories[tap.offset :], tap.offset, choice.total)
    day = request.tongue.weekday_and_day(until.astimezone(request.now.tzinfo).date())
    return latest_page(
        page,
        f"☀️ {day}",
        request.tongue,
        services.catalogue,
        request.now,
        lambda offset: encode(TurnRest(tap.since, tap.until, offset)),
    )
