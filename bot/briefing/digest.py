"""The briefing: one message with what matters from what a chat follows, and the rates it watches.

:class:`bot.briefing.edition.Edition` chooses, :class:`DigestWriter` words: eight stories at most under their countries
and topics, and the first of each with its summary, folded, as far as one message holds them. The callers bring
the choice, the quotes, and what the buttons mean (the sender from the log, ``/briefing`` from the lists).
What is the same for many readers is worded once.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from types import MappingProxyType

from bot.briefing import html
from bot.briefing.cards import linked_title, whole_sentences
from bot.briefing.edition import Choice
from bot.briefing.html import Html
from bot.briefing.rates_table import credit_lines, credits_for, dollar_rate, rate_line
from bot.catalogue import Catalogue
from bot.language import Tongue, Tongues
from bot.model import Article, Button, Message, Quote, Tag

WINDOW = dt.timedelta(hours=36)
"""Older stories are no news at breakfast, however long the chat got no briefing."""

MOST_RATES = 5
NUMBERS_PER_ROW = 5
LONGEST_LABEL_OF_TWO = 19
"""Characters that a phone shows of a button that shares its row with another."""

LONGEST_TITLE = 140
LONGEST_SUMMARY = 400
LONGEST_SOURCE = 40
MOST_SOURCES = 3

NOBODY: Mapping[str, str] = MappingProxyType({})

STORIES_KEPT = 8192
"""Wordings kept: a day's stories in the languages that are read much, some ten megabytes."""


@dataclass(frozen=True, slots=True)
class DigestLinks:
    """What the buttons under a briefing mean, as button data. ``rest`` takes what a briefing looked back to, and when
    it was written."""

    story: Callable[[str], str]
    all_of: Callable[[Tag], str]
    rest: Callable[[dt.datetime, dt.datetime], str]
    change_time: str
    subscribe: str


@dataclass(frozen=True, slots=True)
class _Worded:
    """A story in one language: its lines without its number, its folded summary, what its button means."""

    lines: Html
    summary: Html
    summary_length: int
    data: str


