"""The ``nbk`` format: National Bank of Kazakhstan, ``get_rates.cfm?fdate=dd.mm.yyyy``.

XML that calls itself RSS: the currency is an ``<item>``'s title, the rate in tenge its description,
``<quant>`` the nominal, ``<change>`` the move since the fixing before. The date echoes the one asked for.
"""

from __future__ import annotations

from bot.model import Quote
from bot.sources.rates.fixing import PrintedRate, to_quotes
from bot.sources.rates.page import RatesPage
from bot.sources.rates.xml import read_table


def read(body: bytes, page: RatesPage) -> list[Quote]:
    """``1 foreign = value KZT`` for every item. Raises FormatError."""
    table = read_table(body, root="rates", rows=("item",))
    day = table.head.get("date", "")
    return to_quotes(
        (
            PrintedRate(
                base=row.get("title", ""),
                quote="KZT",
                value=row.get("description", ""),
                as_of=day,
                nominal=row.get("quant", ""),
                change=row.get("change"),
            )
            for row in table.rows
        ),
        page,
    )
