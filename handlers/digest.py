"""The briefing as this bot sends it: worded by :mod:`bot.briefing.digest`, with buttons that we answer.

Used by /briefing, and by the sender for briefings that are due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.briefing.digest import NOBODY, DigestLinks, DigestWriter
from bot.briefing.edition import Choice
from bot.catalogue import Catalogue
from bot.language import Tongues
from bot.model import Chat, Message, Quote
from handlers.buttons import Section, SendSection, SendView, ShowLatest, ShowRest, ShowStory, View, encode


class Briefings:
    """Writes the briefings of chats; it remembers what is the same for many."""

    def __init__(self, tongues: Tongues, catalogue: Catalogue) -> None:
        links = DigestLinks(
            story=lambda article_id: encode(ShowStory(article_id)),
            all_of=lambda tag: encode(ShowLatest(tag)),
            rest=lambda since, until: encode(ShowRest(_minute(since), _minute(until))),
            change_time=encode(SendSection(Section.BRIEFING)),
            subscribe=encode(SendView(View.EVERYTHING)),
        )
        self._writer = DigestWriter(tongues, catalogue, links)
        self._catalogue = catalogue

    def write(
        self,
        chat: Chat,
        choice: Choice,
        quotes: Mapping[str, Quote],
        now: dt.datetime,
        credits: Mapping[str, str] = NOBODY,
    ) -> Message:
        """Word a briefing for a chat; ``now`` is its local time, ``quotes`` are by currency code.

        ``credits`` are the texts that sources of quotes ask to be named with, by source.
        """
        wanted = chat.briefing is None or chat.briefing.rates
        watched = watched_quotes(chat, quotes, self._catalogue) if wanted else []
        return self._writer.write(choice, watched, chat.follows, chat.language, now, credits)


def watched_quotes(chat: Chat, quotes: Mapping[str, Quote], catalogue: Catalogue) -> list[Quote]:
    """Pick the rates that a chat cares for: of the currencies of its countries, else of the region."""
    own = [currency for currency in catalogue.currencies if currency.country in chat.follows]
    core = [currency for currency in catalogue.currencies if currency.core]
    return [quotes[currency.code] for currency in own or core if currency.code in quotes]


def _minute(moment: dt.datetime) -> int:
    return int(moment.timestamp()) // 60
