"""Which countries and topics a story is about, by the words in its title, text and categories.

``vocabulary`` finds every name in one pass of an automaton; ``reading`` keeps where each stood; ``countries`` and
``topics`` decide what it is worth there. What is only mentioned stays below the line. Pure and fast (thousands of
stories a second); the worker calls it per entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.model import Tag
from bot.tagging.countries import countries_of
from bot.tagging.reading import read_story
from bot.tagging.topics import topics_of
from bot.tagging.vocabulary import Vocabulary, load_vocabulary


@dataclass(frozen=True, slots=True)
class Tags:
    """The answer, the main one first; both may be empty."""

    countries: tuple[Tag, ...]
    topics: tuple[Tag, ...]


class Tagger:
    """Tags stories by a catalogue and a vocabulary."""

    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary | None = None) -> None:
        self._catalogue = catalogue
        self._vocabulary = vocabulary or load_vocabulary()

    def tag(self, title: str, text: str, categories: Sequence[str] = ()) -> Tags:
        """The countries and topics of a story."""
        story = read_story(title, text, self._vocabulary)
        sections = [self._catalogue.find_tag(category) for category in categories]
        hinted = [tag for tag in sections if tag and self._catalogue.is_country(tag)]
        topics = [topic for category in categories if (topic := self._vocabulary.section(category))]
        countries = countries_of(story, hinted, self._catalogue.region)
        return Tags(
            countries=tuple(map(Tag, countries)),
            topics=tuple(map(Tag, topics_of(story, topics, len(countries)))),
        )
