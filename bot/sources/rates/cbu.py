"""The ``cbu`` format: Central Bank of Uzbekistan, ``arkhiv-kursov-valyut/json/[all/yyyy-mm-dd/]``.

A JSON list; every value is a string, every row has its own date, ``Diff`` is the move since the fixing
before.
"""

from __future__ import annotations

from bot.errors import FormatError
from bot.model import Quote
from bot.sources.rates.exact_json import read_json
from bot.sources.rates.fixing import PrintedRate, to_quotes
from bot.sources.rates.page import RatesPage


def read(body: bytes, page: RatesPage) -> list[Quote]:
    """``1 foreign = value UZS`` for every row. Raises FormatError."""
    rows = read_json(body)
    if not isinstance(rows, list):
        raise FormatError("a JSON list should be here")
    return to_quotes((_printed(row) for row in rows if isinstance(row, dict)), page)


def _printed(row: dict[str, object]) -> PrintedRate:
    return PrintedRate(
        base=str(row.get("Ccy", "")),
        quote="UZS",
        value=str(row.get("Rate", "")),
        as_of=str(row.get("Date", "")),
        nominal=str(row.get("Nominal", "")),
        change=str(row.get("Diff", "")),
    )
