"""The briefing as this bot sends it: worded by :mod:`bot.briefing.digest`, with buttons that we answer.

Used by /briefing, and by the sender for briefings that are due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.briefing.digest import Choice, DigestLinks, digest
from bot.catalogue import Catalogue
from bot.language import Tongue
from bot.model import Chat, Message, Quote
from handlers.buttons import Section, SendSection, SendView, ShowLatest, ShowStory, View, encode


def write_digest(
    chat: Chat,
    choice: Choice,
    quotes: Mapping[str, Quote],
    tongue: Tongue,
    catalogue: Catalogue,
    now: dt.datetime,
) -> Message:
    """Word a briefing for a chat; ``now`` is its local time, ``quotes`` are by currency code."""
    links = DigestLinks(
        story=lambda article_id: encode(ShowStory(article_id)),
        all_of=lambda tag: encode(ShowLatest(tag)),
        change_time=encode(SendSection(Section.BRIEFING)),
        subscribe=encode(SendView(View.EVERYTHING)),
    )
    watched = watched_quotes(chat, quotes, catalogue)
    return digest(choice, watched, chat.follows, tongue, catalogue, now, links)


def watched_quotes(chat: Chat, quotes: Mapping[str, Quote], catalogue: Catalogue) -> list[Quote]:
    """Pick the rates that a chat cares for: of the currencies of its countries, else of the region."""
    own = [currency for currency in catalogue.currencies if currency.country in chat.follows]
    core = [currency for currency in catalogue.currencies if currency.core]
    return [quotes[currency.code] for currency in own or core if currency.code in quotes]
