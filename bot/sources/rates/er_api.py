"""The ``er-api`` format: ExchangeRate-API's open endpoint, ``open.er-api.com/v6/latest/USD``.

One JSON object for the whole world, once a day; the fall-back for currencies whose bank is silent. Its terms
ask for a visible link to https://www.exchangerate-api.com, which the sources file carries.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.errors import FormatError
from bot.model import Quote
from bot.sources.rates.exact_json import read_json
from bot.sources.rates.fixing import PrintedRate, to_quotes
from bot.sources.rates.page import RatesPage


def read(body: bytes, page: RatesPage) -> list[Quote]:
    """``1 USD = value foreign`` (or whichever base the address names). Raises FormatError."""
    answer = read_json(body)
    if not isinstance(answer, dict):
        raise FormatError("a JSON object should be here")
    base, rates, day = str(answer.get("base_code", "")), answer.get("rates"), _day(answer)
    if answer.get("result") != "success" or not isinstance(rates, dict):
        raise FormatError(f"the service refused: {str(answer.get('error-type', 'no reason given'))[:60]}")
    lines = (PrintedRate(base, code, str(value), day) for code, value in rates.items() if code != base)
    return to_quotes(lines, page)


def _day(answer: dict[str, object]) -> str:
    """The UTC date of the last update, ISO; empty (and then no rate makes sense) where there is none."""
    try:
        seconds = int(str(answer.get("time_last_update_unix")))
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
