"""The pages of /latest (and of every other list of stories that is leafed through): six stories and ‹ ›.

A :class:`bot.model.Page` comes in, a message goes out that says which part of the whole it shows; the caller
says what a turn of the page means by giving the data of the button for an offset.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from bot.briefing import html
from bot.briefing.cards import byline, flags, linked_title, whole_sentences
from bot.briefing.html import Html
from bot.catalogue import Catalogue
from bot.language import Tongue
from bot.model import Article, Button, Message, Page

STORIES_PER_PAGE = 6
LONGEST_SUMMARY = 200
PREVIOUS, NEXT = "‹", "›"


def latest_page(
    page: Page,
    title: str,
    tongue: Tongue,
    catalogue: Catalogue,
    now: dt.datetime,
    turn: Callable[[int], str],
) -> Message:
    """Word a page under ``title``. ``turn(offset)`` gives the data of the button that opens the page there.

    ``now`` is the reader's local time. An empty list says so; an offset past the end says where the end is.
    """
    stories = [_story(article, tongue, catalogue, now) for article in page.articles]

    def assemble(shown: Sequence[Html], hidden: int) -> Html:
        heading = html.joined("\n", (html.bold(html.text(title)), _place(page, len(shown), tongue)))
        return html.joined("\n\n", (heading, *shown))

    body = html.fitting(stories, assemble)
    return Message(body, _turns(page, turn))


def _place(page: Page, shown: int, tongue: Tongue) -> Html:
    if page.total == 0:
        return html.text(tongue.gettext("Nothing here yet. New stories will appear by themselves."))
    if shown == 0:
        return html.text(tongue.gettext("That was the last page."))
    place = tongue.gettext("{first}–{last} of {total}")
    return html.fill(
        place,
        first=html.text(tongue.number(page.offset + 1)),
        last=html.text(tongue.number(page.offset + shown)),
        total=html.text(tongue.number(page.total)),
    )


def _story(article: Article, tongue: Tongue, catalogue: Catalogue, now: dt.datetime) -> Html:
    heading = html.joined(" ", (html.text(flags(article, catalogue)), html.bold(linked_title(article))))
    summary = html.isolated(whole_sentences(html.one_line(article.summary), LONGEST_SUMMARY))
    note = html.italic(html.text(tongue.gettext("corrected"))) if article.corrected else html.EMPTY
    return html.joined("\n", (heading, summary, html.joined(" · ", (byline(article, tongue, now), note))))


def _turns(page: Page, turn: Callable[[int], str]) -> tuple[tuple[Button, ...], ...]:
    buttons = []
    if page.offset > 0:
        last_page = max(0, (page.total - 1) // STORIES_PER_PAGE * STORIES_PER_PAGE)
        before = min(max(0, page.offset - STORIES_PER_PAGE), last_page)
        buttons.append(Button(PREVIOUS, data=turn(before)))
    if page.offset + STORIES_PER_PAGE < page.total:
        buttons.append(Button(NEXT, data=turn(page.offset + STORIES_PER_PAGE)))
    return (tuple(buttons),) if buttons else ()
