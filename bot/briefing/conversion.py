"""Converting money: what a person typed → what they want → what it comes to.

:func:`read_request` understands ``100 USD KZT``, ``100 usd to kzt``, ``1 500,50 сом в тенге``, ``100$ в тенге``;
:func:`convert` goes through the US dollar, in Decimal, and tells which quotes it used. What cannot be done is a
:class:`ConversionProblem`: the handler words it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from bot.briefing.currency_names import CurrencyNames
from bot.briefing.typed_amounts import TypedAmount, find_amounts
from bot.model import Quote

USD = "USD"
LARGEST = Decimal("1e15")
"""More than all the money there is, in any currency."""

_TOKENS = re.compile(r"[^\W\d_]+(?:['’‘ʻʼ`´][^\W\d_]+)*\.?|[$€₽₸£¥₺₼⃀₾₴₹₩₮₪₫₱]|->|=>|[→=>]")
_SEPARATORS = frozenset(
    ["to", "in", "into", "as", "в", "во", "на", "к", "ко", "ба", "->", "=>", "→", "=", ">"]
)
_FILLERS = frozenset(
    ("how", "much", "is", "convert", "please", "сколько", "это", "будет", "пожалуйста")
) | frozenset(("қанша", "канча", "менен", "qancha", "necha", "bilan", "чанд", "näçe"))
_PRECISION = 40  # digits; so that there and back again ends where it began


class Trouble(enum.StrEnum):
    """Why a conversion cannot be done."""

    EMPTY = "empty"
    TOO_FEW = "too few"  # only an amount, or only one currency
    TOO_MANY = "too many"
    NOT_A_NUMBER = "not a number"
    NEGATIVE = "negative"
    ZERO = "zero"
    TOO_LARGE = "too large"
    UNKNOWN_CURRENCY = "unknown currency"
    SAME_CURRENCY = "same currency"
    NO_RATE = "no rate"


@dataclass(frozen=True, slots=True)
class ConversionProblem:
    """``detail`` is the word or code it is about; ``suggestions`` are codes that may have been meant."""

    trouble: Trouble
    detail: str = ""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversionRequest:
    """``amount`` of ``base`` is to become ``quote``."""

    amount: Decimal
    base: str
    quote: str

    @property
    def swapped(self) -> ConversionRequest:
        """The same amount the other way round: what the swap button asks for."""
        return ConversionRequest(self.amount, self.quote, self.base)


@dataclass(frozen=True, slots=True)
class Conversion:
    """``request.amount`` is ``result``, not rounded, by the quotes in ``used`` (one, or two through the dollar)."""

    request: ConversionRequest
    result: Decimal
    used: tuple[Quote, ...]


def read_request(
    line: str, names: CurrencyNames, *, language: str = "en", decimal_sign: str = "."
) -> ConversionRequest | ConversionProblem:
    """Understand the words after ``/convert``. Without a number the amount is 1."""
    amounts = find_amounts(line, decimal_sign)
    if not line.strip():
        return ConversionProblem(Trouble.EMPTY)
    if len(amounts) > 1:
        return ConversionProblem(Trouble.TOO_MANY, " ".join(amount.printed for amount in amounts)[:40])
    amount = amounts[0] if amounts else TypedAmount(Decimal(1), "1", "", line)
    value = _sensible(amount)
    if isinstance(value, ConversionProblem):
        return value
    pair = _read_pair(amount, names, language)
    return pair if isinstance(pair, ConversionProblem) else ConversionRequest(value, *pair)


def convert(request: ConversionRequest, quotes: Iterable[Quote]) -> Conversion | ConversionProblem:
    """Reckon with ``quotes``, the chosen one for each currency, each with the dollar on one side."""
    legs = {
        _foreign(quote): quote for quote in quotes if USD in (quote.base, quote.quote) and quote.value > 0
    }
    used = []
    with localcontext(prec=_PRECISION):
        result = request.amount
        for code, towards_dollar in ((request.base, True), (request.quote, False)):
            if code == USD:
                continue
            if code not in legs:
                return ConversionProblem(Trouble.NO_RATE, code)
            leg = legs[code]
            multiply = (leg.quote == USD) == towards_dollar
            result = result * leg.value if multiply else result / leg.value
            used.append(leg)
    return Conversion(request, result, tuple(used))


def _foreign(quote: Quote) -> str:
    return quote.quote if quote.base == USD else quote.base


def _sensible(amount: TypedAmount) -> Decimal | ConversionProblem:
    value = amount.value
    if value is None:
        trouble = Trouble.NOT_A_NUMBER
    elif value <= 0:
        trouble = Trouble.NEGATIVE if value else Trouble.ZERO
    elif value > LARGEST:
        trouble = Trouble.TOO_LARGE
    else:
        return value
    return ConversionProblem(trouble, amount.printed[:40])


def _read_pair(
    amount: TypedAmount, names: CurrencyNames, language: str
) -> tuple[str, str] | ConversionProblem:
    """The two currencies around the amount, in the order in which they are meant."""
    before, after = _tokens(amount.before), _tokens(amount.after)
    if before and before[0].casefold() in _SEPARATORS and after:
        before, after = after, before  # "в тенге 100 долларов"
    pair = _split([*before, *after], names, language)
    if isinstance(pair, tuple) and pair[0] == pair[1]:
        return ConversionProblem(Trouble.SAME_CURRENCY, pair[0])
    return pair


def _tokens(text: str) -> list[str]:
    return [token for token in _TOKENS.findall(text) if token.casefold() not in _FILLERS]


def _split(tokens: Sequence[str], names: CurrencyNames, language: str) -> tuple[str, str] | ConversionProblem:
    """Cut the words in two so that each part names a currency; a word like "to" shows where, if there is one."""
    words = [token for token in tokens if token.casefold() not in _SEPARATORS]
    for at in range(1, len(words)):
        base = names.find(" ".join(words[:at]), language)
        quote = names.find(" ".join(words[at:]), language)
        if base and quote:
            return base, quote
    if words and (only := names.find(" ".join(words), language)):
        return ConversionProblem(Trouble.TOO_FEW, only)
    unknown = next((word for word in words if not names.find(word, language)), None)
    if unknown:
        return ConversionProblem(Trouble.UNKNOWN_CURRENCY, unknown[:40], names.suggest(unknown))
    return ConversionProblem(Trouble.TOO_MANY if words else Trouble.TOO_FEW)
