"""The ``cbt`` format: Central Bank of Turkmenistan, ``kurs/yyyy/ddmmyyyy.xml``.

``rate_tmt`` is the manats for ``multiplier`` units. ``rate_usd`` is left alone: it means dollars per unit for
some currencies and units per dollar for others, and only the Turkmen name of the row says which.
"""

from __future__ import annotations

from bot.model import Quote
from bot.sources.rates.fixing import PrintedRate, to_quotes
from bot.sources.rates.page import RatesPage
from bot.sources.rates.xml import read_table


def read(body: bytes, page: RatesPage) -> list[Quote]:
    """``1 foreign = value TMT``. Raises FormatError."""
    table = read_table(body, root="cbt_currency_rate", rows=("rate",))
    day = table.head.get("date", "")
    return to_quotes(
        (
            PrintedRate(row.get("code", ""), "TMT", row.get("rate_tmt", ""), day, row.get("multiplier", ""))
            for row in table.rows
        ),
        page,
    )
