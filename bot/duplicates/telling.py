"""How one source tells a story, and what in it says which event it is: names, numbers, words. Pure.

A :class:`Telling` is what is remembered of a story for a week; :class:`Marks` are found in it when two are compared,
so that what is remembered does not change when the finding does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from bot.duplicates.days import days_named
from bot.duplicates.latin import in_latin
from bot.duplicates.numbers import numbers_of
from bot.duplicates.plain_words import COMMON, KNOWN_NAMES, stem
from bot.model import Tag

LONGEST_TEXT = 1500
"""Characters that count: what happened has been said by then, and what follows is background."""

LEAD = 600
"""Characters within which a story says what happened; further down it shares names and figures with many."""

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d[\d.,]*", re.UNICODE)
RUN = 3
"""Words in a row that two texts rarely share by chance."""

_PHRASE = 6
"""So many words in a row were copied; fewer are a name, or how everybody puts it."""

_COMMON = frozenset(map(stem, COMMON)) | COMMON
_KNOWN = frozenset(map(stem, KNOWN_NAMES))
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”»’)\]]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells one event from another: who and where, how many, and the words that say what it is about."""

    names: frozenset[str]
    numbers: frozenset[float]
    words: frozenset[str]


@dataclass(frozen=True)
class Telling:
    """A story as one source has it. ``page`` is its canonical address (empty if unknown)."""

    title: str
    text: str
    page: str
    published: datetime
    countries: tuple[Tag, ...] = ()
    topics: tuple[Tag, ...] = ()
    source: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Stems of all words of the text in their order, names and figures among them."""
        return tuple(_stems(self._body))

    @cached_property
    def title_words(self) -> tuple[str, ...]:
        """Stems of the words of the title."""
        return tuple(_stems(_spelled(self.title)))

    @cached_property
    def marks(self) -> Marks:
        """What in title and text says which event it is."""
        return marks_of(_spelled(self.title), self._body)

    @cached_property
    def marks_in_lead(self) -> Marks:
        """Those of title and lead, where a story says what happened."""
        return marks_of(_spelled(self.title), self._body[:LEAD])

    @cached_property
    def days(self) -> frozenset[date]:
        """The days, up to that of publication, on which the text says that something happened."""
        return days_named(self._body, self.published.date())

    @cached_property
    def is_cyrillic(self) -> bool:
        """Whether most of the text is in Cyrillic letters."""
        letters = sum(letter.isalpha() for letter in self._body)
        return sum("\u0400" <= letter <= "\u04ff" for letter in self._body) * 2 > letters

    def marks_besides(self, other: Telling) -> Marks:
        """The same, less what both tell word for word: the opening of a series, the background of every report."""
        shared = runs(self.words) & runs(other.words)
        return marks_of(_spelled(self.title), _without_runs(self._body[:LEAD], shared))

    @cached_property
    def _body(self) -> str:
        return _spelled(self.text[:LONGEST_TEXT])


def runs(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Every run of neighboring words."""
    return frozenset(zip(*(words[at:] for at in range(RUN)), strict=False))


def marks_of(title: str, body: str) -> Marks:
    """Find the marks."""
    words = frozenset(_stems(f"{title}\n{body}"))
    return Marks(
        names=_names(body),
        numbers=numbers_of(f"{title}\n{body}"),
        words=frozenset(word for word in words - _COMMON if len(word) > 2 and not word[0].isdigit()),
    )


def _names(body: str) -> frozenset[str]:
    """Words with a capital that no beginning of a sentence demands, in Latin letters, each part of a double one."""
    found: set[str] = set()
    for sentence in _SENTENCE.split(body):
        words = [match[0] for match in _WORD.finditer(sentence)]
        for at, word in enumerate(words):
            inner = at > 0 or (len(words) > 1 and words[1][0].isupper())
            if inner and word[0].isupper():
                found.update(in_latin(part.casefold()) for part in re.split(r"[-']", word) if len(part) > 2)
    return frozenset(stem(name) for name in found) - _COMMON - _KNOWN


def _without_runs(body: str, shared: frozenset[tuple[str, ...]]) -> str:
    """The text without the words of the shared runs."""
    places = [match.span() for match in _WORD.finditer(body)]
    words = [stem(body[start:end].casefold()) for start, end in places]
    told = _stretches({at + step for at, run in enumerate(zip(*(words[n:] for n in range(RUN)), strict=False))
                       if run in shared for step in range(RUN)})  # fmt: skip
    rest, end = [], 0
    for at, (start, stop) in enumerate(places):
        rest.append(body[end : stop if at not in told else start])
        end = stop
    return "".join([*rest, body[end:]])


def _stretches(places: set[int]) -> set[int]:
    """Those of the places that belong to a long row of neighbors: a name with its title is no background."""
    long: set[int] = set()
    for first in (place for place in places if place - 1 not in places):
        last = first
        while last + 1 in places:
            last += 1
        if last - first + 1 >= _PHRASE:
            long.update(range(first, last + 1))
    return long


def _stems(text: str) -> Iterator[str]:
    return (stem(word.casefold()) for word in _WORD.findall(text))


def _spelled(text: str) -> str:
    """One spelling of quotation marks and dashes."""
    return unicodedata.normalize("NFKC", text).translate(_MARKS)


_MARKS = str.maketrans(
    {"‘": "'", "’": "'", "ʻ": "'", "–": "-", "—": "-", "“": '"', "”": '"', "«": '"', "»": '"'}
)
