"""The briefing: one message with what matters from what a chat follows, and the rates it watches.

``choose`` picks and ranks, ``digest`` words. Both are pure: the callers bring the stories (the sender from the
log, ``/briefing`` from the lists), the quotes, and what the buttons mean.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.briefing import html
from bot.briefing.cards import linked_title
from bot.briefing.html import Html
from bot.briefing.rates_table import dollar_rate, rate_line
from bot.catalogue import Catalogue
from bot.language import Tongue
from bot.model import Article, Button, Message, Quote, Tag

WINDOW = dt.timedelta(hours=36)
"""Older stories are no news at breakfast, however long the chat got no briefing."""

MOST_SHOWN = 8
MOST_RATES = 5
NUMBERS_PER_ROW = 4
LONGEST_TITLE = 140


@dataclass(frozen=True, slots=True)
class Choice:
    """The stories of a briefing, best first, of ``total`` that there were."""

    stories: tuple[Article, ...]
    total: int


@dataclass(frozen=True, slots=True)
class DigestLinks:
    """What the buttons under a briefing mean, as button data."""

    story: Callable[[str], str]
    all_of: Callable[[Tag], str]
    change_time: str
    subscribe: str


def choose(
    articles: Iterable[Article], follows: Collection[Tag], since: dt.datetime, now: dt.datetime
) -> Choice:
    """Pick the stories that match ``follows`` and came out after ``since`` (at most 36 hours ago).

    Ranked by how many of the chat's own subscriptions a story touches, then by freshness.
    """
    start = max(since, now - WINDOW)
    followed = frozenset(follows)
    matching = {
        article.id: article
        for article in articles
        if article.published > start and followed.intersection(article.tags)
    }

    def rank(article: Article) -> tuple[int, dt.datetime, str]:
        return len(followed.intersection(article.tags)), article.published, article.id

    best = sorted(matching.values(), key=rank, reverse=True)
    return Choice(tuple(best[:MOST_SHOWN]), len(best))


def digest(
    choice: Choice,
    quotes: Sequence[Quote],
    follows: Collection[Tag],
    tongue: Tongue,
    catalogue: Catalogue,
    now: dt.datetime,
    links: DigestLinks,
) -> Message:
    """Word the briefing of the day of ``now`` (the reader's local time)."""
    groups = _grouped(choice.stories, follows, catalogue)
    stories = [article for group in groups.values() for article in group]
    if not stories:
        return _quiet_day(quotes, follows, tongue, catalogue, now, links)
    rates = _rates(quotes, tongue)

    def assemble(shown: Sequence[Html], _: int) -> Html:
        more = _remainder(tongue, choice.total - len(shown))
        sections = _sections(groups, shown, tongue, catalogue)
        return html.joined("\n\n", (_heading(tongue, now), *sections, more, rates))

    lines = [_line(number, article, tongue) for number, article in enumerate(stories, 1)]
    return Message(html.fitting(lines, assemble), _buttons(stories, groups, tongue, catalogue, links))


def _grouped(
    stories: Iterable[Article], follows: Collection[Tag], catalogue: Catalogue
) -> Mapping[Tag, Sequence[Article]]:
    """Put each story under the first of its tags that is followed, groups in the catalogue's order."""
    groups: dict[Tag, list[Article]] = {tag: [] for tag in catalogue.tags}
    for article in stories:
        home = next((tag for tag in article.tags if tag in follows and tag in groups), None)
        if home is not None:
            groups[home].append(article)
    return {tag: group for tag, group in groups.items() if group}


def _sections(
    groups: Mapping[Tag, Sequence[Article]], lines: Sequence[Html], tongue: Tongue, catalogue: Catalogue
) -> list[Html]:
    """Set the lines below the names of their groups; ``lines`` may end before the last group does."""
    sections, left = [], list(lines)
    for tag, group in groups.items():
        own, left = left[: len(group)], left[len(group) :]
        name = html.bold(html.text(f"{catalogue.flag(tag)} {catalogue.name(tag, tongue.code)}"))
        if own:
            sections.append(html.joined("\n", (name, *own)))
    return sections


def _heading(tongue: Tongue, now: dt.datetime) -> Html:
    return html.joined(" ", (html.text("☀️"), html.bold(html.text(tongue.weekday_and_day(now.date())))))


def _line(number: int, article: Article, tongue: Tongue) -> Html:
    source = html.italic(html.isolated(html.shortened(html.one_line(article.source), 40)))
    title = linked_title(article, LONGEST_TITLE)
    return html.joined(" ", (html.text(f"{tongue.number(number)}."), title, html.text("·"), source))


def _remainder(tongue: Tongue, hidden: int) -> Html:
    if hidden <= 0:
        return html.EMPTY
    more = tongue.ngettext("…and {count} more", "…and {count} more", hidden)
    return html.fill(more, count=html.text(tongue.number(hidden)))


def _rates(quotes: Sequence[Quote], tongue: Tongue) -> Html:
    rates = [rate for quote in quotes if (rate := dollar_rate(quote))][:MOST_RATES]
    return html.joined("\n", (html.code(rate_line(rate, rates, tongue)) for rate in rates))


def _quiet_day(
    quotes: Sequence[Quote],
    follows: Collection[Tag],
    tongue: Tongue,
    catalogue: Catalogue,
    now: dt.datetime,
    links: DigestLinks,
) -> Message:
    _ = tongue.gettext
    if follows:
        line = _("No news from what you follow. Have a calm day!")
    else:
        line = _("You follow nothing yet. Choose your countries and topics, and news will be here.")
    body = html.joined("\n\n", (_heading(tongue, now), html.text(line), _rates(quotes, tongue)))
    choose_more = Button("➕ " + _("Add or change"), data=links.subscribe)
    return Message(body, ((choose_more,),))


def _buttons(
    stories: Sequence[Article],
    groups: Mapping[Tag, Sequence[Article]],
    tongue: Tongue,
    catalogue: Catalogue,
    links: DigestLinks,
) -> tuple[tuple[Button, ...], ...]:
    numbers = [
        Button(tongue.number(number), data=links.story(article.id))
        for number, article in enumerate(stories, 1)
    ]
    rows = [tuple(numbers[at : at + NUMBERS_PER_ROW]) for at in range(0, len(numbers), NUMBERS_PER_ROW)]
    biggest = max(groups, key=lambda tag: len(groups[tag]))
    name = f"{catalogue.flag(biggest)} {catalogue.name(biggest, tongue.code)}"
    everything = Button(tongue.gettext("All: {name}").format(name=name), data=links.all_of(biggest))
    change = Button("🕗 " + tongue.gettext("Change time"), data=links.change_time)
    return (*rows, (everything, change))
