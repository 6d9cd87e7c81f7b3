"""Which countries and topics a story is about, by the words in its title, text and categories.

One pass of an automaton finds every name (``vocabulary``); where and how it stands decides what it is worth.
What is only mentioned stays below the line. Pure and fast (thousands of stories a second); the worker calls
it per entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.datelines import split_dateline
from bot.model import Tag
from bot.vocabulary import Vocabulary, load_vocabulary, normalized

_MOST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class Tags:
    """The answer, the main one first."""

    countries: tuple[Tag, ...]
    topics: tuple[Tag, ...]


class Tagger:
    """Tags stories by a catalogue and a vocabulary."""

    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary | None = None) -> None:
        self._catalogue = catalogue
        self._vocabulary = vocabulary or load_vocabulary()

    def tag(self, title: str, text: str, categories: Sequence[str] = ()) -> Tags:
        """The countries and topics of a story; both may be empty."""
        countries: dict[str, float] = defaultdict(float)
        topics: dict[str, float] = defaultdict(float)
        for weight, part in self._parts(title, text):
            for found in self._vocabulary.find(normalized(part)):
                code = found.term.code
                if code == "region":
                    for country in self._catalogue.region:
                        countries[country] += weight / 2
                elif self._catalogue.is_country(code):
                    countries[code] += weight
                else:
                    topics[code] += weight
        for category in categories:
            for tag in self._catalogue.read(category).found:
                (countries if self._catalogue.is_country(tag) else topics)[tag] += 1.0
        return Tags(_above(countries, 0.4, 6), _above(topics, 0.4, _MOST_TOPICS))

    @staticmethod
    def _parts(title: str, text: str) -> list[tuple[float, str]]:
        lead, _, rest = split_dateline(text)[1][:6000].partition(". ")
        return [(3.0, title), (2.0, lead), (1.0, rest)]


def _above(scores: dict[str, float], share: float, most: int) -> tuple[Tag, ...]:
    """The codes with at least that share of the best one's score, best first."""
    best = max(scores.values(), default=0.0)
    ranked = sorted(scores, key=lambda code: -scores[code])
    return tuple(Tag(code) for code in ranked[:most] if scores[code] >= share * best)
