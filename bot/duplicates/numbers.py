"""Numbers of a story as amounts that can be compared: digits and words, fractions and decades. Pure.

"5,200 passengers" and "more than five thousand travelers" are one number told twice; "a third" is thirty percent
and "a decade" ten years. English and Russian words, since these are the languages in which the agencies write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.duplicates.number_words import FRACTIONS, MULTIPLIERS, UNITS

_TOKEN = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?|[^\W\d_]+", re.UNICODE)
_GROUPED = re.compile(r"[,.\u00a0\u202f ](?=\d{3}(?!\d))")
_ROUNDING = 0.06  # what "more than", "some", "about" usually leave out
_SMALLEST_ROUNDED = 20.0
_TENS = frozenset(range(20, 100, 10))


def numbers_of(text: str) -> frozenset[float]:
    """Every amount in a text, digits or words, each once."""
    return frozenset(_amounts(_TOKEN.findall(text)))


def is_same_number(one: float, other: float) -> bool:
    """Whether two tellers can mean the same amount: equal, or one of them is the other one rounded."""
    if one == other:
        return True
    low, high = sorted((one, other))
    if low < _SMALLEST_ROUNDED or high - low > _ROUNDING * high:
        return False
    return _is_round(one) or _is_round(other)


def _is_round(number: float) -> bool:
    """One significant digit: "forty", "five thousand", "half a million"."""
    digits = f"{number:.6g}".replace(".", "").strip("0")
    return len(digits) == 1 and number >= _SMALLEST_ROUNDED


def _amounts(tokens: list[str]) -> Iterator[float]:
    """Neighboring number words make one amount: "four hundred", "thirty-five", "2.5 million"."""
    amount: float | None = None
    for token in tokens:
        value, factor = _value(token)
        if factor is not None and amount is not None:
            amount *= factor
            continue
        if amount in _TENS and value is not None and value < 10 and not token[0].isdigit():
            amount += value
            continue
        if amount is not None:
            yield amount
        amount = value
        if fraction := FRACTIONS.get(token.lower()):
            yield fraction
    if amount is not None:
        yield amount


@lru_cache(maxsize=8192)  # the same few thousand words make up most of what is read
def _value(token: str) -> tuple[float | None, float | None]:
    if token[0].isdigit():
        return _digits(token), None
    word = token.lower()
    for stem, factor in MULTIPLIERS.items():
        if word.startswith(stem) and len(word) <= len(stem) + 3:
            return (factor, factor)
    if word in UNITS:
        return UNITS[word], None
    return _russian(word), None


def _russian(word: str) -> float | None:
    """Russian numerals decline, and melt into adjectives: "одиннадцати", "двухмесячный"."""
    if len(word) < 4 or not "а" <= word[0] <= "я":
        return None
    for stem, value in UNITS.items():
        if len(stem) >= 4 and word.startswith(stem) and "а" <= stem[0] <= "я":
            return value
    return None


def _digits(token: str) -> float:
    plain = _GROUPED.sub("", token).replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return float(re.sub(r"\D", "", plain))
