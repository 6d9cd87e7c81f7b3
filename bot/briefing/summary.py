"""What a story says, in 200 to 350 characters of its own whole sentences.

Title and plain text come in, from the worker once for each story; what comes out stands in cards and briefings. A
short text is its own summary: the source wrote it as one. Of a long one those sentences are taken that carry
most together: names, numbers, words of the headline, words the text comes back to. Quotations, scenes and
what was long ago count less, and no summary opens with what only makes sense after something else.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from bot.briefing.summary_sentences import Sentence, ending_with_ellipsis, sentences

SHORTEST = 200
LONGEST = 350
"""Characters. A text that is no longer is an excerpt, and stays as its author wrote it."""

_LONGEST_ALONE = 600
"""Where every sentence is longer than a summary, the shortest one stands, up to this length."""

_CONSIDERED = 9
_MOST_SENTENCES = 4
_OPENS_FROM = 0.6
"""A summary opens with a sentence that carries at least so much of what the best one does."""

_WEAK_OPENING = 0.4
_LEANING_OPENING = 0.6
_UPROOTED = 0.25
_FADING = 0.1
_PADDING = 0.08
"""What every further sentence must bring, as a share of what stands there without it."""

_STEM = 6
_NUMBER, _HEADLINE, _NAMED, _PLAIN = 2.0, 2.0, 1.0, 0.3
"""What a word carries; those that the text comes back to carry a little more."""

_NAME = re.compile(r"(?<=[^.!?:] )[A-ZА-ЯЁ][\w]{2,}")
_EMPTY_WORDS = (
    "the|and|for|that|with|from|has|have|had|was|were|are|not|but|its|their|his|her|they|which|who|will|would|can|"
    "could|may|than|then|when|where|while|into|over|under|about|after|before|since|also|more|most|such|only|other|"
    "what|how|why|there|these|those|this|been|being|said|says|one|two|all|any|each|out|off|you|она|они|его|что|"
    "как|для|при|это|был|была|были|или|также|после|году"
)
_WORD = re.compile(rf"\d+(?:[.,]\d+)*|\b(?!(?:{_EMPTY_WORDS})\b)[^\W\d_]{{3,}}", re.IGNORECASE)
_QUOTATION = re.compile(r"[“«„\"][^“”«»„\"]{25,}(?:[”»“\"]|$)|^[^“«„]*[”»]")
"""Somebody's words, not a name in quotation marks; or a part of them."""

_BARE_QUOTATION = re.compile(r"^[“«„\"][^“”«»„\"]*[”»“\"][.]?$")
"""Words of nobody: who said them stands before or after."""

_LEANING = re.compile(
    r"(?:He|She|It|They|His|Her|Its|Their|Them|This|That|These|Those|Here|There|Then|But|And|Or|So|Yet|Still|However|"
    r"Also|Both|Such|Neither|Another|Others?|Instead|Moreover|Meanwhile|Nevertheless|Similarly|For example|"
    r"In addition|As a result|The (?:latter|former|same|two|three|pair|move|ban|men|women|authors?|others?|rest|"
    r"average|figure|total|gap|sides|parties)|Among the|"
    r"(?:Among|Under|Behind|Beside|Around|Inside|Near|After|Before|With|Without|In|On|At|By|For|From|To|Of|Since) "
    r"(?:it|them|him|her|this|that|these|those)|"
    r"Он|Она|Оно|Они|Это|Этот|Эта|Эти|Его|Её|Их|Но|А|И|Однако|Также|Тогда|Там|При этом|Кроме того|Стороны|Остальны[ех]|"
    r"(?:По|В|На|Об?|До|После|Из|У|С) (?:его|её|их|этом|этого|этой|этих|нём|ней|них|него|неё)|"
    r"Ол|Бұл|Олар|Ал|Оның|Олардың|Бұдан|Осы|Бул|Алар|Анын|Алардын|Ушул|"
    r"Ин|Он|Вай|Онҳо|Аммо|Дар ин|U|Bu|Ular|Uning|Ularning|Buning|Shu|Ammo|Lekin|Ol|Olar|Onuň|Olaryň|Emma)\b"
)
_ASIDE = re.compile(
    r"\b(?:previously|earlier) (?:reported|wrote)|\b(?:as|we) reported (?:earlier|previously)|ранее (?:сообщал|писал)|"
    r"^Об этом (?:сообщ|пиш|говор|заяв|стало)",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"\b(?:will|has|have|is to|are to|plans?|announced|approved|signed|agreed|decided|launched|opened|said on|"
    r"according to|rose|fell|reached|(?:on|last|this|next) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"this (?:week|month|year))\b"
)
_LONG_AGO = re.compile(
    r"\b(?:years|decades|centuries) ago\b|\b1[5-9]\d\d\b|\b(?:лет|веков?) назад\b|\bwas born\b"
)
_QUESTION = re.compile(r"\?[\"'”’»)]*$")
_WEIGHTS = (
    (_QUOTATION, 0.3),
    (_BARE_QUOTATION, 0.1),
    (_ASIDE, 0.3),
    (_LONG_AGO, 0.75),
    (_QUESTION, 0.4),
    (_NEWS, 1.4),
)
"""What makes a sentence count less, and what more."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence with what each of its words carries here, near the top more than below.

    ``strength`` is what it carries for its length, wherever it stands; one that leans needs the sentence before it.
    """

    sentence: Sentence
    carried: Mapping[str, float]
    strength: float
    leaning: bool


