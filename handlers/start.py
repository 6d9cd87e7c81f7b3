"""/start: the first contact. Flags to tap, the briefing in one tap, deep links that subscribe at once.

``t.me/<bot>?start=KZ`` (or a topic's code, or several joined by ``-`` or ``_``) arrives as ``/start KZ``.
"""

from __future__ import annotations

import re

from bot.briefing import html
from bot.briefing.html import Html
from bot.language import Tongue
from bot.model import BriefingPlan, Chat, Message, Position, Tag
from handlers import choices
from handlers.buttons import MorningBriefing, NoBriefing
from handlers.keyboards import welcome_keyboard
from handlers.request import Edit, Request, change_chat
from handlers.services import Services
from handlers.wording import names


async def start(request: Request, services: Services) -> Message:
    """Welcome whoever comes, or comes back, and follow what the link that brought them names."""
    linked = _linked_tags(request.args, services)

    def change(chat: Chat, now: Position) -> Chat:
        return choices.follow(choices.resume(chat, now), linked, now)

    return welcome(await change_chat(request, services, change), services, linked)


def welcome(request: Request, services: Services, linked: tuple[Tag, ...] = ()) -> Message:
    """Word the welcome; with ``linked``, say first that these are followed now."""
    _ = request.tongue.gettext
    parts = (
        _followed(linked, request.tongue, services),
        html.joined(" ", (html.text("👋"), html.bold(html.text(_("Central Asia, without the noise"))))),
        html.text(
            _("Each story once, as it appears or in one morning briefing; and the day’s exchange rates.")
        ),
        html.text(_("What would you like to follow? Tap as many as you wish.")),
    )
    buttons = welcome_keyboard(request.chat, request.tongue, services.catalogue, services.defaults)
    return Message(html.joined("\n\n", parts), buttons)


async def morning_briefing(_tap: MorningBriefing, request: Request, services: Services) -> Edit:
    """Plan the briefing at the default time, besides the stories as they appear."""
    plan = BriefingPlan(services.defaults.briefing_time)

    request = await change_chat(
        request,
        services,
        lambda chat, _end: choices.plan_briefing(chat, chat.briefing or plan, request.now),
    )
    at = request.tongue.time((request.chat.briefing or plan).at)
    toast = request.tongue.gettext("You will get a briefing every morning at {time}.").format(time=at)
    return Edit(welcome(request, services), toast)


async def no_briefing(_tap: NoBriefing, request: Request, services: Services) -> Edit:
    """Take the morning briefing back."""
    request = await change_chat(request, services, lambda chat, _now: choices.stop_briefing(chat))
    toast = request.tongue.gettext("No more briefings.")
    return Edit(welcome(request, services), toast)


def _linked_tags(payload: str, services: Services) -> tuple[Tag, ...]:
    found = (services.catalogue.find_tag(word) for word in re.split(r"[-_\s]+", payload) if word)
    return tuple(dict.fromkeys(tag for tag in found if tag is not None))


def _followed(tags: tuple[Tag, ...], tongue: Tongue, services: Services) -> Html:
    if not tags:
        return html.EMPTY
    followed = html.bold(html.text(names(tags, tongue, services.catalogue)))
    return html.fill(tongue.gettext("✅ You now follow {names}."), names=followed)
