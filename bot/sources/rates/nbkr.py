"""The ``nbkr`` format: National Bank of the Kyrgyz Republic, three kinds of page told apart by themselves.

``XML/daily.xml`` (five majors, often dated tomorrow: it is in force from then) and ``XML/weekly.xml`` (all
others, in force for a week) are windows-1251 with decimal commas. The history page of one currency is HTML
whose table cells stand between comments, and does not name its currency: it is taken for the US dollar,
because this bot asks for no other (``valuta_id=15``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.errors import FormatError
from bot.model import Quote
from bot.sources.rates.fixing import PrintedRate, to_quotes
from bot.sources.rates.page import RatesPage
from bot.sources.rates.xml import read_table

_CELL = re.compile(r"<!--(date|value)-->([^<]{1,40})<!--\1-->")


def read(body: bytes, page: RatesPage) -> list[Quote]:
    """``1 foreign = value KGS``. Raises FormatError."""
    if b"<!--date-->" in body:
        return to_quotes(_history(body.decode("ascii", errors="replace")), page)
    table = read_table(body, root="CurrencyRates", rows=("Currency",))
    day = table.head.get("Date", "")
    return to_quotes(
        (
            PrintedRate(row.get("ISOCode", ""), "KGS", row.get("Value", ""), day, row.get("Nominal", ""))
            for row in table.rows
        ),
        page,
    )


def _history(html: str) -> Iterator[PrintedRate]:
    day = None
    for kind, text in _CELL.findall(html):
        if kind == "date":
            day = text
        elif day is None:
            raise FormatError("a value without a date in the history table")
        else:
            yield PrintedRate("USD", "KGS", text, day)
            day = None
