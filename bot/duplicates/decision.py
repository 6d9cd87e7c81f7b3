"""Do two tellings tell the same event at the same stage? Pure; the worker asks for each candidate.

Three ways to be the same: a new version of the same page; a copy, whole or cut, of the same text; or another text
about the same people, places and numbers on the same days. Word overlap alone decides nothing: a template with
other names and numbers in it is another event.
"""

from __future__ import annotations

from datetime import timedelta

from rapidfuzz import fuzz

from bot.duplicates.numbers import is_same_number
from bot.duplicates.telling import Marks, Telling, runs

WINDOW = timedelta(days=7)
"""Further apart, two stories are two stories."""

_NEW_VERSION = timedelta(days=2)
_RETOLD = timedelta(days=2.5)
_ANOTHER_ISSUE = timedelta(hours=12)
_SHORT = 15  # words
_SAME_TITLE = 85  # of 100
_COPIED, _COPIED_PER_CONFLICT = 0.6, 0.15
_SAME_EVENT = 5.0
_OTHER_TOPIC = 1.5
_OTHER_COUNTRY = 4.0  # each side of a border tells it as its own: names and numbers must make up for that
_EVERYWHERE = 0.3
_MARKS, _MARKS_TRANSLATED = 2, 3  # names and numbers in common; a translation has no words to add
_WORDS_RETOLD = 0.2  # two reporters choose at least one word in five alike
_USUAL_WORDS = 30  # words that say something, in a brief; longer texts share more of them by chance


def is_same_story(one: Telling, other: Telling) -> bool:
    """Whether the two should be one story with two sources."""
    apart = abs(one.published - other.published)
    if apart > WINDOW:
        return False
    shared = _share_copied(one, other)
    conflicts = _conflicts(one.marks, other.marks)
    if one.page and one.page == other.page and apart <= _NEW_VERSION:
        return not _is_another_issue(one, other, apart, shared, conflicts)
    if _are_numbered(one, other) or (_is_short(one, other) and not _have_same_title(one, other)):
        return False
    if shared >= _COPIED + _COPIED_PER_CONFLICT * conflicts:
        return True
    return apart <= _RETOLD and _is_same_event(one, other)


def _are_numbered(one: Telling, other: Telling) -> bool:
    """Titles that differ in a number only: "Inflation at 7.9%" and "at 7.6%", parts 1 and 2, day after day."""
    ours, theirs = one.title_words, other.title_words
    return ours != theirs and [w for w in ours if not _is_figure(w)] == [
        w for w in theirs if not _is_figure(w)
    ]


def _is_figure(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _is_short(one: Telling, other: Telling) -> bool:
    """A text of a few words is one that many stories share: "Read more on our site"."""
    return min(len(one.words), len(other.words)) < _SHORT


def _have_same_title(one: Telling, other: Telling) -> bool:
    return fuzz.token_set_ratio(" ".join(one.title_words), " ".join(other.title_words)) >= _SAME_TITLE


def _share_copied(one: Telling, other: Telling) -> float:
    """How much of the shorter text stands in the longer one word for word."""
    ours, theirs = runs(one.words), runs(other.words)
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _is_another_issue(
    one: Telling, other: Telling, apart: timedelta, shared: float, conflicts: float
) -> bool:
    """A daily table or weekly column keeps its title and address; a new version keeps its text."""
    return _have_same_title(one, other) and apart >= _ANOTHER_ISSUE and shared < _COPIED and conflicts >= 1


def _conflicts(one: Marks, other: Marks) -> float:
    """Names and numbers that stand where the other one has others."""
    numbers = min(len(_alone(one.numbers, other.numbers)), len(_alone(other.numbers, one.numbers)))
    names = min(len(one.names - other.names), len(other.names - one.names))
    return numbers + 0.7 * names


def _is_same_event(one: Telling, other: Telling) -> bool:
    if one.days and other.days and not one.days & other.days:
        return False
    ours, theirs = one.marks_besides(other), other.marks_besides(one)
    names = (ours.names & (theirs.names | theirs.words)) | (theirs.names & ours.words)
    weights = [
        _weight(number)
        for number in ours.numbers
        if any(is_same_number(number, known) for known in theirs.numbers)
    ]
    marks = len(names) + sum(weight > _EVERYWHERE for weight in weights)
    conflicts = _conflicts(ours, theirs)
    if conflicts > marks or marks < (_MARKS_TRANSLATED if one.is_cyrillic != other.is_cyrillic else _MARKS):
        return False
    shortest = max(1, min(len(ours.words), len(theirs.words)))
    shared = len(ours.words & theirs.words)
    if one.is_cyrillic == other.is_cyrillic and shared < _WORDS_RETOLD * shortest:
        return False
    scale = min(1.0, _USUAL_WORDS / shortest)
    evidence = 2.0 * len(names) + sum(weights) + scale * (0.5 * shared - conflicts)
    if one.topics and other.topics and not set(one.topics) & set(other.topics):
        evidence -= _OTHER_TOPIC
    if one.countries and other.countries and not set(one.countries) & set(other.countries):
        evidence -= _OTHER_COUNTRY
    return evidence >= _SAME_EVENT


def _weight(number: float) -> float:
    """How much it says that two texts have this number: every story has a "two"."""
    if number <= 3:
        return _EVERYWHERE
    return 0.8 if number <= 10 else 2.0


def _alone(ours: frozenset[float], theirs: frozenset[float]) -> list[float]:
    return [n for n in ours if n > 3 and not any(is_same_number(n, m) for m in theirs)]