def summarise(title: str, text: str) -> str:
    """A few whole sentences of ``text``; its first words and an ellipsis if it has no whole sentence at all."""
    found = sentences(title, text)
    excerpt = " ".join(sentence.text for sentence in found)
    if len(excerpt) <= LONGEST:
        return excerpt or opening_words(text.removeprefix(title))
    words = [frozenset(_words(each.text)) for each in found]
    worth = _worth(title, found, words)
    chosen = _best_choice(
        [
            _candidate(each, its, worth)
            for each, its in zip(found, words, strict=True)
            if len(each.text) <= LONGEST
        ]
    )
    if chosen:
        return " ".join(candidate.sentence.text for candidate in chosen)
    shortest = min((each.text for each in found), key=len)
    return shortest if len(shortest) <= _LONGEST_ALONE else opening_words(shortest)


def opening_words(text: str) -> str:
    """The beginning of what is no sentence, at most :data:`LONGEST` characters; where it is cut, it says so."""
    line = ending_with_ellipsis(" ".join(text.split()))
    if len(line) <= LONGEST:
        return line
    start = line[: LONGEST - 1]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:—–-…") + "…"


def _best_choice(candidates: Sequence[_Candidate]) -> tuple[_Candidate, ...]:
    """The sentences that carry most together, and may stand together without the rest."""
    ranked = sorted(candidates, key=lambda each: sum(each.carried.values()), reverse=True)[:_CONSIDERED]
    strong = _OPENS_FROM * max((each.strength for each in ranked), default=0.0)
    best: tuple[_Candidate, ...] = ()
    most = 0.0
    for choice in _choices(sorted(ranked, key=lambda each: each.sentence.place)):
        value = _together(choice)
        if choice[0].leaning:
            value *= _LEANING_OPENING
        if choice[0].strength < strong:
            value *= _WEAK_OPENING
        if value > most:
            best, most = choice, value
    return best


def _choices(candidates: Sequence[_Candidate]) -> Iterator[tuple[_Candidate, ...]]:
    """Every few of the sentences that fit."""
    for count in range(1, _MOST_SENTENCES + 1):
        for choice in combinations(candidates, count):
            if _length(choice) <= LONGEST:
                yield choice


def _length(choice: Sequence[_Candidate]) -> int:
    return sum(len(each.sentence.text) for each in choice) + len(choice) - 1


def _together(choice: Sequence[_Candidate]) -> float:
    """What the sentences carry together: each word counts once, where it counts most."""
    counted: dict[str, float] = {}
    previous = -2
    for candidate in choice:
        uprooted = candidate.leaning and candidate.sentence.place != previous + 1
        factor = _UPROOTED if uprooted else 1.0
        for word, value in candidate.carried.items():
            if value * factor > counted.get(word, 0.0):
                counted[word] = value * factor
        previous = candidate.sentence.place
    enough = min(1.0, _length(choice) / SHORTEST)
    return sum(counted.values()) * enough * (1 - _PADDING * (len(choice) - 1))


def _candidate(sentence: Sentence, words: Collection[str], worth: Mapping[str, float]) -> _Candidate:
    text = sentence.text
    factor = 1.0
    for pattern, weight in _WEIGHTS:
        if pattern.search(text):
            factor *= weight
    nearness = factor / (1 + _FADING * sentence.place)
    return _Candidate(
        sentence=sentence,
        carried={word: worth[word] * nearness for word in words},
        strength=factor * sum(worth[word] for word in words) / math.sqrt(len(text)),
        leaning=bool(_LEANING.match(text) or _QUESTION.search(text)) or text[0].islower(),
    )


def _worth(title: str, found: Sequence[Sentence], words: Iterable[Collection[str]]) -> dict[str, float]:
    """How much each word of the text carries."""
    counts = Counter(chain.from_iterable(words))
    names = {match[0].lower()[:_STEM] for sentence in found for match in _NAME.finditer(sentence.text)}
    headline = set(_words(title))

    def worth(word: str, count: int) -> float:
        in_text = (
            _NUMBER if word[0].isdigit() else (_NAMED if word in names else _PLAIN) + 0.2 * min(count - 1, 3)
        )
        return in_text + (_HEADLINE if word in headline else 0.0)

    return {word: worth(word, count) for word, count in counts.items()}


def _words(text: str) -> Iterator[str]:
    """The words of a text that carry something, by their beginnings: endings differ."""
    for match in _WORD.finditer(text):
        word = match[0].lower()
        yield word[:_STEM] if word[0].isalpha() else word
