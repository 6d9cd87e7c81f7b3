"""The banks' own pages, byte for byte, read to the counts and figures that a person reads off them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.model import Quote
from bot.sources.rates import RATES_FORMATS
from bot.sources.rates.page import RatesPage
from tests.shared_data import require_shared_data

# file, format, how many, day, and some lines as printed: nominal, currency, value
PRINTED = [
    ("nbk_get_rates_2026-04-01.xml", "nbk", 39, date(2026, 4, 1), "1 USD 478.77, 10 AMD 12.72, 1000 IRR 0.4"),
    ("nbk_get_rates_2026-04-03.xml", "nbk", 39, date(2026, 4, 3), "1 USD 472.31, 100 UZS 3.89, 1 KGS 5.4"),
    ("nbkr_daily_2026-05-24.xml", "nbkr", 5, date(2026, 5, 24), "1 USD 87.4500, 1 KZT 0.1859, 1 RUB 1.2263"),
    ("nbkr_weekly_2026-05-23.xml", "nbkr", 40, date(2026, 5, 23), "10 JPY 5.4969, 100 BYR 0.3402"),
    ("cbu_all_2026-04-01.json", "cbu", 75, date(2026, 4, 1), "1 USD 12194.21, 10 VND 4.63, 1 TMT 4037.68"),
    ("cbu_all_2026-04-03.json", "cbu", 75, date(2026, 4, 3), "1 USD 12149.84, 10 IDR 7.15, 1 TMT 3471.38"),
    ("nbt_2026-05-18.xml", "nbt", 36, date(2026, 5, 18), "1 USD 9.3450, 1000 IRR 0.0071, 10 KZT 0.1971"),
    ("nbt_2026-05-20.xml", "nbt", 36, date(2026, 5, 20), "1 USD 9.3288, 100 UZS 0.0774, 100 AMD 2.5347"),
    ("cbt_2026-05-20.xml", "cbt", 48, date(2026, 5, 20), "1 USD 3.5, 10000 IRR 0.0265, 100 RUB 4.9088"),
    ("cbr_XML_daily_2026-04-25.xml", "cbr", 54, date(2026, 4, 25), "1 USD 75.5273, 1000000 IRR 53.9256"),
]


def _read(file: str, format_name: str) -> list[Quote]:
    body = (require_shared_data() / "rates" / file).read_bytes()
    return RATES_FORMATS[format_name](body, RatesPage("A bank", None, date(2026, 5, 24)))


@pytest.mark.parametrize(("file", "format_name", "count", "as_of", "printed"), PRINTED)
def test_a_banks_table_is_read_whole_and_exactly(
    file: str, format_name: str, count: int, as_of: date, printed: str
) -> None:
    quotes = _read(file, format_name)
    value_of = {quote.base: quote.value for quote in quotes}
    assert (len(quotes), len(value_of), {quote.as_of for quote in quotes}) == (count, count, {as_of})
    for line in printed.split(", "):
        nominal, code, value = line.split()
        assert value_of[code] * int(nominal) == Decimal(value)


def test_the_history_pages_give_a_quote_for_each_day() -> None:
    dynamic = _read("cbr_XML_dynamic_R01010.xml", "cbr")
    assert [(q.base, q.quote, str(q.value), q.as_of.day) for q in dynamic] == [
        ("AUD", "RUB", "54.7468", 3),
        ("AUD", "RUB", "55.1336", 4),
        ("AUD", "RUB", "54.4295", 5),
    ]
    weekly = _read("nbkr_history_USD_2005-06.html", "nbkr")
    assert [(str(q.value), q.as_of.isoformat()) for q in weekly] == [
        ("40.9614", "2005-06-25"),
        ("41.0685", "2005-06-18"),
        ("41.0511", "2005-06-11"),
        ("40.9879", "2005-06-04"),
    ]


def test_both_faces_of_the_european_central_bank_are_read() -> None:
    xml = {quote.quote: str(quote.value) for quote in _read("ecb_eurofxref-daily_2019-04-11.xml", "ecb")}
    assert (len(xml), xml["USD"], xml["IDR"], xml["SEK"]) == (32, "1.1264", "15966.16", "10.4370")
    csv = {(quote.quote, quote.as_of): str(quote.value) for quote in _read("ecb_sdmx_recent.csv", "ecb")}
    assert len(csv) == 638
    assert (csv["AUD", date(2026, 2, 17)], csv["ZAR", date(2026, 3, 18)]) == ("1.6776", "19.4174")


def test_the_same_rates_as_frankfurter_hands_them_on_are_read() -> None:
    (quote,) = _read("frankfurter_v2_rates_EUR_USD.json", "ecb")
    assert (quote.base, quote.quote, str(quote.value)) == ("EUR", "USD", "1.1697")
    assert quote.as_of == date(2025, 9, 5)


def test_every_recorded_page_is_read_by_a_test_of_this_file() -> None:
    recorded = {path.name for path in (require_shared_data() / "rates").iterdir()} - {"README.md"}
    assert [name for name in recorded if name not in Path(__file__).read_text("utf-8")] == []


def test_the_worlds_rates_of_er_api_are_read_without_the_dollar_itself() -> None:
    quotes = {
        quote.quote: str(quote.value) for quote in _read("er_api_v6_latest_USD_2024-08-19.json", "er-api")
    }
    assert (len(quotes), quotes["KGS"], quotes["ARS"], quotes["ZWL"]) == (161, "85.734152", "944", "13.7902")


def test_changes_are_those_of_the_page() -> None:
    dollar = next(q for q in _read("nbk_get_rates_2026-04-01.xml", "nbk") if q.base == "USD")
    assert dollar.change_percent is not None
    assert round(dollar.change_percent, 4) == Decimal("-0.5752")  # -2.77 of 481.54
