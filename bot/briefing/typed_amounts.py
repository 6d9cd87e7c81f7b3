"""The one number in a line that a person typed: ``1 500,50``, ``1,000.50``, ``1.000,50``, ``5k``, ``2 млн``.

A line in, the number and the words around it out. The reader's own decimal sign decides where both readings are
possible: ``1,500`` is fifteen hundred in English and one and a half in Russian.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

_NUMBER = re.compile(
    r"(?<![\d.,])(?P<sign>[-−–+]\s?)?"
    r"(?P<digits>\d{1,3}(?:[\s'’]\d{3})+(?![\d])(?:[.,]\d+)?|[.,]?\d[\d.,]*)"
    r"(?P<power>[eE][+-]?\d+|\s?\^\s?\d+)?"
)
_NOT_NUMBERS = re.compile(r"\b(?:nan|inf|infinity)\b|∞", re.IGNORECASE)
_MAGNITUDE = re.compile(r"\s?(?P<word>[^\W\d_]+)\.?")
_THOUSAND, _MILLION, _BILLION = 3, 6, 9
_MAGNITUDES: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(("k", "thousand", "тыс", "тысяч", "тысячи", "тысяча", "к"), _THOUSAND)
    | dict.fromkeys(("мың", "миң", "ming", "ҳазор", "müň", "muň"), _THOUSAND)
    | dict.fromkeys(("m", "mln", "million", "млн", "миллион", "миллиона", "миллионов"), _MILLION)
    | dict.fromkeys(("bn", "mlrd", "billion", "млрд", "миллиард", "миллиарда", "миллиардов"), _BILLION)
)
_LONGEST_POWER = 4


@dataclass(frozen=True, slots=True)
class TypedAmount:
    """``value`` is None where what stands there is no number (``NaN``, ``1.2.3``); ``printed`` is how it was typed.

    ``before`` and ``after`` are the rest of the line.
    """

    value: Decimal | None
    printed: str
    before: str
    after: str


def find_amounts(line: str, decimal_sign: str) -> list[TypedAmount]:
    """Every number in the line, and everything that pretends to be one, in the order typed."""
    found = [_amount(match, line, decimal_sign) for match in _NUMBER.finditer(line)]
    pretenders = (
        TypedAmount(None, match[0], line[: match.start()], line[match.end() :])
        for match in _NOT_NUMBERS.finditer(line)
    )
    return found + list(pretenders)


def _amount(match: re.Match[str], line: str, decimal_sign: str) -> TypedAmount:
    end = match.end()
    value = _value(match["digits"], decimal_sign)
    if value is not None and match["power"]:
        value = _raised(value, match["power"])
    magnitude = _MAGNITUDE.match(line, end)
    if magnitude and (places := _magnitude(magnitude[0])):
        value = value * Decimal(10) ** places if value is not None else None
        end = magnitude.end()
    if value is not None and (match["sign"] or "+").strip() != "+":
        value = -value
    return TypedAmount(value, line[match.start() : end].strip(), line[: match.start()], line[end:])


def _value(digits: str, decimal_sign: str) -> Decimal | None:
    """Where a number has both signs the later one is decimal; a sign that comes twice groups thousands."""
    digits = re.sub(r"[\s'’]", "", digits).rstrip(".,")
    signs = [sign for sign in digits if sign in ".,"]
    if len(set(signs)) == 2:
        point: str | None = signs[-1]
    elif len(signs) == 1:
        point = signs[0] if _is_decimal(digits, signs[0], decimal_sign) else None
    else:
        point = None
    whole, _, fraction = digits.partition(point) if point else (digits, "", "")
    if not re.fullmatch(r"\d*|\d{1,3}([.,])\d{3}(?:\1\d{3})*", whole) or (
        not fraction.isdecimal() and fraction
    ):
        return None
    plain = re.sub(r"[.,]", "", whole)
    return Decimal(f"{plain or 0}.{fraction}" if fraction else plain)


def _is_decimal(digits: str, sign: str, decimal_sign: str) -> bool:
    """Whether the only sign of a number is its decimal one: it is not where it could group, and is not theirs."""
    could_group = re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits)
    return sign == decimal_sign or not could_group


def _raised(value: Decimal, power: str) -> Decimal | None:
    """``1e6`` or ``10^6``; powers beyond any money are cut, so that they read as "too large" without reckoning."""
    printed = power.strip(" ^eE")
    exponent = int(printed) if len(printed) <= _LONGEST_POWER else 9999
    exponent = max(-40, min(exponent, 40))
    return value * Decimal(10) ** exponent if power[0] in "eE" else value**exponent


def _magnitude(word: str) -> int | None:
    """The zeros that a word stands for; a single letter only right after the digits: "5k", not "5 k"."""
    tight = word.strip(" .\u00a0").casefold()
    return None if len(tight) == 1 and word[0].isspace() else _MAGNITUDES.get(tight)
