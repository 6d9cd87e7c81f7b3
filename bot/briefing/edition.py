"""An edition: the stories of a day and a half, sorted once, from which the best for any reader are found at once.

Whoever writes briefings makes one whenever the stories have changed. A story's merit is its freshness, halved every
twelve hours, and more of it for every further source that tells it; on a logarithmic scale that is a
sum in which the time of reading cancels out, so the order holds all day. How many of a reader's own
subscriptions a story touches is added for each reader. Each tag's stories are the bits of one number, best first: what
a reader follows is found, counted and ranked in a few operations on such numbers, whatever the number of stories.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bot.model import Article, Tag

MOST_SHOWN = 8

HALVED_AFTER_S = 12 * 3600
PER_SOURCE = 0.5
"""A second source is worth half of the story, that is seven hours of freshness."""

PER_TOUCH = 0.5
_MOST_TOUCHES = 4
_STRIDE = 64


@dataclass(frozen=True, slots=True)
class Choice:
    """The stories of a briefing, best first, of ``total`` that came out after ``since``."""

    stories: tuple[Article, ...]
    total: int
    since: dt.datetime


class Edition:
    """Stories to choose from. Two that have the same id are one."""

    def __init__(self, articles: Iterable[Article]) -> None:
        unique = {article.id: article for article in articles}.values()
        rated = sorted(((_merit(each), each.id, each) for each in unique), reverse=True)
        self._articles = tuple(article for _, _, article in rated)
        self._merits = tuple(merit for merit, _, _ in rated)
        self._about: dict[Tag, int] = {}
        for number, article in enumerate(self._articles):
            for tag in article.tags:
                self._about[tag] = self._about.get(tag, 0) | 1 << number
        by_time = sorted((article.published, number) for number, article in enumerate(self._articles))
        self._times = [published for published, _ in by_time]
        self._in_time = [number for _, number in by_time]
        self._up_to = list(_running_masks(self._in_time))

    def choose(
        self, follows: Collection[Tag], since: dt.datetime, until: dt.datetime, limit: int = MOST_SHOWN
    ) -> Choice:
        """The best ``limit`` stories about ``follows`` that came out after ``since`` and not after ``until``."""
        in_time = self._published_until(until) & ~self._published_until(since)
        touching = [0] * (_MOST_TOUCHES + 1)  # at n: the stories that touch more than n of what is followed
        for tag in follows:
            about = self._about.get(tag, 0) & in_time
            for count in range(_MOST_TOUCHES - 1, 0, -1):
                touching[count] |= touching[count - 1] & about
            touching[0] |= about
        ranked = sorted(
            (self._merits[number] + math.log2(1 + PER_TOUCH * count), -number)
            for count in range(_MOST_TOUCHES)
            for number in _lowest_bits(touching[count] & ~touching[count + 1], limit)
        )
        best = tuple(self._articles[-number] for _, number in ranked[: -limit - 1 : -1])
        return Choice(best, touching[0].bit_count(), since)

    def _published_until(self, moment: dt.datetime) -> int:
        count = bisect_right(self._times, moment)
        strides, rest = divmod(count, _STRIDE)
        mask = self._up_to[strides]
        for number in self._in_time[count - rest : count]:
            mask |= 1 << number
        return mask


def _merit(article: Article) -> float:
    others = len(set(article.sources) - {article.source})
    return article.published.timestamp() / HALVED_AFTER_S + math.log2(1 + PER_SOURCE * others)


def _running_masks(numbers: list[int]) -> Iterator[int]:
    """The bits of the first 0, 64, 128… numbers together."""
    mask = 0
    for at, number in enumerate(numbers):
        if at % _STRIDE == 0:
            yield mask
        mask |= 1 << number
    yield mask


def _lowest_bits(mask: int, limit: int) -> Iterator[int]:
    while mask and limit:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
        limit -= 1
