"""/subscribe, /unsubscribe, /subscriptions: what a chat follows, by tapping or by name."""

from __future__ import annotations

from bot.briefing import html
from bot.catalogue import Catalogue
from bot.errors import UserError
from bot.language import Tongue
from bot.model import Button, Chat, Message, Tag
from handlers import choices
from handlers.buttons import Follow, Show, Unfollow, View, encode
from handlers.keyboards import everything_keyboard, in_catalogue_order, subscriptions_keyboard
from handlers.request import Edit, Request, change_chat
from handlers.services import Services
from handlers.start import welcome
from handlers.wording import how_stories_come, labels, named_tags, names

ALL = "all"


async def subscribe(request: Request, services: Services) -> Message:
    """Follow what is named, or offer everything there is."""
    if not request.args:
        return everything(request.chat, request.tongue, services)
    tags = named_tags(
        request.args, request.tongue, services.catalogue, example="/subscribe kazakhstan energy"
    )
    chat = await change_chat(request, services, lambda chat, now: choices.follow(chat, tags, now))
    phrase = request.tongue.gettext("✅ You now follow {names}.")
    return _confirmation(phrase, tags, chat, request.tongue, services.catalogue)


async def unsubscribe(request: Request, services: Services) -> Message:
    """Stop following what is named, or everything, or offer what is followed."""
    tongue, catalogue = request.tongue, services.catalogue
    if not request.args:
        return subscriptions_list(request.chat, tongue, catalogue)
    if request.args.casefold() in (ALL, tongue.gettext("all").casefold()):
        chat = await change_chat(request, services, lambda chat, _now: choices.unfollow_all(chat))
        return subscriptions_list(chat, tongue, catalogue)
    tags = named_tags(request.args, tongue, catalogue, example="/unsubscribe kazakhstan energy")
    chat = await change_chat(request, services, lambda chat, _now: choices.unfollow(chat, tags))
    phrase = tongue.gettext("You no longer follow {names}.")
    return _confirmation(phrase, tags, chat, tongue, catalogue)


async def subscriptions(request: Request, services: Services) -> Message:
    """Show what is followed."""
    return subscriptions_list(request.chat, request.tongue, services.catalogue)


async def follow(tap: Follow, request: Request, services: Services) -> Edit:
    """Tick a country or topic."""
    _require_known(tap.tag, request.tongue, services.catalogue)
    chat = await change_chat(request, services, lambda chat, now: choices.follow(chat, [tap.tag], now))
    return Edit(view(tap.view, chat, request.tongue, services))


async def unfollow(tap: Unfollow, request: Request, services: Services) -> Edit:
    """Take a tick away."""
    _require_known(tap.tag, request.tongue, services.catalogue)
    chat = await change_chat(request, services, lambda chat, _now: choices.unfollow(chat, [tap.tag]))
    return Edit(view(tap.view, chat, request.tongue, services))


async def show(tap: Show, request: Request, services: Services) -> Edit:
    """Turn the message into another view."""
    return Edit(view(tap.view, request.chat, request.tongue, services))


def view(which: View, chat: Chat, tongue: Tongue, services: Services) -> Message:
    """Word the message on which a follow button stands."""
    match which:
        case View.WELCOME:
            return welcome(chat, tongue, services)
        case View.EVERYTHING:
            return everything(chat, tongue, services)
        case View.SUBSCRIPTIONS:
            return subscriptions_list(chat, tongue, services.catalogue)


def everything(chat: Chat, tongue: Tongue, services: Services) -> Message:
    """Word the message with every country and topic."""
    _ = tongue.gettext
    parts = (
        html.bold(html.text(_("Countries and topics"))),
        html.text(_("Tap what you want to follow; tap again to stop.")),
    )
    return Message(html.joined("\n", parts), everything_keyboard(chat, tongue, services.catalogue))


def subscriptions_list(chat: Chat, tongue: Tongue, catalogue: Catalogue) -> Message:
    """Word the list of what is followed and how it comes."""
    _ = tongue.gettext
    keyboard = subscriptions_keyboard(chat, tongue, catalogue)
    tags = in_catalogue_order(chat.follows, catalogue)
    if not tags:
        return Message(html.text(_("You follow nothing yet.")), keyboard)
    heading = html.bold(html.text(_("You follow")))
    lines = html.joined("\n", map(html.text, labels(tags, tongue, catalogue)))
    how = html.italic(html.text(how_stories_come(chat, tongue)))
    return Message(html.joined("\n\n", (heading, lines, how)), keyboard)


def _confirmation(
    phrase: str, tags: tuple[Tag, ...], chat: Chat, tongue: Tongue, catalogue: Catalogue
) -> Message:
    done = html.fill(phrase, names=html.bold(html.text(names(tags, tongue, catalogue))))
    how = html.text(how_stories_come(chat, tongue)) if chat.follows else html.EMPTY
    everything_followed = Button(tongue.gettext("What you follow"), data=encode(Show(View.SUBSCRIPTIONS)))
    return Message(html.joined("\n", (done, how)), ((everything_followed,),))


def _require_known(tag: Tag, tongue: Tongue, catalogue: Catalogue) -> None:
    if tag not in catalogue.tags:
        raise UserError(tongue.gettext("This button is out of date. Please send the command again."))
