"""A source of invented stories and rates, so that the demo has news without a network.

All of it says "sample". ``SampleNews`` and ``SampleRates`` are pure functions of the time; ``serve`` puts them on
the web beside the chat page: ``/sample/feed.xml`` (RSS 2.0, conditional GET), ``/sample/bank.csv``,
``/sample/ticker``, ``/sample/stories/<n>``.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from importlib import resources

from aiohttp import web

from bot.demo.page_view import LinkCard
from bot.demo.sample_rates import SampleRates

AT_FIRST = 18
"""How many stories are out already when the demo starts."""
IN_FEED = 24
FIRST_AFTER = timedelta(seconds=20)
"""The first new story comes sooner than the interval says: who tries the bot should not wait long for a push."""
BETWEEN_OLD = timedelta(minutes=47)
PAPER = "The Sample Post"
FLAGS = {"KZ": "🇰🇿", "KG": "🇰🇬", "TJ": "🇹🇯", "TM": "🇹🇲", "UZ": "🇺🇿"}


@dataclass(frozen=True, slots=True)
class Story:
    """An invented story, as ``stories.toml`` tells it."""

    title: str
    countries: tuple[str, ...]
    categories: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Published:
    """The ``number``-th story (from 1) as it is out since ``at``."""

    number: int
    story: Story
    at: datetime

    @property
    def title(self) -> str:
        """The title; when the stories start over, the round is part of it."""
        round_number = (self.number - 1) // len(stories()) + 1
        return self.story.title if round_number == 1 else f"{self.story.title} (sample, round {round_number})"


@cache
def stories() -> Sequence[Story]:
    """Every invented story, in the order of publication."""
    read = tomllib.loads(resources.files("bot.demo").joinpath("stories.toml").read_text(encoding="utf-8"))
    return [
        Story(item["title"], tuple(item["countries"]), tuple(item["categories"]), item["text"].strip())
        for item in read["story"]
    ]


@dataclass(frozen=True, slots=True)
class SampleNews:
    """A paper with ``AT_FIRST`` stories at ``started``; one more comes soon, then one every ``interval``."""

    started: datetime
    interval: timedelta
    home: str

    def published(self, now: datetime) -> list[Published]:
        """What is in the feed at ``now``, newest first."""
        since_first = now - self.started - self._first_after
        newest = AT_FIRST + max(0, math.floor(since_first / self.interval) + 1)
        return [self.story(number) for number in range(newest, max(0, newest - IN_FEED), -1)]

    def story(self, number: int) -> Published:
        """The ``number``-th story; when all are told, they start over."""
        every = stories()
        later = number - AT_FIRST
        if later > 0:
            at = self.started + self._first_after + self.interval * (later - 1)
        else:
            at = self.started + BETWEEN_OLD * (later - 1)
        return Published(number, every[(number - 1) % len(every)], at)

    @property
    def _first_after(self) -> timedelta:
        return min(FIRST_AFTER, self.interval)

    def link(self, number: int) -> str:
        """The address of a story's page."""
        return f"{self.home}/sample/stories/{number}"

    def card(self, url: str) -> LinkCard | None:
        """What a link preview shows, if ``url`` is one of the stories."""
        prefix, _, number = url.rpartition("/")
        if prefix != f"{self.home}/sample/stories" or not number.isdigit() or int(number) < 1:
            return None
        published = self.story(int(number))
        emblem = FLAGS.get(published.story.countries[0], "") if published.story.countries else "🏔"
        return LinkCard(published.title, _first_sentence(published.story.text), emblem, PAPER)

    def feed(self, now: datetime) -> str:
        """RSS 2.0 (https://www.rssboard.org/rss-specification)."""
        items = "\n".join(self._item(published) for published in self.published(now))
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
            f"<title>{PAPER} (invented stories)</title>\n<link>{self.home}/sample/</link>\n"
            "<description>Invented stories for trying the bot. None of this happened.</description>\n"
            f"<language>en</language>\n{items}\n</channel></rss>\n"
        )

    def _item(self, published: Published) -> str:
        story = published.story
        categories = "".join(f"<category>{escape(name)}</category>" for name in story.categories)
        return (
            f"<item><title>{escape(published.title)}</title><link>{self.link(published.number)}</link>"
            f'<guid isPermaLink="false">sample-{published.number}</guid>'
            f"<pubDate>{format_datetime(published.at)}</pubDate>{categories}"
            f"<description>{escape(story.text)}</description></item>"
        )


def sources_toml(home: str) -> str:
    """The sources file that makes the bot poll the samples."""
    return (
        "# Invented stories and rates, served by the demo itself.\n"
        f'[[news]]\nname = "{PAPER}"\n'
        f'url = "{home}/sample/feed.xml"\nformat = "feed"\nevery = "10s"\n\n'
        '[[rates]]\nname = "Sample bank"\n'
        f'url = "{home}/sample/bank.csv"\nformat = "ecb"\nevery = "1m"\n\n'
        '[[rates]]\nname = "Sample ticker"\n'
        f'url = "{home}/sample/ticker"\nformat = "ticker"\nevery = "1m"\n'
    )


def serve(news: SampleNews, request: web.BaseRequest, now: datetime) -> web.Response:
    """Handle ``/sample/…``."""
    match request.path.removeprefix("/sample/").split("/"):
        case ["feed.xml"]:
            return _conditional(request, news.feed(now), "application/rss+xml")
        case ["bank.csv"]:
            return _conditional(request, SampleRates().table(now), "text/csv")
        case ["ticker"]:
            return _conditional(request, SampleRates().ticker(now), "text/plain")
        case ["stories", number] if number.isdigit() and int(number) >= 1:
            return web.Response(text=_story_page(news.story(int(number))), content_type="text/html")
    return web.Response(status=404, text="No such sample.\n")


def _conditional(request: web.BaseRequest, text: str, content_type: str) -> web.Response:
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers={"ETag": etag})
    return web.Response(text=text, content_type=content_type, charset="utf-8", headers={"ETag": etag})


def _story_page(published: Published) -> str:
    page = resources.files("bot.demo").joinpath("page", "story.html").read_text(encoding="utf-8")
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in published.story.text.split("\n\n"))
    flags = " ".join(FLAGS.get(code, "") for code in published.story.countries)
    for name, value in {
        "title": escape(published.title),
        "flags": flags,
        "categories": escape(" · ".join(published.story.categories)),
        "date": f"{published.at:%d %B %Y, %H:%M}",
        "text": paragraphs,
    }.items():
        page = page.replace(f"{{{{{name}}}}}", value)
    return page


def _first_sentence(text: str) -> str:
    return text.split(". ")[0].rstrip(".") + "."
