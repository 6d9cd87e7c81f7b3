"""The words by which stories are recognised, as one automaton that finds them all in one pass.

They are in ``vocabulary.toml`` (what decides) and ``gazetteer.toml`` (what is where). There a word stands as it is
written in a text. A trailing ``*`` lets endings follow (Slavic cases, Turkic suffixes). A capital letter must be a
capital in the text too, so that "Oral" is a town and "oral" is not, and a word in capitals only (US, SCO) must be in
capitals; small letters match any case.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import chain
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

_GAPS = re.compile(r"[^\w+\n]+|_+")
_POSSESSIVE = re.compile(r"['’]s\b")
_SPELLING = (
    *((apostrophe, "") for apostrophe in "’'‘ʻʼ`"),
    *(("İ", "I"), ("ё", "е"), ("Ё", "Е")),
)  # ten searches for a letter are quicker than one table for all of them


class Term(NamedTuple):
    """What a word says: ``code`` is a country, a topic, ``region``, or empty for what must not count as either.

    ``capitals`` are the places in it that must have a capital in the text too.
    """

    code: str
    kind: str
    written: str
    open_ended: bool
    shouted: bool
    doubtful: bool
    capitals: tuple[int, ...]


class Found(NamedTuple):
    """A term at its place in the normalized text, and in which of its lines."""

    start: int
    end: int
    sentence: int
    term: Term


class Vocabulary:
    """All terms, ready to be looked for."""

    def __init__(self, terms: Mapping[str, list[Term]], sections: Mapping[str, str]) -> None:
        self._terms: list[list[Term]] = [[], *terms.values()]  # the first pattern is the end of a line
        self._patterns = ["\n", *terms]
        self._shorter = _prefixes(self._patterns)
        self._automaton = AhoCorasick(self._patterns, matchkind=MatchKind.LeftmostLongest)
        self._sections = sections
        self._within = self._topics_within()

    def find(self, text: str) -> Iterator[Found]:
        """Every term of a text that :func:`normalized` returned, from left to right, the longest at each place."""
        sentence = 0
        for index, start, _ in self._automaton.find_matches_as_indexes(text.lower()):
            if index == 0:
                sentence += 1
                continue
            found = self._meant(text, index, start, sentence)
            for shorter in () if found else self._shorter.get(index, ()):
                if found := self._meant(text, shorter, start, sentence):
                    break
            yield from found
            if found and index in self._within and found[0].term.code:
                yield from (
                    Found(start + at, start + end, sentence, term) for at, end, term in self._within[index]
                )

    def _topics_within(self) -> dict[int, list[tuple[int, int, Term]]]:
        """What the words say of which a longer name is made ("Tashkent Metro"): where that is found, they are not."""
        topics = {pattern: terms for pattern, terms in self._meanings() if any(map(_is_topic, terms))}
        automaton = AhoCorasick(list(topics), matchkind=MatchKind.LeftmostLongest)
        said = [[term for term in terms if _is_topic(term)] for terms in topics.values()]
        within: dict[int, list[tuple[int, int, Term]]] = {}
        for index, pattern in enumerate(self._patterns):
            if pattern.count(" ") < 2 or not pattern.isascii() or pattern in topics:
                continue
            for number, start, end in automaton.find_matches_as_indexes(pattern):
                closed = end == len(pattern) or pattern[end] == " "
                parts = [(start + 1, end, term) for term in said[number] if closed or term.open_ended]
                within.setdefault(index, []).extend(parts)
        return within

    def _meanings(self) -> Iterator[tuple[str, list[Term]]]:
        return zip(self._patterns[1:], self._terms[1:], strict=True)

    def _meant(self, text: str, index: int, start: int, sentence: int) -> list[Found]:
        """What a pattern says where it was found: nothing if it is but the beginning of another word."""
        end = start + len(self._patterns[index])
        closed = end >= len(text) or text[end] in " \n"
        return [
            Found(start + 1, end, sentence, term)
            for term in self._terms[index]
            if (closed or term.open_ended)
            and (not term.capitals or all(text[start + 1 + at].isupper() for at in term.capitals))
        ]

    def section(self, category: str) -> str | None:
        """The topic that a section of a newspaper is about."""
        return self._sections.get(category.casefold().strip())


def normalized(text: str) -> str:
    """Words with a space before each, a line per line; apostrophes and possessives go, capitals stay."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    spelled = _POSSESSIVE.sub("", composed)
    for letter, plain in _SPELLING:
        spelled = spelled.replace(letter, plain)
    words = _GAPS.sub(" ", spelled)
    return "\n".join([f" {line.strip()}" for line in words.split("\n")])


def load_vocabulary() -> Vocabulary:
    """The vocabulary that comes with the program."""
    data, gazetteer = (_read(name) for name in ("vocabulary.toml", "gazetteer.toml"))
    doubtful = frozenset(chain.from_iterable(data["doubtful"].values()))
    terms: dict[str, dict[Term, None]] = {}
    for code, kind, written in chain(_entries(data), _entries(gazetteer)):
        pattern = normalized(written.rstrip("*"))
        term = Term(
            code,
            kind,
            pattern[1:],
            written.endswith("*"),
            _is_shouted(written),
            written in doubtful,
            _capitals(pattern[1:], _is_shouted(written)),
        )
        terms.setdefault(pattern.lower(), {})[term] = None
    sections = {name: topic for topic, names in data["sections"].items() for name in names}
    return Vocabulary({pattern: list(meanings) for pattern, meanings in terms.items()}, sections)


def _prefixes(patterns: list[str]) -> dict[int, list[int]]:
    """For each pattern the shorter ones with which it begins, the longest first: "mine" where no "mineral*" stands."""
    numbers = {pattern: index for index, pattern in enumerate(patterns)}
    shorter: dict[int, list[int]] = {}
    for index, pattern in enumerate(patterns):
        known = (numbers.get(pattern[:length]) for length in range(len(pattern) - 1, 2, -1))
        if prefixes := [number for number in known if number is not None]:
            shorter[index] = prefixes
    return shorter


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("bot.tagging").joinpath(name).read_text(encoding="utf-8"))


def _entries(data: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for group in ("countries", "topics"):
        for code, kinds in data.get(group, {}).items():
            for kind, words in kinds.items():
                yield from ((code, kind, word) for word in words)
    for group, code in (("region", "region"), ("masks", "")):
        for kind, words in data.get(group, {}).items():
            yield from ((code, kind, word) for word in words)


def _is_shouted(written: str) -> bool:
    letters = [letter for letter in written if letter.isalpha()]
    return 2 <= len(letters) <= 5 and all(letter.isupper() for letter in letters)


def _is_topic(term: Term) -> bool:
    return term.kind in ("strong", "word") and not term.capitals


def _capitals(written: str, shouted: bool) -> tuple[int, ...]:
    """The places of capitals at the beginnings of words; of a shouted one all."""
    return tuple(
        at
        for at, letter in enumerate(written)
        if letter.isupper() and (shouted or at == 0 or written[at - 1] == " ")
    )
