"""How much a rate moved from one fixing to the next. Quotes in, per cents out; nothing is rounded here."""

from __future__ import annotations

from decimal import Decimal

from bot.model import Quote


def day_change(latest: Quote, previous: Quote | None) -> Decimal | None:
    """The change of ``latest``'s value against the fixing before, in percent.

    ``previous`` may be published the other way round. None where there is nothing to compare with: no previous
    quote, or one of another pair.
    """
    before = value_as(previous, latest.base, latest.quote) if previous else None
    return percent_between(before, latest.value) if before else None


def percent_between(before: Decimal, after: Decimal) -> Decimal:
    """The change from ``before`` (not zero) to ``after``, in percent of ``before``."""
    return (after / before - 1) * 100


def value_as(quote: Quote, base: str, against: str) -> Decimal | None:
    """How much of ``against`` one ``base`` is, by a quote in either direction; None if it is about another pair."""
    if quote.value <= 0:
        return None
    if (quote.base, quote.quote) == (base, against):
        return quote.value
    return 1 / quote.value if (quote.base, quote.quote) == (against, base) else None
