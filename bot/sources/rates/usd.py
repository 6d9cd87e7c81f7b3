"""A bank's table, in its own currency, told against the US dollar: the one pivot that everything is kept by.

Quotes of one page in, quotes of the same days and source out, each with the dollar on one side. What the page
says about the dollar itself stays as printed; the others are crossed through the page's own dollar rate.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from bot.model import Quote

USD = "USD"


def against_usd(quotes: Iterable[Quote]) -> list[Quote]:
    """The quotes with the dollar in them, and crosses (``1 USD = value foreign``) of the others.

    A quote is left out where its page has no dollar rate of the same day. Changes are crossed too.
    """
    page = list(quotes)
    direct = [quote for quote in page if USD in (quote.base, quote.quote)]
    dollars: dict[tuple[str, date], Quote] = {}
    for quote in direct:
        home = quote.quote if quote.base == USD else quote.base
        dollars[home, quote.as_of] = quote if quote.base == USD else _turned(quote)
    return direct + [
        crossed
        for quote in page
        if USD not in (quote.base, quote.quote)
        if (crossed := _crossed(quote, dollars))
    ]


def _crossed(quote: Quote, dollars: dict[tuple[str, date], Quote]) -> Quote | None:
    """``1 USD = a home`` and ``1 foreign = b home`` give ``1 USD = a/b foreign``."""
    if dollar := dollars.get((quote.quote, quote.as_of)):
        foreign = quote
    elif dollar := dollars.get((quote.base, quote.as_of)):
        foreign = _turned(quote)
    else:
        return None
    change = _change_of_ratio(dollar.change_percent, foreign.change_percent)
    return Quote(USD, foreign.base, dollar.value / foreign.value, quote.as_of, quote.source, change)


def _turned(quote: Quote) -> Quote:
    change = _change_of_ratio(Decimal(0), quote.change_percent)
    return Quote(quote.quote, quote.base, 1 / quote.value, quote.as_of, quote.source, change)


def _change_of_ratio(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    """The change of a fraction, in percent, from those of its two numbers; None where either is unknown."""
    if above is None or below is None or below <= -100:
        return None
    return ((100 + above) / (100 + below) - 1) * 100
