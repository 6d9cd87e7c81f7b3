"""Which of several sources speaks for a currency: its own bank, then the others, by what kind of source they are.

What each source said last comes in, one quote for each currency comes out. Sources may have any name: only their
format tells whose bank they are. The store asks when somebody wants rates, the worker to see what a new fixing
changes. Pure.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from bot.model import Fixing, Quote

USD = "USD"
OFFICIAL_PEG = "official peg"
"""The source of a quote that nobody published today: the fixed rate that the state has promised."""

PEGS: Mapping[str, Decimal] = MappingProxyType({"TMT": Decimal("3.5")})
"""Units per US dollar. Turkmenistan's has stood since 1 January 2015."""

PATIENCE = timedelta(days=7)
"""So long a silent source keeps its turn, over its country's holidays; what is older yields to a fresher one."""

BANK_OF: Mapping[str, str] = MappingProxyType(
    {
        "nbk": "KZT",
        "nbkr": "KGS",
        "cbu": "UZS",
        "nbt": "TJS",
        "cbt": "TMT",
        "cbr": "RUB",
        "ecb": "EUR",
    }
)
"""The format that a bank writes → the currency that it issues."""


class Standing(enum.IntEnum):
    """How much a source's word weighs for a currency; the lowest number speaks first."""

    OWN_BANK = 0
    EUROPEAN_BANK = 1  # for what the world trades its word is the usual reference
    WORLD = 2
    OTHER_BANK = 3
    TICKER = 4  # printed with few digits


def standing(source_format: str, currency: str) -> Standing:
    """The standing of a source of this format."""
    if BANK_OF.get(source_format) == currency:
        return Standing.OWN_BANK
    if source_format == "ecb":
        return Standing.EUROPEAN_BANK
    if source_format == "er-api":
        return Standing.WORLD
    return Standing.OTHER_BANK if source_format in BANK_OF else Standing.TICKER


def choose(fixings: Iterable[Fixing], currency: str, today: date) -> Quote | None:
    """The quote of ``currency`` against the dollar to show on ``today``.

    If all have been silent for longer than PATIENCE, the last word of the currency's own bank, else the newest of
    all (the reader is shown its date); without any, the peg, if the currency has one, else None.
    """
    ranked = sorted(
        (
            (
                standing(fixing.format, currency),
                -fixing.quote.as_of.toordinal(),
                fixing.quote.source,
                fixing.quote,
            )
            for fixing in fixings
            if {fixing.quote.base, fixing.quote.quote} == {USD, currency} and fixing.quote.value > 0
        ),
        key=lambda entry: entry[:3],
    )
    for _, _, _, quote in ranked:
        if today - quote.as_of <= PATIENCE:
            return quote
    if ranked and ranked[0][0] is Standing.OWN_BANK:
        return ranked[0][3]
    newest = min(ranked, key=lambda entry: entry[1], default=None)
    return newest[3] if newest else peg(currency, today)


def peg(currency: str, today: date) -> Quote | None:
    """The promised rate as a quote of the source OFFICIAL_PEG; None for a currency without one."""
    rate = PEGS.get(currency)
    return Quote(USD, currency, rate, today, OFFICIAL_PEG) if rate else None


def foreign(quote: Quote) -> str:
    """The currency of a quote against the dollar that is not the dollar."""
    return quote.quote if quote.base == USD else quote.base
