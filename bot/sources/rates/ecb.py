"""The ``ecb`` format: European Central Bank, the ``eurofxref`` XML, the data portal's CSV, or Frankfurter's JSON.

The bank prints ``1 EUR = value foreign``, for one day or many. The CSV (SDMX, ``format=csvdata``) is known by its
header; it has more columns than are needed here, in no promised order, and a line for each currency and day.
Frankfurter (https://frankfurter.dev) hands the bank's rates on: ``v2/rates`` answers with a list of objects that
each name their date, base, quote and rate.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from bot.errors import FormatError
from bot.model import Quote
from bot.sources.rates.exact_json import read_json
from bot.sources.rates.fixing import PrintedRate, to_quotes
from bot.sources.rates.page import RatesPage
from bot.sources.rates.xml import read_table

_COLUMNS = {"CURRENCY", "TIME_PERIOD", "OBS_VALUE"}


def read(body: bytes, page: RatesPage) -> list[Quote]:
    """``1 EUR = value foreign``, for every day of the page. Raises FormatError."""
    readers = {b"<": _from_xml, b"[": _from_json}
    printed = readers.get(body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1], _from_csv)(body)
    return to_quotes(printed, page)


def _from_xml(body: bytes) -> Iterator[PrintedRate]:
    day = ""
    for cube in read_table(body, root="Envelope", rows=("Cube",)).rows:
        day = cube.get("time", day)
        if "currency" in cube:
            yield PrintedRate("EUR", cube["currency"], cube.get("rate", ""), day)


def _from_csv(body: bytes) -> Iterator[PrintedRate]:
    try:
        text = body.decode("utf-8-sig")
        rows = csv.DictReader(_whole_lines(text), strict=True)
        if _COLUMNS - set(rows.fieldnames or ()):
            raise FormatError("neither the XML nor the CSV of the European Central Bank")
        for row in rows:
            # An empty value is a holiday, not a rate that makes no sense.
            if row["OBS_VALUE"] and row.get("CURRENCY_DENOM", "EUR") == "EUR" and row.get("FREQ", "D") == "D":
                yield PrintedRate("EUR", row["CURRENCY"] or "", row["OBS_VALUE"], row["TIME_PERIOD"] or "")
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(f"no readable CSV: {error}") from error


def _from_json(body: bytes) -> Iterator[PrintedRate]:
    rows = read_json(body)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            base, quote, rate, day = (str(row.get(key, "")) for key in ("base", "quote", "rate", "date"))
            yield PrintedRate(base, quote, rate, day)


def _whole_lines(text: str) -> list[str]:
    """The lines, without a last one that was cut off: half a number reads like a whole one."""
    return [line for line in text.splitlines(keepends=True) if line.endswith(("\n", "\r"))]
