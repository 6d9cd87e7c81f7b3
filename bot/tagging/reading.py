"""A story as the deciders see it: sentences, and every known word at its place in them.

The title is sentence 0, the lead sentence 1. The dateline is left out: it says where the reporter sat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from bot.datelines import split_dateline
from bot.tagging.vocabulary import Found, Vocabulary, normalized

_LONGEST = 6000  # characters of text: what a story is about has been said by then
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»’)\]]*\s+(?=[\"“«„(\[]?[A-ZА-ЯЁӘҒҚҢӨҰҮҺІЎҲҶӢӮÇÖÜŞÄŇÝŽ0-9])|\n+")
_BREAK = "\n"
_LINE_END = re.compile(r"\n")
_LONG_WORD = 16


def words(text: str) -> frozenset[str]:
    """A set of words, written as a line."""
    return frozenset(text.split())


class Placed(Protocol):
    """Anything that stands somewhere in a story."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def sentence(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Story:
    """``text`` is normalized, a line per sentence; ``found`` are its known words, ``starts`` its lines' beginnings."""

    text: str
    starts: tuple[int, ...]
    found: tuple[Found, ...]

    def sentence(self, number: int) -> str:
        """The normalized words of a sentence."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : end]

    def words_before(self, place: Placed, count: int) -> list[str]:
        """Up to ``count`` words of the same sentence before ``place``, lower case, the nearest last."""
        begin = max(self.starts[place.sentence], place.start - _LONG_WORD * count)
        return self.text[begin : place.start].lower().split()[-count:]

    def is_name_before(self, place: Placed) -> bool:
        """Whether the word of the same sentence before ``place`` has a capital."""
        before = self.text[self.starts[place.sentence] : place.start].rstrip().rpartition(" ")[2]
        return before[:1].isupper()

    def words_after(self, place: Placed, count: int) -> list[str]:
        """Up to ``count`` words of the same sentence after ``place``, as written, the nearest first."""
        return self.text[place.end : place.end + _LONG_WORD * count].partition("\n")[0].split()[:count]


def read_story(title: str, text: str, vocabulary: Vocabulary) -> Story:
    """Find everything that the vocabulary knows in a story."""
    body = split_dateline(text.lstrip())[1][:_LONGEST]
    headline = title.replace("\n", " ")
    lines = normalized(f"{headline}\n{_SENTENCE_END.sub(_BREAK, body)}")
    starts = (0, *(match.end() for match in _LINE_END.finditer(lines)))
    return Story(lines, starts, tuple(vocabulary.find(lines)))
