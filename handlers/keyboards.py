"""The follow keyboards: countries and topics, ticked where they are followed; pure functions of the chat.

A tap on an unticked button follows, on a ticked one unfollows, and the message is drawn again with the same
view.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.catalogue import Catalogue
from bot.language import Tongue
from bot.model import Button, Chat, Mode, Tag
from handlers.buttons import Follow, MorningBriefing, NoBriefing, Open, Section, Show, Unfollow, View, encode
from handlers.services import Defaults

TICK = "✅"

Rows = tuple[tuple[Button, ...], ...]


def welcome_keyboard(chat: Chat, tongue: Tongue, catalogue: Catalogue, defaults: Defaults) -> Rows:
    """The countries of the region, the way to everything else, and the morning briefing in one tap."""
    more = Button("🌐 " + tongue.gettext("More…"), data=encode(Show(View.EVERYTHING)))
    region = [_follow_button(chat, tag, View.WELCOME, tongue, catalogue) for tag in catalogue.region]
    return (*in_rows([*region, more]), (_briefing_button(chat, tongue, defaults),))


def everything_keyboard(chat: Chat, tongue: Tongue, catalogue: Catalogue) -> Rows:
    """Every country and topic there is; countries first, topics on rows of their own."""
    countries = [country.code for country in catalogue.countries]
    topics = [topic.code for topic in catalogue.topics]
    return (
        *in_rows(_follow_button(chat, tag, View.EVERYTHING, tongue, catalogue) for tag in countries),
        *in_rows(_follow_button(chat, tag, View.EVERYTHING, tongue, catalogue) for tag in topics),
        (Button("‹ " + tongue.gettext("What you follow"), data=encode(Show(View.SUBSCRIPTIONS))),),
    )


def subscriptions_keyboard(chat: Chat, tongue: Tongue, catalogue: Catalogue) -> Rows:
    """What is followed, each with a tap to drop it, and the way to more."""
    more = Button("➕ " + tongue.gettext("Add or change"), data=encode(Show(View.EVERYTHING)))
    followed = [
        Button(
            f"✖️ {catalogue.flag(tag)} {catalogue.name(tag, tongue.code)}",
            data=encode(Unfollow(tag, View.SUBSCRIPTIONS)),
        )
        for tag in in_catalogue_order(chat.follows, catalogue)
    ]
    settings = Button("⚙️ " + tongue.gettext("Settings"), data=encode(Open(Section.ALL)))
    return (*in_rows(followed), (more,), (settings,))


def in_catalogue_order(tags: Iterable[Tag], catalogue: Catalogue) -> list[Tag]:
    """Sort tags as the catalogue shows them; tags that it no longer has are left out."""
    wanted = frozenset(tags)
    return [tag for tag in catalogue.tags if tag in wanted]


def in_rows(buttons: Iterable[Button], columns: int = 2) -> Rows:
    """Lay buttons out in rows."""
    line: Sequence[Button] = tuple(buttons)
    return tuple(tuple(line[at : at + columns]) for at in range(0, len(line), columns))


def ticked(label: str, is_on: object) -> str:
    """Mark a label as chosen."""
    return f"{TICK} {label}" if is_on else label


def _follow_button(chat: Chat, tag: Tag, view: View, tongue: Tongue, catalogue: Catalogue) -> Button:
    label = f"{catalogue.flag(tag)} {catalogue.name(tag, tongue.code)}"
    followed = tag in chat.follows
    tap = Unfollow(tag, view) if followed else Follow(tag, view)
    return Button(ticked(label, followed), data=encode(tap))


def _briefing_button(chat: Chat, tongue: Tongue, defaults: Defaults) -> Button:
    planned = chat.mode is not Mode.INSTANT and chat.briefing is not None
    at = chat.briefing.at if planned and chat.briefing else defaults.briefing_time
    label = "☀️ " + tongue.gettext("Morning briefing at {time}").format(time=tongue.time(at))
    return Button(ticked(label, planned), data=encode(NoBriefing() if planned else MorningBriefing()))
