"""Several new stories in one message: a tidy numbered list, not a wall.

The sender uses it when a chat is owed more than one story (promise 4 of the delivery: merged, in order,
nothing dropped): the stories shown come in the order given, the rest is counted and one tap away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.briefing import html
from bot.briefing.cards import byline, flags, linked_title
from bot.briefing.html import Html
from bot.catalogue import Catalogue
from bot.language import Tongue
from bot.model import Article, Button, Message

MOST_SHOWN = 10
LONGEST_TITLE = 140


def story_list(
    articles: Sequence[Article],
    tongue: Tongue,
    catalogue: Catalogue,
    now: dt.datetime,
    *,
    total: int,
    latest_data: str,
) -> Message:
    """Word a list of ``articles``, of ``total`` that are new; ``latest_data`` goes behind the button to all.

    ``articles`` are in the order of showing, best or oldest first, as the caller decided; at most ten are
    shown.
    """
    lines = [
        _line(number, article, tongue, catalogue, now)
        for number, article in enumerate(articles[:MOST_SHOWN], 1)
    ]

    def assemble(shown: Sequence[Html], _: int) -> Html:
        return html.joined("\n\n", (_heading(tongue, total), *shown, _remainder(tongue, total - len(shown))))

    body = html.fitting(lines, assemble)
    latest = Button(tongue.gettext("All the latest"), data=latest_data)
    return Message(body, ((latest,),) if total > len(lines) else ())


def _heading(tongue: Tongue, total: int) -> Html:
    heading = tongue.ngettext("{count} new story", "{count} new stories", total)
    return html.bold(html.fill(heading, count=html.text(tongue.number(total))))


def _line(number: int, article: Article, tongue: Tongue, catalogue: Catalogue, now: dt.datetime) -> Html:
    start = html.text(f"{tongue.number(number)}.")
    first = html.joined(
        " ", (start, html.text(flags(article, catalogue)), linked_title(article, LONGEST_TITLE))
    )
    return html.joined("\n", (first, byline(article, tongue, now)))


def _remainder(tongue: Tongue, hidden: int) -> Html:
    if hidden <= 0:
        return html.EMPTY
    more = tongue.ngettext("…and {count} more", "…and {count} more", hidden)
    return html.fill(more, count=html.text(tongue.number(hidden)))
