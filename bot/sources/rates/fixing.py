"""From what a bank prints to quotes: the rules that hold for every bank, in one place.

A format hands over :class:`PrintedRate` lines, ``nominal base = value quote``, in the bank's own characters;
:func:`to_quotes` divides by the nominal (it is 1, 10, 100, 1000 or 10000, and changes over the years), checks
the date against the one that was asked for, and drops lines that make no sense, saying so once per page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import structlog

from bot.errors import FormatError
from bot.model import Quote
from bot.sources.rates.amounts import read_amount, read_day
from bot.sources.rates.page import RatesPage

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_SANE = (Decimal("1e-9"), Decimal("1e9"))  # from the Iranian rial in dinars to the reverse, with room
_LONGEST_HOLIDAY = timedelta(days=15)  # New Year's fixing is printed in December for mid-January
_FIRST_DAY = date(1991, 1, 1)  # none of these currencies' banks is older


@dataclass(frozen=True, slots=True)
class PrintedRate:
    """A line as printed: ``nominal base = value quote``; ``change`` is in the units of ``value``."""

    base: str
    quote: str
    value: str
    as_of: str
    nominal: str = "1"
    change: str | None = None


def to_quotes(printed: Iterable[PrintedRate], page: RatesPage) -> list[Quote]:
    """The quotes of a page.

    An empty list says: the bank answered, with another day than the one asked for. Raises FormatError where
    there are no lines, or none of them can be read.
    """
    lines = list(printed)
    if not lines:
        raise FormatError("no rates on this page")
    senseless, other_days, quotes = [], set(), []
    for line in lines:
        quote = _quote(line, page)
        if quote is None:
            senseless.append(line.base[:8])
        elif page.requested and quote.as_of > page.requested:
            other_days.add(quote.as_of)
        else:
            quotes.append(quote)
    if senseless:
        codes = sorted(set(senseless))[:10]
        log.warning("rates dropped", source=page.source, count=len(senseless), codes=codes)
    if other_days:
        # Asked for a day that they do not have, several banks answer with today's fixing and status 200.
        asked, got = str(page.requested), str(max(other_days))
        log.info("another day answered", source=page.source, asked=asked, got=got)
    if not quotes and not other_days:
        raise FormatError(f"none of {len(lines)} rates on this page makes sense")
    return quotes


def _quote(line: PrintedRate, page: RatesPage) -> Quote | None:
    value, nominal, as_of = read_amount(line.value), read_amount(line.nominal), read_day(line.as_of)
    codes = _CODE.fullmatch(line.base) and _CODE.fullmatch(line.quote) and line.base != line.quote
    if not codes or value is None or not nominal or nominal < 0 or as_of is None:
        return None
    each = value / nominal
    if not _SANE[0] <= each <= _SANE[1] or not _FIRST_DAY <= as_of <= page.today + _LONGEST_HOLIDAY:
        return None
    return Quote(line.base, line.quote, each, as_of, page.source, _percent(value, line.change))


def _percent(value: Decimal, change: str | None) -> Decimal | None:
    """The change against the fixing before, in percent of that one."""
    moved = read_amount(change) if change else None
    if moved is None or (before := value - moved) <= 0:
        return None
    return moved * 100 / before
