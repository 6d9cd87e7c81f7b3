"""The ``nbt`` format: National Bank of Tajikistan, ``export_xml.php?date=yyyy-mm-dd&export=xmlout``.

The shape is the Bank of Russia's, the dialect its own: UTF-8, decimal dot, ISO date, other nominals.
"""

from __future__ import annotations

from bot.model import Quote
from bot.sources.rates.fixing import PrintedRate, to_quotes
from bot.sources.rates.page import RatesPage
from bot.sources.rates.xml import read_table


def read(body: bytes, page: RatesPage) -> list[Quote]:
    """``1 foreign = value TJS``. Raises FormatError."""
    table = read_table(body, root="ValCurs", rows=("Valute",))
    day = table.head.get("Date", "")
    return to_quotes(
        (
            PrintedRate(row.get("CharCode", ""), "TJS", row.get("Value", ""), day, row.get("Nominal", ""))
            for row in table.rows
        ),
        page,
    )
