"""Do two tellings tell the same event at the same stage? Pure; the worker asks for each candidate.

Three ways to be the same: a new version of the same page; a copy, whole or cut, of the same text; or another text
about the same people, places and numbers on the same days. Word overlap alone decides nothing: a template with
other names and numbers in it is another event.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rapidfuzz import fuzz

from bot.duplicates.latin import sound_of
from bot.duplicates.numbers import is_same_number
from bot.duplicates.plain_words import FAMILIAR_NAMES, stem
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
_SAME_EVENT_RETOLD, _RETOLD_SHARE = (
    4.0,
    0.2,
)  # a text that has hardly a phrase of the other one is no template
_PER_DAY, _DAY = 0.3, timedelta(days=1)
_NAME, _FAMILIAR = 2.0, 1.0
_OTHER_TOPIC = 1.0
_OTHER_COUNTRY = 4.0  # each side of a border tells it as its own: names and numbers must make up for that
_EVERYWHERE = 0.3
_MARKS, _MARKS_TRANSLATED = 2, 3  # names and numbers in common; a translation has no words to add
_WORDS_ALIKE, _ALIKE = 0.3, 0.5  # who choose so many words alike need not name so much
_WORDS_RETOLD = 0.15  # two reporters choose at least one word in seven alike
_FAMILIAR_NAMES = frozenset(map(stem, FAMILIAR_NAMES))
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
    needed = _SAME_EVENT if shared >= _RETOLD_SHARE else _SAME_EVENT_RETOLD + _PER_DAY * (apart / _DAY)
    return apart <= _RETOLD and _is_same_event(one, other, needed)


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


def _is_same_event(one: Telling, other: Telling, needed: float) -> bool:
    if one.days and other.days and not one.days & other.days:
        return False
    translated = one.is_cyrillic != other.is_cyrillic
    ours, theirs = one.marks_besides(other), other.marks_besides(one)
    if translated:
        theirs = _spelled_alike(ours, theirs)
    shared = len(ours.words & theirs.words)
    shortest = max(1, min(len(ours.words), len(theirs.words)))
    if not translated and shared < _WORDS_RETOLD * shortest:
        return False
    weights = _weights_of_numbers(ours, theirs)
    named = _weight_of_names(ours, theirs)
    conflicts = _conflicts(ours, theirs)
    marks = named / _NAME + sum(weight > _EVERYWHERE for weight in weights)
    if shared > _WORDS_ALIKE * shortest:
        marks += _ALIKE
    if conflicts > marks or marks < (_MARKS_TRANSLATED if translated else _MARKS):
        return False
    scale = min(1.0, _USUAL_WORDS / shortest)
    evidence = named + sum(weights) + scale * (0.5 * shared - conflicts)
    return evidence - _estranged(one, other) >= needed


def _estranged(one: Telling, other: Telling) -> float:
    """What must be made up for where the tags of the two have nothing in common."""
    doubt = 0.0
    if one.topics and other.topics and not set(one.topics) & set(other.topics):
        doubt += _OTHER_TOPIC
    if one.countries and other.countries and not set(one.countries) & set(other.countries):
        doubt += _OTHER_COUNTRY
    return doubt


def _weight_of_names(ours: Marks, theirs: Marks) -> float:
    names = (ours.names & (theirs.names | theirs.words)) | (theirs.names & ours.words)
    return sum(_FAMILIAR if name in _FAMILIAR_NAMES else _NAME for name in names)


def _weights_of_numbers(ours: Marks, theirs: Marks) -> list[float]:
    return [
        _weight(number)
        for number in ours.numbers
        if any(is_same_number(number, known) for known in theirs.numbers)
    ]


def _spelled_alike(ours: Marks, theirs: Marks) -> Marks:
    """Their marks, with each name that sounds like one of ours in our spelling: a translation spells by ear."""
    known = {sound_of(name): name for name in ours.names}
    return replace(theirs, names=frozenset(known.get(sound_of(name), name) for name in theirs.names))


def _weight(number: float) -> float:
    """How much it says that two texts have this number: every story has a "two"."""
    if number <= 3:
        return _EVERYWHERE
    return 0.8 if number <= 10 else 2.0


def _alone(ours: frozenset[float], theirs: frozenset[float]) -> list[float]:
    return [n for n in ours if n > 3 and not any(is_same_number(n, m) for m in theirs)]