class DigestWriter:
    """Words briefings, in any language. One for a process: it remembers how stories are worded."""

    def __init__(self, tongues: Tongues, catalogue: Catalogue, links: DigestLinks) -> None:
        self._tongues = tongues
        self._catalogue = catalogue
        self._links = links
        self._story = lru_cache(maxsize=STORIES_KEPT)(self._word_story)
        self._rates = lru_cache(maxsize=256)(self._word_rates)
        self._heading = lru_cache(maxsize=64)(self._word_heading)
        self._group = lru_cache(maxsize=512)(self._word_group)

    def write(
        self,
        choice: Choice,
        quotes: Sequence[Quote],
        follows: Collection[Tag],
        language: str,
        now: dt.datetime,
        credits: Mapping[str, str] = NOBODY,
    ) -> Message:
        """Word the briefing of the day of ``now`` (the reader's local time).

        ``credits`` are the texts that sources of rates ask to be named with, by source.
        """
        groups = self._grouped(choice.stories, follows)
        heading = self._heading(now.date(), language)
        rates = self._rates(tuple(quotes), credits_for(quotes[:MOST_RATES], credits), language)
        tongue = self._tongues[language]
        if not groups:
            return _quiet_day(heading, rates, bool(follows), tongue, self._links.subscribe)
        stories = [article for group in groups.values() for article in group]
        worded = {article.id: self._story(article, language) for article in stories}
        ending = (rates, _origin(stories, tongue))

        def assembled(shown: Collection[str]) -> Html:
            sections = self._sections(groups, worded, shown, language)
            return html.joined("\n\n", (heading, *sections, *ending))

        bare = assembled(())
        leads = _fitting(choice.stories, groups, worded, html.LONGEST_MESSAGE - html.visible_length(bare))
        buttons = self._buttons(choice, groups, [worded[article.id].data for article in stories], tongue, now)
        return Message(assembled(leads) if leads else bare, buttons)

    def _grouped(
        self, stories: Iterable[Article], follows: Collection[Tag]
    ) -> Mapping[Tag, Sequence[Article]]:
        """Put each story under the first of its tags that is followed, groups in the catalogue's order."""
        groups: dict[Tag, list[Article]] = {}
        for article in stories:
            home = next((tag for tag in article.tags if tag in follows), None)
            if home is not None:
                groups.setdefault(home, []).append(article)
        return {tag: groups[tag] for tag in self._catalogue.tags if tag in groups}

    def _sections(
        self,
        groups: Mapping[Tag, Sequence[Article]],
        worded: Mapping[str, _Worded],
        leads: Collection[str],
        language: str,
    ) -> list[Html]:
        """Word each group: its name, its stories numbered through, below the first of them what it says."""
        tongue, numbers = self._tongues[language], count(1)
        sections = []
        for tag, group in groups.items():
            lines = [html.bold(self._group(tag, language))]
            for article in group:
                story = worded[article.id]
                lines.append(Html(f"{tongue.number(next(numbers))}. {story.lines}"))
                if article.id in leads:
                    lines.append(story.summary)
            sections.append(html.joined("\n", lines))
        return sections

    def _buttons(
        self,
        choice: Choice,
        groups: Mapping[Tag, Sequence[Article]],
        data: Sequence[str],
        tongue: Tongue,
        now: dt.datetime,
    ) -> tuple[tuple[Button, ...], ...]:
        numbers = [Button(tongue.number(number), data=each) for number, each in enumerate(data, 1)]
        per_row = math.ceil(len(numbers) / math.ceil(len(numbers) / NUMBERS_PER_ROW))
        rows = [tuple(numbers[at : at + per_row]) for at in range(0, len(numbers), per_row)]
        hidden = choice.total - len(data)
        if hidden > 0:
            more = tongue.ngettext("…and {count} more", "…and {count} more", hidden)
            label = more.format(count=tongue.number(hidden))
            rows.append((Button(label, data=self._links.rest(choice.since, now)),))
        biggest = max(groups, key=lambda tag: len(groups[tag]))
        name = html.plain(self._group(biggest, tongue.code))
        everything = Button(tongue.gettext("All: {name}").format(name=name), data=self._links.all_of(biggest))
        change = Button("🕗 " + tongue.gettext("Change time"), data=self._links.change_time)
        beside = max(len(everything.label), len(change.label)) <= LONGEST_LABEL_OF_TWO
        return (*rows, (everything, change)) if beside else (*rows, (everything,), (change,))

    def _word_story(self, article: Article, language: str) -> _Worded:
        tongue = self._tongues[language]
        others = [_source(name) for name in article.sources if name != article.source][:MOST_SOURCES]
        also = html.EMPTY
        if others:
            phrase = html.fill(tongue.gettext("also: {sources}"), sources=html.isolated(", ".join(others)))
            also = html.italic(html.joined(" · ", (html.isolated(_source(article.source)), phrase)))
        summary = whole_sentences(html.one_line(article.summary), LONGEST_SUMMARY)
        folded = html.folded_quote(html.isolated(summary))
        lines = html.joined("\n", (linked_title(article, LONGEST_TITLE), also))
        return _Worded(lines, folded, html.visible_length(folded), self._links.story(article.id))

    def _word_rates(self, quotes: tuple[Quote, ...], credits: tuple[str, ...], language: str) -> Html:
        tongue = self._tongues[language]
        rates = [rate for quote in quotes if (rate := dollar_rate(quote))][:MOST_RATES]
        if not rates:
            return html.EMPTY
        heading = html.bold(html.text("💱 " + tongue.gettext("Exchange rates")))
        lines = (html.code(rate_line(rate, rates, tongue)) for rate in rates)
        return html.joined("\n", (heading, *lines, credit_lines(credits)))

    def _word_heading(self, day: dt.date, language: str) -> Html:
        words = self._tongues[language].weekday_and_day(day)
        return html.joined(" ", (html.text("☀️"), html.bold(html.text(words))))

    def _word_group(self, tag: Tag, language: str) -> Html:
        return html.text(f"{self._catalogue.flag(tag)} {self._catalogue.name(tag, language)}")


def _fitting(
    ranked: Iterable[Article],
    groups: Mapping[Tag, Sequence[Article]],
    worded: Mapping[str, _Worded],
    room: int,
) -> frozenset[str]:
    """The stories whose summaries are shown: the first of each group, the best ones as long as there is room."""
    firsts = {group[0].id for group in groups.values()}
    shown = set()
    for article in ranked:
        length = worded[article.id].summary_length + 1 if article.id in firsts else 0
        if 1 < length <= room:
            shown.add(article.id)
            room -= length
    return frozenset(shown)


def _origin(stories: Iterable[Article], tongue: Tongue) -> Html:
    names = [name for name in dict.fromkeys(_source(article.source) for article in stories) if name]
    if not names:
        return html.EMPTY
    listed = html.isolated(tongue.listing(names))
    return html.italic(html.fill(tongue.gettext("From {sources}"), sources=listed))


def _source(name: str) -> str:
    return html.shortened(html.one_line(name), LONGEST_SOURCE)


def _quiet_day(heading: Html, rates: Html, follows: bool, tongue: Tongue, subscribe: str) -> Message:
    _ = tongue.gettext
    if follows:
        line = _("No news from what you follow. Have a calm day!")
    else:
        line = _("You follow nothing yet. Choose your countries and topics, and news will be here.")
    body = html.joined("\n\n", (heading, html.text(line), rates))
    return Message(body, ((Button("➕ " + _("Add or change"), data=subscribe),),))
