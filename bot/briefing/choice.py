"""Which of several sources speaks for a currency: its own bank, then the others in the operator's order.

Stored quotes in, one quote for each currency out. The order is given from outside (who is whose bank is the
sources file's business); here is only the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from bot.model import Quote

USD = "USD"
OFFICIAL_PEG = "official peg"
"""The source of a quote that nobody published today: the fixed rate that the state has promised."""

PEGS: Mapping[str, Decimal] = MappingProxyType({"TMT": Decimal("3.5")})
"""Units per US dollar. Turkmenistan's has stood since 1 January 2015."""

PATIENCE = timedelta(days=7)
"""So long a silent source keeps its turn, over its country's holidays; what is older yields to a fresher one."""


def choose(quotes: Iterable[Quote], currency: str, order: Sequence[str], today: date) -> Quote | None:
    """The quote of ``currency`` against the dollar to show on ``today``.

    ``order`` names sources, the currency's own bank first; sources it does not name come last. Of one source the
    newest quote counts. If all have been silent for longer than PATIENCE, the newest of all (the reader is shown
    its date); without any, the peg, if the currency has one, else None.
    """
    newest: dict[str, Quote] = {}
    for quote in quotes:
        if {quote.base, quote.quote} == {USD, currency} and quote.value > 0:
            known = newest.get(quote.source)
            if known is None or quote.as_of > known.as_of:
                newest[quote.source] = quote
    rank = {source: place for place, source in enumerate(order)}
    ranked = sorted(
        newest.values(), key=lambda quote: (rank.get(quote.source, len(rank)), -quote.as_of.toordinal())
    )
    fresh = (quote for quote in ranked if today - quote.as_of <= PATIENCE)
    stale = max(ranked, key=lambda quote: quote.as_of, default=None)
    return next(fresh, None) or stale or peg(currency, today)


def peg(currency: str, today: date) -> Quote | None:
    """The promised rate as a quote of the source OFFICIAL_PEG; None for a currency without one."""
    rate = PEGS.get(currency)
    return Quote(USD, currency, rate, today, OFFICIAL_PEG) if rate else None
