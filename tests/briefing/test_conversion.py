"""Reading what people type after /convert, and reckoning through the dollar."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.conversion import (
    LARGEST,
    Conversion,
    ConversionProblem,
    ConversionRequest,
    Trouble,
    convert,
    read_request,
)
from bot.briefing.currency_names import CurrencyNames
from bot.catalogue import load_catalogue
from bot.model import Quote

NAMES = CurrencyNames(load_catalogue())
DAY = date(2026, 5, 22)
KZT = Quote("USD", "KZT", Decimal("505.05"), DAY, "National Bank of Kazakhstan")
KGS = Quote("KGS", "USD", Decimal("0.0114"), DAY, "The Times of Central Asia")
EUR = Quote("EUR", "USD", Decimal("1.1"), date(2026, 5, 21), "European Central Bank")
POINT = {"en": "."}


def read(line: str, language: str = "en") -> ConversionRequest | ConversionProblem:
    return read_request(line, NAMES, language=language, decimal_sign=POINT.get(language, ","))


@pytest.mark.parametrize(
    ("language", "line", "amount", "base", "quote"),
    [
        ("en", "100 USD KZT", "100", "USD", "KZT"),
        ("en", "100 usd to kzt", "100", "USD", "KZT"),
        ("en", "USD KZT", "1", "USD", "KZT"),
        ("en", "usd/kzt", "1", "USD", "KZT"),
        ("en", "usd100 kzt", "100", "USD", "KZT"),
        ("en", "100 USD KZT please", "100", "USD", "KZT"),
        ("en", "usd 100 kzt", "100", "USD", "KZT"),
        ("en", "100usd=kzt", "100", "USD", "KZT"),
        ("en", "$100 in KZT", "100", "USD", "KZT"),
        ("en", "5k usd kzt", "5000", "USD", "KZT"),
        ("en", "1,000.50 USD KZT", "1000.50", "USD", "KZT"),
        ("en", "1.000,50 USD KZT", "1000.50", "USD", "KZT"),
        ("en", "1,000,000 UZS EUR", "1000000", "UZS", "EUR"),
        ("en", "1'000 chf usd", "1000", "CHF", "USD"),
        ("en", ".5 eur usd", "0.5", "EUR", "USD"),
        ("en", "1e3 eur usd", "1000", "EUR", "USD"),
        ("en", "10^3 eur usd", "1000", "EUR", "USD"),
        ("en", "1,500 usd kzt", "1500", "USD", "KZT"),
        ("ru", "1,500 usd kzt", "1.500", "USD", "KZT"),
        ("ru", "1.500 usd kzt", "1500", "USD", "KZT"),
        ("en", "0,500 usd kzt", "0.500", "USD", "KZT"),
        ("en", "20 US dollars to Kazakhstani tenge", "20", "USD", "KZT"),
        ("en", "20 Polish zlotys in swiss francs", "20", "PLN", "CHF"),
        ("en", "how much is 20 pounds in yen", "20", "GBP", "JPY"),
        ("ru", "1 500,50 сом в тенге", "1500.50", "KGS", "KZT"),
        ("ru", "1\u00a0500,50 сомов в тенге", "1500.50", "KGS", "KZT"),
        ("ru", "100$ в тенге", "100", "USD", "KZT"),
        ("ru", "в тенге 100 долларов", "100", "USD", "KZT"),
        ("ru", "100 руб. в сомони", "100", "RUB", "TJS"),
        ("ru", "2 млн сумов в €", "2000000", "UZS", "EUR"),
        ("ru", "100 российских рублей киргизский сом", "100", "RUB", "KGS"),
        ("ru", "100 туркменских манатов в узбекские сумы", "100", "TMT", "UZS"),
        ("ru", "5 канадских долларов в казахских тенге", "5", "CAD", "KZT"),
        ("kk", "100 доллар теңгеге", "100", "USD", "KZT"),
        ("kk", "100 доллар теңгемен", "100", "USD", "KZT"),
        ("ky", "1000 сом доллар менен", "1000", "KGS", "USD"),
        ("kk", "5 мың теңгені рубльге", "5000", "KZT", "RUB"),
        ("ky", "500 сомду теңгеге", "500", "KGS", "KZT"),
        ("uz", "100 dollar so‘mga", "100", "USD", "UZS"),
        ("uz", "100 som dollarga", "100", "UZS", "USD"),
        ("en", "100 som usd", "100", "KGS", "USD"),
        ("tg", "100 сомониро ба рубл", "100", "TJS", "RUB"),
        ("tk", "50 ýewro manada", "50", "EUR", "TMT"),
    ],
)
def test_people_may_write_as_they_speak(language: str, line: str, amount: str, base: str, quote: str) -> None:
    assert read(line, language) == ConversionRequest(Decimal(amount), base, quote)


@pytest.mark.parametrize(
    ("line", "trouble", "detail"),
    [
        ("", Trouble.EMPTY, ""),
        ("100", Trouble.TOO_FEW, ""),
        ("KZT", Trouble.TOO_FEW, "KZT"),
        ("100 kzt", Trouble.TOO_FEW, "KZT"),
        ("100 USD KZT EUR RUB", Trouble.TOO_MANY, ""),
        ("100 USD 200 KZT", Trouble.TOO_MANY, "100 200"),
        ("NaN USD KZT", Trouble.NOT_A_NUMBER, "NaN"),
        ("infinity USD KZT", Trouble.NOT_A_NUMBER, "infinity"),
        ("∞ USD KZT", Trouble.NOT_A_NUMBER, "∞"),
        ("1.2.3 USD KZT", Trouble.NOT_A_NUMBER, "1.2.3"),
        ("-5 USD KZT", Trouble.NEGATIVE, "-5"),
        ("−5 USD KZT", Trouble.NEGATIVE, "−5"),
        ("0 USD KZT", Trouble.ZERO, "0"),
        ("0.00 USD KZT", Trouble.ZERO, "0.00"),
        ("10^30 USD KZT", Trouble.TOO_LARGE, "10^30"),
        ("1e30 USD KZT", Trouble.TOO_LARGE, "1e30"),
        ("9^999999999 USD KZT", Trouble.TOO_LARGE, "9^999999999"),
        ("1e999999999 USD KZT", Trouble.TOO_LARGE, "1e999999999"),
        ("1" + "0" * 30 + " USD KZT", Trouble.TOO_LARGE, "1" + "0" * 30),
        ("100 USD USD", Trouble.SAME_CURRENCY, "USD"),
        ("100 $ в доллары", Trouble.SAME_CURRENCY, "USD"),
        ("100 USD ABC", Trouble.UNKNOWN_CURRENCY, "ABC"),
        ("100 eggs in baskets", Trouble.UNKNOWN_CURRENCY, "eggs"),
    ],
)
def test_what_cannot_be_done_is_told_apart(line: str, trouble: Trouble, detail: str) -> None:
    problem = read(line)
    assert isinstance(problem, ConversionProblem)
    assert (problem.trouble, problem.detail) == (trouble, detail)


@pytest.mark.parametrize(
    ("slip", "meant"), [("KZR", "KZT"), ("тенгге", "KZT"), ("dolar", "USD"), ("rubel", "RUB")]
)
def test_a_slip_is_answered_with_what_was_probably_meant(slip: str, meant: str) -> None:
    problem = read(f"100 {slip} to gbp")
    if isinstance(problem, ConversionRequest):
        assert problem.base == meant
    else:
        assert meant in problem.suggestions


def test_every_currency_of_the_catalogue_is_found_by_its_name_in_every_language() -> None:
    catalogue = load_catalogue()
    for currency in catalogue.currencies:
        for language in ("en", "ru", "kk", "ky", "uz", "tg", "tk"):
            name = catalogue.currency_name(currency.code, language)
            assert NAMES.find(name, language) == currency.code, (name, language)


@given(st.text(max_size=200))
def test_no_line_is_too_strange_to_be_answered(line: str) -> None:
    answer = read(line)
    assert isinstance(answer, ConversionProblem) or 0 < answer.amount <= LARGEST


def test_the_dollar_takes_one_quote_and_any_other_pair_two() -> None:
    one = convert(ConversionRequest(Decimal(100), "USD", "KZT"), [KGS, KZT])
    assert one == Conversion(ConversionRequest(Decimal(100), "USD", "KZT"), Decimal("50505"), (KZT,))
    two = convert(ConversionRequest(Decimal(100), "KGS", "KZT"), [KGS, KZT, EUR])
    assert isinstance(two, Conversion)
    assert (two.result, two.used) == (Decimal("575.757"), (KGS, KZT))


def test_the_swap_button_asks_for_the_same_amount_the_other_way_round() -> None:
    request = ConversionRequest(Decimal(5), "EUR", "KGS")
    assert request.swapped == ConversionRequest(Decimal(5), "KGS", "EUR")


def test_a_currency_without_a_rate_is_named() -> None:
    answer = convert(ConversionRequest(Decimal(100), "USD", "TMT"), [KZT])
    assert answer == ConversionProblem(Trouble.NO_RATE, "TMT")


amounts = st.decimals("0.01", "1e15", places=2)
values = st.decimals("0.000001", "1e6", places=6)


@given(amount=amounts, a=values, b=values, a_first=st.booleans(), b_first=st.booleans(), dollar=st.booleans())
def test_there_and_back_again_gives_the_amount_to_within_rounding(
    amount: Decimal, a: Decimal, b: Decimal, a_first: bool, b_first: bool, dollar: bool
) -> None:
    quotes = [
        Quote(*(("KZT", "USD") if a_first else ("USD", "KZT")), a, DAY, "A"),
        Quote(*(("UZS", "USD") if b_first else ("USD", "UZS")), b, DAY, "B"),
    ]
    there = convert(ConversionRequest(amount, "KZT", "USD" if dollar else "UZS"), quotes)
    assert isinstance(there, Conversion)
    back = convert(ConversionRequest(there.result, there.request.quote, "KZT"), quotes)
    assert isinstance(back, Conversion)
    assert round(back.result, 12) == amount
