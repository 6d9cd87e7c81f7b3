"""The ``cbr`` format: Bank of Russia, the day's table (``XML_daily.asp``) or one currency's history.

Both windows-1251 with decimal commas. The history (``XML_dynamic.asp``) names its currency only by the bank's
own number; those that this bot may ask for are listed here (all others: ``XML_val.asp`` of the same bank).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.errors import FormatError
from bot.model import Quote
from bot.sources.rates.fixing import PrintedRate, to_quotes
from bot.sources.rates.page import RatesPage
from bot.sources.rates.xml import XmlTable, read_table

_CODES: Mapping[str, str] = MappingProxyType(
    {
        "R01010": "AUD",
        "R01035": "GBP",
        "R01235": "USD",
        "R01239": "EUR",
        "R01335": "KZT",
        "R01370": "KGS",
        "R01375": "CNY",
        "R01670": "TJS",
        "R01700J": "TRY",
        "R01710A": "TMT",
        "R01717": "UZS",
        "R01775": "CHF",
        "R01820": "JPY",
    }
)


def read(body: bytes, page: RatesPage) -> list[Quote]:
    """``1 foreign = value RUB``. Raises FormatError."""
    table = read_table(body, root="ValCurs", rows=("Valute", "Record"))
    lines = _history(table) if "DateRange1" in table.head else _day(table)
    return to_quotes(lines, page)


def _day(table: XmlTable) -> Iterator[PrintedRate]:
    day = table.head.get("Date", "")
    for row in table.rows:
        yield PrintedRate(row.get("CharCode", ""), "RUB", row.get("Value", ""), day, row.get("Nominal", ""))


def _history(table: XmlTable) -> Iterator[PrintedRate]:
    number = table.head.get("ID", "")
    code = _CODES.get(number)
    if code is None:
        raise FormatError(f"the history of a currency that is not on our list: {number[:20]}")
    for row in table.rows:
        yield PrintedRate(code, "RUB", row.get("Value", ""), row.get("Date", ""), row.get("Nominal", ""))
