"""Phrases that several commands share: names in a row, how stories come, what was wrong with a word."""

from __future__ import annotations

from collections.abc import Iterable

from bot.briefing import html
from bot.catalogue import Catalogue
from bot.errors import UserError
from bot.language import N_, Tongue, capitalised
from bot.model import Chat, ChatKind, Mode, Tag
from handlers.request import Request

MODES = {
    Mode.INSTANT: N_("Each as it appears"),
    Mode.BRIEFING: N_("Only the briefing"),
    Mode.BOTH: N_("Each, and the briefing"),
}

_HOW_STORIES_COME = {
    Mode.INSTANT: N_("Each new story comes as it appears."),
    Mode.BRIEFING: N_("Stories come together, in one briefing."),
    Mode.BOTH: N_("Each new story comes as it appears, and all of them in one briefing."),
}


def how_stories_come(chat: Chat, tongue: Tongue) -> str:
    """Say in a sentence how a chat gets its stories."""
    if chat.paused and chat.kind is ChatKind.CHANNEL:  # which cannot send anything
        return capitalised(tongue.gettext("paused"))
    if chat.paused:
        return tongue.gettext("Paused. Send /start to get stories again.")
    return tongue.gettext(_HOW_STORIES_COME[chat.mode])


def labels(tags: Iterable[Tag], tongue: Tongue, catalogue: Catalogue) -> list[str]:
    """Name countries and topics with their flags."""
    return [f"{catalogue.flag(tag)} {catalogue.name(tag, tongue.code)}" for tag in tags]


def names(tags: Iterable[Tag], tongue: Tongue, catalogue: Catalogue) -> str:
    """Name countries and topics inside a sentence: "Kazakhstan, Uzbekistan and Energy"."""
    return tongue.listing([catalogue.name(tag, tongue.code) for tag in tags])


def as_typed(words: str) -> str:
    """Quote what a person typed: on one line, and no longer than one needs to recognise it."""
    return html.shortened(html.one_line(words), 40)


def is_off(words: str, tongue: Tongue) -> bool:
    """Whether a person typed "off", in English or in their language."""
    return words.casefold() in ("off", tongue.gettext("off").casefold())


def old_button(tongue: Tongue) -> str:
    """Say that a button means nothing any more (or never did)."""
    return tongue.gettext("This button is out of date. Please send the command again.")


def named_tags(request: Request, catalogue: Catalogue, *, example: str) -> tuple[Tag, ...]:
    """Read the countries and topics that a person typed after a command.

    Raises UserError for the first word that is neither; ``example`` is a line that would have been right.
    """
    reading = catalogue.read(request.args)
    if reading.found and not reading.unknown:
        return reading.found
    word = as_typed(reading.unknown[0] if reading.unknown else request.args)
    raise UserError(_unknown_name(word, request.tongue, catalogue, example))


def _unknown_name(word: str, tongue: Tongue, catalogue: Catalogue, example: str) -> str:
    _ = tongue.gettext
    near = catalogue.suggest(word)
    if near is None:
        phrase = _("I know no country or topic called “{word}”. For example: {example}")
        return phrase.format(word=word, example=example)
    phrase = _("I know no country or topic called “{word}”. Did you mean {name}? For example: {example}")
    return phrase.format(word=word, name=catalogue.name(near, tongue.code), example=example)
