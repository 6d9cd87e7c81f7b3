"""The ``ticker`` format: a page, HTML or text, that somewhere carries lines like ``KZT/USD = 0.00198 -0%``.

Bytes in, quotes out. A ticker repeats itself to fill its marquee: the first showing of a pair counts. The
date is the page's own where one stands alone on a line near the rates, else the day of the fetch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from selectolax.lexbor import LexborHTMLParser

from bot.errors import FormatError
from bot.model import Quote
from bot.sources.dates import find_date
from bot.sources.decoding import decode
from bot.sources.listing_html import strip_page, take_stories
from bot.sources.nesting import levelled
from bot.sources.plain_text import page_text, tidy_lines
from bot.sources.rates.page import RatesPage

_LINE = re.compile(
    r"\b(?P<base>[A-Z]{3})\s*/\s*(?P<quote>[A-Z]{3})\s*[=:]\s*(?P<rate>\d{1,12}(?:[.,]\d{1,12})?)"
    r"(?:\s*(?P<change>[+\-−–]?\s?\d{1,6}(?:[.,]\d{1,6})?\s?%))?"
)
_DATE_LINE = 40  # a date line is this short; longer ones are sentences that mention a day


@dataclass(frozen=True, slots=True)
class TickerLine:
    """One pair as printed: ``rate`` and ``change`` (with its percent sign) are the page's own characters."""

    base: str
    quote: str
    rate: str
    change: str | None


def ticker_lines(text: str) -> list[TickerLine]:
    """Each pair of the text once, in the order of its first showing."""
    found: dict[tuple[str, str], TickerLine] = {}
    for match in _LINE.finditer(text):
        change = re.sub(r"\s", "", match["change"]) if match["change"] else None
        line = TickerLine(match["base"], match["quote"], match["rate"], change)
        found.setdefault((line.base, line.quote), line)
    return list(found.values())


def page_date(text: str) -> date | None:
    """The date that stands alone on one of the first lines that are no rates: the page's own."""
    for line in text.splitlines():
        if len(line) <= _DATE_LINE and not _LINE.search(line) and (found := find_date(line)):
            return found
    return None


def read(body: bytes, page: RatesPage) -> list[Quote]:
    """The quotes of a ticker page. Raises FormatError if it shows no pair."""
    text, own_words = _words(decode(body, page.content_type))
    stated = page_date(own_words)
    as_of = stated if stated and stated <= page.today + timedelta(days=1) else page.requested or page.today
    quotes = [quote for line in ticker_lines(text) if (quote := _quote(line, as_of, page.source))]
    if not quotes:
        raise FormatError("no line like KZT/USD = 0.00198 on this page")
    return quotes


def _words(text: str) -> tuple[str, str]:
    """All words of the page, and those that are its own: a story's date is not the page's."""
    if "<" not in text:
        lines = tidy_lines(text)
        return lines, lines
    tree = LexborHTMLParser(levelled(text))
    strip_page(tree)
    take_stories(tree, "")
    return page_text(text), page_text(tree.html or "")


def _quote(line: TickerLine, as_of: date, source: str) -> Quote | None:
    value = _decimal(line.rate)
    if not value or line.base == line.quote:
        return None  # a rate of zero is a broken feed of the page, not news
    change = _decimal(line.change.rstrip("%")) if line.change else None
    return Quote(line.base, line.quote, value, as_of, source, change)


def _decimal(printed: str) -> Decimal:
    value = Decimal(printed.replace(",", ".").replace("−", "-").replace("–", "-"))
    return value if value else Decimal(0)  # "-0%" is how a rounded nothing is printed
