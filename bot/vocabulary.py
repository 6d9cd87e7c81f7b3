"""The words by which stories are recognised (``tagging.toml``), as one automaton that finds them all in one
pass.

In the file a word stands as it is written in a text. A trailing ``*`` lets endings follow (Slavic cases,
Turkic suffixes). A capital letter must be a capital in the text too, so that "Oral" is a town and "oral" is
not, and a word in capitals only (US, SCO) must be in capitals; small letters match any case.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

_GAPS = re.compile(r"[^\w']+|_+")
_SPELLING = str.maketrans(
    {"İ": "I", "’": "", "'": "", "‘": "", "ʻ": "", "ʼ": "", "`": "", "ё": "е", "Ё": "Е"}
)


class Term(NamedTuple):
    """What a word says: ``code`` is a country, a topic or the region, ``kind`` the line of the file it is on."""

    code: str
    kind: str
    written: str
    open_ended: bool
    shouted: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A term at its place in the normalized text."""

    start: int
    end: int
    term: Term


class Vocabulary:
    """All terms, ready to be looked for."""

    def __init__(self, terms: dict[str, list[Term]]) -> None:
        self._terms = list(terms.values())
        self._automaton = AhoCorasick(list(terms), matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> Iterator[Found]:
        """Every term of a text that :func:`normalized` returned, from left to right, the longest at each place."""
        lower = text.lower()
        for index, start, end in self._automaton.find_matches_as_indexes(lower):
            for term in self._terms[index]:
                if not term.open_ended and end < len(text) and text[end] not in " \n":
                    continue
                if _as_written(text, start + 1, term):
                    yield Found(start + 1, end, term)


def normalized(text: str) -> str:
    """Words with single spaces between them and one in front; apostrophes go, capitals stay."""
    return " " + _GAPS.sub(" ", unicodedata.normalize("NFC", text).translate(_SPELLING)).strip()


def load_vocabulary() -> Vocabulary:
    """The vocabulary that comes with the program."""
    data = tomllib.loads(files("bot").joinpath("tagging.toml").read_text(encoding="utf-8"))
    terms: dict[str, list[Term]] = {}
    for code, kind, written in _entries(data):
        pattern = normalized(written.rstrip("*"))
        term = Term(code, kind, pattern[1:], written.endswith("*"), _is_shouted(written))
        terms.setdefault(pattern.lower(), []).append(term)
    return Vocabulary(terms)


def _entries(data: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for group in ("countries", "topics"):
        for code, kinds in data[group].items():
            for kind, words in kinds.items():
                yield from ((code, kind, word) for word in words)
    for kind, words in data["region"].items():
        yield from (("region", kind, word) for word in words)


def _is_shouted(written: str) -> bool:
    letters = [letter for letter in written if letter.isalpha()]
    return 2 <= len(letters) <= 5 and all(letter.isupper() for letter in letters)


def _as_written(text: str, start: int, term: Term) -> bool:
    """Whether the capitals of the term are capitals in the text."""
    piece = text[start : start + len(term.written)]
    if term.shouted:
        return piece == term.written
    return all(
        found.isupper()
        for wanted, before, found in zip(term.written, " " + term.written, piece, strict=False)
        if wanted.isupper() and before == " "
    )
