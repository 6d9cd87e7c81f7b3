"""The strip of rates that news sites carry."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.errors import FormatError
from bot.model import Quote
from bot.sources.rates.page import RatesPage
from bot.sources.rates.ticker import read
from tests.shared_data import require_shared_data

PAGE = RatesPage("Courier", None, today=date(2026, 6, 15))


def quotes(text: str) -> list[Quote]:
    return read(text.encode(), PAGE)


def test_lines_become_quotes_each_pair_once() -> None:
    strip = "• KGS/USD = 0.01144 0%\n• KZT/USD = 0.00198 -0%\n• TJS/USD = 0.10903 0.18%\n"
    assert quotes(strip * 3) == [
        Quote("KGS", "USD", Decimal("0.01144"), PAGE.today, "Courier", Decimal(0)),
        Quote("KZT", "USD", Decimal("0.00198"), PAGE.today, "Courier", Decimal(0)),
        Quote("TJS", "USD", Decimal("0.10903"), PAGE.today, "Courier", Decimal("0.18")),
    ]


@pytest.mark.parametrize(
    ("written", "value", "change"),
    [
        ("KZT/USD = 0,00198 +1,5 %", "0.00198", "1.5"),
        ("KZT/USD: 0.00198 −0.4%", "0.00198", "-0.4"),
        ("KZT / USD=0.00198", "0.00198", None),
        ("<b>KZT/USD</b> = 0.00198 <i>-0.12%</i>", "0.00198", "-0.12"),
        ("<p><span>KZT/USD</span> <span>=</span> <span>0.00198</span></p>", "0.00198", None),
    ],
)
def test_many_spellings_are_one_rate(written: str, value: str, change: str | None) -> None:
    (quote,) = quotes(written)
    assert (quote.value, quote.change_percent) == (Decimal(value), Decimal(change) if change else None)


@pytest.mark.parametrize(
    "text", ["", "no rates", "KZT/USD = 0", "USD/USD = 1", "kzt/usd = 0.2", "<html></html>"]
)
def test_a_page_without_a_rate_is_an_error(text: str) -> None:
    with pytest.raises(FormatError):
        quotes(text)


def test_the_date_is_the_pages_own_if_it_is_not_in_the_future() -> None:
    assert quotes("KZT/USD = 0.00198\n12 June 2026\n")[0].as_of == date(2026, 6, 12)
    assert quotes("KZT/USD = 0.00198\n12 June 2027\n")[0].as_of == PAGE.today
    assert (
        quotes("KZT/USD = 0.00198\nOn 12 June 2026 a story happened that is long.\n")[0].as_of == PAGE.today
    )


def test_the_date_of_a_story_is_not_the_pages() -> None:
    story = "<article><h2><a href='/1'>Headline</a></h2><time>1 June 2026</time><p>{}</p></article>"
    cards = story.format("Words of a story. " * 9) * 3
    assert quotes(f"<p>KZT/USD = 0.00198</p>{cards}")[0].as_of == PAGE.today


def test_the_seed_page_shows_its_five_pairs() -> None:
    page = (require_shared_data() / "seed" / "timesca-topic-page.txt").read_bytes()
    found = read(page, PAGE)
    assert [quote.base for quote in found] == ["KGS", "KZT", "TJS", "UZS", "TMT"]
    assert {quote.as_of for quote in found} == {date(2025, 12, 5)}
