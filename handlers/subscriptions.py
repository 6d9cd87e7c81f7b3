"""/subscribe, /unsubscribe, /subscriptions: what a chat follows, by tapping or by name."""

from __future__ import annotations

from bot.briefing import html
from bot.errors import UserError
from bot.model import Button, Message, Tag
from handlers import choices
from handlers.buttons import Follow, Show, Unfollow, View, encode
from handlers.keyboards import everything_keyboard, in_catalogue_order, subscriptions_keyboard
from handlers.request import Edit, Request, change_chat
from handlers.services import Services
from handlers.start import welcome
from handlers.wording import how_stories_come, labels, named_tags, names, old_button

ALL = "all"


async def subscribe(request: Request, services: Services) -> Message:
    """Follow what is named, or offer everything there is."""
    if not request.args:
        return everything(request, services)
    tags = named_tags(request, services.catalogue, example="/subscribe kazakhstan energy")
    request = await change_chat(request, services, lambda chat, now: choices.follow(chat, tags, now))
    return _confirmation(request.tongue.gettext("✅ You now follow {names}."), tags, request, services)


async def unsubscribe(request: Request, services: Services) -> Message:
    """Stop following what is named, or everything, or offer what is followed."""
    if not request.args:
        return subscriptions_list(request, services)
    if request.args.casefold() in (ALL, request.tongue.gettext("all").casefold()):
        request = await change_chat(request, services, lambda chat, _now: choices.unfollow_all(chat))
        return subscriptions_list(request, services)
    tags = named_tags(request, services.catalogue, example="/unsubscribe kazakhstan energy")
    request = await change_chat(request, services, lambda chat, _now: choices.unfollow(chat, tags))
    return _confirmation(request.tongue.gettext("You no longer follow {names}."), tags, request, services)


async def subscriptions(request: Request, services: Services) -> Message:
    """Show what is followed."""
    return subscriptions_list(request, services)


async def follow(tap: Follow, request: Request, services: Services) -> Edit:
    """Tick a country or topic."""
    _require_known(tap.tag, request, services)
    request = await change_chat(request, services, lambda chat, now: choices.follow(chat, [tap.tag], now))
    return Edit(view(tap.view, request, services))


async def unfollow(tap: Unfollow, request: Request, services: Services) -> Edit:
    """Take a tick away."""
    _require_known(tap.tag, request, services)
    request = await change_chat(request, services, lambda chat, _now: choices.unfollow(chat, [tap.tag]))
    return Edit(view(tap.view, request, services))


async def show(tap: Show, request: Request, services: Services) -> Edit:
    """Turn the message into another view."""
    return Edit(view(tap.view, request, services))


def view(which: View, request: Request, services: Services) -> Message:
    """Word the message on which a follow button stands."""
    match which:
        case View.WELCOME:
            return welcome(request, services)
        case View.EVERYTHING:
            return everything(request, services)
        case View.SUBSCRIPTIONS:
            return subscriptions_list(request, services)


def everything(request: Request, services: Services) -> Message:
    """Word the message with every country and topic."""
    _ = request.tongue.gettext
    parts = (
        html.bold(html.text(_("Countries and topics"))),
        html.text(_("Tap what you want to follow; tap again to stop.")),
    )
    keyboard = everything_keyboard(request.chat, request.tongue, services.catalogue)
    return Message(html.joined("\n", parts), keyboard)


def subscriptions_list(request: Request, services: Services) -> Message:
    """Word the list of what is followed and how it comes."""
    _ = request.tongue.gettext
    keyboard = subscriptions_keyboard(request.chat, request.tongue, services.catalogue)
    tags = in_catalogue_order(request.chat.follows, services.catalogue)
    if not tags:
        return Message(html.text(_("You follow nothing yet.")), keyboard)
    parts = (
        html.bold(html.text(_("You follow"))),
        html.joined("\n", map(html.text, labels(tags, request.tongue, services.catalogue))),
        html.italic(html.text(how_stories_come(request.chat, request.tongue))),
    )
    return Message(html.joined("\n\n", parts), keyboard)


def _confirmation(phrase: str, tags: tuple[Tag, ...], request: Request, services: Services) -> Message:
    done = html.fill(phrase, names=html.bold(html.text(names(tags, request.tongue, services.catalogue))))
    how = html.text(how_stories_come(request.chat, request.tongue)) if request.chat.follows else html.EMPTY
    label = request.tongue.gettext("What you follow")
    return Message(html.joined("\n", (done, how)), ((Button(label, data=encode(Show(View.SUBSCRIPTIONS))),),))


def _require_known(tag: Tag, request: Request, services: Services) -> None:
    if tag not in services.catalogue.tags:
        raise UserError(old_button(request.tongue))
