"""Each format reads a small page of its kind to exactly the figures on it, and refuses any other page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import structlog

from bot.errors import FormatError
from bot.sources.rates import RATES_FORMATS
from tests.sources.rates import samples
from tests.sources.rates.samples import page

EXPECTED = [
    (
        "nbk",
        samples.NBK,
        [("USD", "KZT", "500.5", date(2026, 3, 11)), ("AMD", "KZT", "1.27", date(2026, 3, 11))],
    ),
    (
        "nbkr",
        samples.NBKR,
        [("USD", "KGS", "87.45", date(2026, 3, 13)), ("JPY", "KGS", "0.55", date(2026, 3, 13))],
    ),
    (
        "nbkr",
        samples.NBKR_HISTORY,
        [("USD", "KGS", "87.1", date(2026, 3, 11)), ("USD", "KGS", "87", date(2026, 3, 10))],
    ),
    (
        "cbu",
        samples.CBU,
        [("USD", "UZS", "12200", date(2026, 3, 11)), ("IDR", "UZS", "0.72", date(2026, 3, 11))],
    ),
    (
        "nbt",
        samples.NBT,
        [("USD", "TJS", "9.34", date(2026, 3, 11)), ("IRR", "TJS", "0.0000071", date(2026, 3, 11))],
    ),
    (
        "cbt",
        samples.CBT,
        [("USD", "TMT", "3.5", date(2026, 3, 11)), ("RUB", "TMT", "0.05", date(2026, 3, 11))],
    ),
    (
        "cbr",
        samples.CBR,
        [("USD", "RUB", "80.5", date(2026, 3, 11)), ("UZS", "RUB", "0.0066", date(2026, 3, 11))],
    ),
    (
        "cbr",
        samples.CBR_HISTORY,
        [("KZT", "RUB", "0.161", date(2026, 3, 10)), ("KZT", "RUB", "0.1615", date(2026, 3, 11))],
    ),
    (
        "ecb",
        samples.ECB,
        [
            ("EUR", "USD", "1.1", date(2026, 3, 11)),
            ("EUR", "JPY", "160.5", date(2026, 3, 11)),
            ("EUR", "USD", "1.2", date(2026, 3, 10)),
        ],
    ),
    (
        "ecb",
        samples.ECB_CSV,
        [("EUR", "USD", "1.2", date(2026, 3, 10)), ("EUR", "JPY", "160.5", date(2026, 3, 11))],
    ),
    (
        "ecb",
        samples.FRANKFURTER,
        [("EUR", "USD", "1.2", date(2026, 3, 10)), ("EUR", "JPY", "160.5", date(2026, 3, 11))],
    ),
    (
        "er-api",
        samples.ER_API,
        [
            ("USD", "KZT", "500.25", date(2026, 3, 11)),
            ("USD", "EUR", "0.9", date(2026, 3, 11)),
            ("USD", "XAU", "0.00025", date(2026, 3, 11)),
        ],
    ),
    (
        "ticker",
        samples.TICKER,
        [("KGS", "USD", "0.01144", date(2026, 3, 11)), ("KZT", "USD", "0.00198", date(2026, 3, 11))],
    ),
    (
        "ticker",
        samples.TICKER_HTML,
        [("KZT", "USD", "0.00198", date(2026, 3, 11)), ("UZS", "USD", "0.0000829", date(2026, 3, 11))],
    ),
]


@pytest.mark.parametrize(("name", "body", "expected"), EXPECTED)
def test_a_page_is_read_to_exactly_what_it_prints(
    name: str, body: bytes, expected: list[tuple[str, str, str, date]]
) -> None:
    quotes = RATES_FORMATS[name](body, page())
    assert [(q.base, q.quote, q.value, q.as_of) for q in quotes] == [
        (base, quote, Decimal(value), as_of) for base, quote, value, as_of in expected
    ]
    assert {q.source for q in quotes} == {"A bank"}


@pytest.mark.parametrize(("name", "body"), [("nbk", samples.NBK), ("cbu", samples.CBU)])
def test_a_printed_change_becomes_per_cents_of_the_fixing_before(name: str, body: bytes) -> None:
    dollar, flat = RATES_FORMATS[name](body, page())
    expected = {"nbk": Decimal("0.1"), "cbu": Decimal(-10000) / 12300}[name]
    assert dollar.change_percent == expected
    assert flat.change_percent == 0


@pytest.mark.parametrize("name", samples.PAGES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        samples.FIREWALL,
        samples.ENTITY_BOMB,
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        b'{"result":"success","rates":7}',
        samples.ER_API_REFUSAL,
        b"<rates><date>11.03.2026</date></rates>",
        b"<ValCurs Date='11.03.2026'/>",
        b"CURRENCY,TIME_PERIOD,OBS_VALUE\n",
        b'CURRENCY,TIME_PERIOD,OBS_VALUE\n"USD,2026-03-11,1.1\n',
        b"a,b\n1,2\n",
        b"\xff\xfe\x00\x01",
        b"<!--date-->11.03.2026<!--date-->",
        b"<!--date--><!--value-->1,0<!--value-->",
    ],
)
def test_a_page_that_is_no_table_of_rates_is_refused(name: str, body: bytes) -> None:
    with pytest.raises(FormatError):
        RATES_FORMATS[name](body, page())


def test_a_firewall_page_is_named_for_what_it_looks_like() -> None:
    with pytest.raises(FormatError, match="looks like a web page"):
        RATES_FORMATS["nbk"](samples.FIREWALL, page())


@pytest.mark.parametrize("name", ["nbk", "nbt", "cbr", "cbu"])
def test_half_a_document_is_refused_because_half_a_number_looks_like_a_whole_one(name: str) -> None:
    body = samples.PAGES[name][0]
    with pytest.raises(FormatError):
        RATES_FORMATS[name](body[: len(body) - 40], page())


def test_a_line_of_csv_that_was_cut_off_is_not_read() -> None:
    quotes = RATES_FORMATS["ecb"](
        b"CURRENCY,TIME_PERIOD,OBS_VALUE\nUSD,2026-03-10,1.2\nJPY,2026-03-10,16", page()
    )
    assert [quote.quote for quote in quotes] == ["USD"]


@pytest.mark.parametrize(
    "value", ["0", "-5", "", "n/a", "1e99", "999999999999", "0,0000000000001", "NaN", "1.2.3"]
)
def test_a_value_that_makes_no_sense_is_dropped_with_one_line_in_the_log(value: str) -> None:
    body = samples.NBK.replace(b"12.7", value.encode())
    with structlog.testing.capture_logs() as lines:
        quotes = RATES_FORMATS["nbk"](body, page())
    assert [quote.base for quote in quotes] == ["USD"]
    assert lines == [
        {"event": "rates dropped", "log_level": "warning", "source": "A bank", "count": 1, "codes": ["AMD"]}
    ]


@pytest.mark.parametrize(
    ("mistake", "instead"),
    [
        (b"<quant>10<", b"<quant>0<"),
        (b"<quant>10<", b"<quant>-1<"),
        (b"AMD", b"amd"),
        (b"AMD", b"KZT"),
        (b"AMD", b""),
    ],
)
def test_a_line_with_a_senseless_nominal_or_code_is_dropped(mistake: bytes, instead: bytes) -> None:
    assert [q.base for q in RATES_FORMATS["nbk"](samples.NBK.replace(mistake, instead), page())] == ["USD"]


@pytest.mark.parametrize("day", ["31.02.2026", "11.03.1926", "11.03.2062", "11/03/2026", "0.0.0", ""])
def test_a_page_with_a_senseless_date_is_refused(day: str) -> None:
    with pytest.raises(FormatError, match="none of 2"):
        RATES_FORMATS["nbk"](samples.NBK.replace(b"11.03.2026", day.encode()), page())


def test_a_past_day_that_was_answered_with_todays_rates_gives_nothing() -> None:
    with structlog.testing.capture_logs() as lines:
        assert RATES_FORMATS["cbu"](samples.CBU, page(requested=date(2019, 1, 1))) == []
    assert lines[0]["event"] == "another day answered"


def test_a_sunday_that_was_answered_with_saturdays_rates_gives_saturdays() -> None:
    quotes = RATES_FORMATS["cbr"](samples.CBR, page(requested=date(2026, 3, 12)))
    assert {quote.as_of for quote in quotes} == {date(2026, 3, 11)}


def test_a_history_of_a_currency_that_we_do_not_know_by_number_is_refused() -> None:
    with pytest.raises(FormatError, match="R99999"):
        RATES_FORMATS["cbr"](samples.CBR_HISTORY.replace(b"R01335", b"R99999"), page())


def test_a_refusal_of_the_service_is_told_in_its_own_words() -> None:
    with pytest.raises(FormatError, match="unsupported-code"):
        RATES_FORMATS["er-api"](samples.ER_API_REFUSAL, page())
