"""One story, the way it looks in every message: as a card of its own, and as one line of a list.

A card is what a push of a single story shows, and what a number under a briefing opens: flags, bold linked
title, a few sentences, source and age, with the story's link preview below.
"""

from __future__ import annotations

import datetime as dt
import re

from bot.briefing import html
from bot.briefing.html import Html
from bot.catalogue import Catalogue
from bot.language import Tongue
from bot.model import Article, Button, Message

LONGEST_TITLE = 200
"""UTF-16 units. Headlines end well below; what is longer is a feed that put its text into the title."""

LONGEST_SUMMARY = 400
MOST_FLAGS = 3
MOST_OTHERS = 3

# The full stop after a single capital belongs to an initial or to "U.S.".
_SENTENCE_END = re.compile(r"(?<!\b[A-ZА-Я])[.!?…][\"'”’»)]*(?=\s)")


def story_card(
    article: Article,
    tongue: Tongue,
    catalogue: Catalogue,
    now: dt.datetime,
    buttons: tuple[tuple[Button, ...], ...] = (),
) -> Message:
    """Word one story. ``now`` is the reader's local time: older stories show its date."""
    heading = html.joined(" ", (html.text(flags(article, catalogue)), html.bold(linked_title(article))))
    summary = html.isolated(whole_sentences(html.one_line(article.summary), LONGEST_SUMMARY))
    parts = (heading, summary, byline(article, tongue, now))
    preview = article.link if article.link and html.is_web_address(article.link) else None
    return Message(html.joined("\n\n", parts), buttons, preview_url=preview)


def linked_title(article: Article, limit: int = LONGEST_TITLE) -> Html:
    """Show a headline, linked to its page where there is one; without a headline, show the address."""
    title = html.one_line(article.title) or html.one_line(article.link or article.source)
    return html.link(html.isolated(html.shortened(title, limit)), article.link)


def byline(article: Article, tongue: Tongue, now: dt.datetime) -> Html:
    """Say where a story comes from, who else tells it, and how old it is, in italics."""
    age = html.text(tongue.age(article.published, now))
    return html.italic(html.joined(" · ", (_source(article.source), _also(article, tongue), age)))


def _also(article: Article, tongue: Tongue) -> Html:
    """The other sources that carry the story, the first few by name."""
    others = [name for name in article.sources if name != article.source][:MOST_OTHERS]
    if not others:
        return html.EMPTY
    names = html.joined(", ", [_source(name) for name in others])
    return html.fill(tongue.gettext("also: {sources}"), sources=names)


def _source(name: str) -> Html:
    return html.isolated(html.shortened(html.one_line(name), 60))


def flags(article: Article, catalogue: Catalogue) -> str:
    """Give the flags of the countries that a story is about, else the emoji of its main topic."""
    tags = article.countries[:MOST_FLAGS] or article.topics[:1]
    return "".join(catalogue.flag(tag) for tag in tags)


def whole_sentences(summary: str, limit: int) -> str:
    """Take as many whole sentences from the start as ``limit`` UTF-16 units hold.

    Only a first sentence that is longer than that by itself is shortened, at a word.
    """
    if html.utf16_length(summary) <= limit:
        return summary
    ends = [match.end() for match in _SENTENCE_END.finditer(summary, 0, limit + 1)]
    sentences = [summary[:end] for end in ends if html.utf16_length(summary[:end]) <= limit]
    return sentences[-1] if sentences else html.shortened(summary, limit)
