"""What a page of rates brings: accepted, held back, confirmed, chosen, and who is told. Pure decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Fixing, Quote
from bot.rate_choice import foreign
from bot.roles.rates_desk import Weighed, weigh
from bot.store.held_rates import HeldRate

TODAY = date(2026, 5, 22)


def tenge(value: str, age: int = 0, source: str = "Bank", change: str | None = None) -> Quote:
    day = TODAY - timedelta(days=age)
    return Quote("USD", "KZT", Decimal(value), day, source, Decimal(change) if change else None)


class Book:
    """What is stored, as pages come in."""

    def __init__(self) -> None:
        self.fixings: dict[str, list[Fixing]] = {}
        self.held: dict[str, HeldRate] = {}

    def take(self, *quotes: Quote, source_format: str = "nbk") -> Weighed:
        weighed = weigh(quotes, source_format, self.fixings, self.held.values(), {}, TODAY)
        for fixing in weighed.news.fixings:
            of = self.fixings.setdefault(foreign(fixing.quote), [])
            of[:] = [*(known for known in of if known.quote.source != fixing.quote.source), fixing]
        for rate in weighed.release:
            del self.held[rate.name]
        self.held |= {rate.name: rate for rate in weighed.hold}
        return weighed


def moved(weighed: Weighed) -> Sequence[tuple[str | None, str]]:
    return [(str(m.old.value) if m.old else None, str(m.new.value)) for m in weighed.news.moves]


def test_a_new_fixing_is_told_once_with_old_and_new_value() -> None:
    book = Book()
    assert moved(book.take(tenge("500", 1))) == [(None, "500")]
    second = book.take(tenge("505"))
    assert moved(second) == [("500", "505")]
    assert second.news.fixings[0].quote.change_percent == Decimal(1)
    assert book.take(tenge("505")).news.empty


def test_only_what_people_see_is_told() -> None:
    book = Book()
    book.take(tenge("500"))
    other = book.take(tenge("507", 0, "World"), source_format="er-api")
    assert len(other.news.fixings) == 1
    assert moved(other) == []


def test_a_correction_of_the_same_day_is_compared_with_the_day_before() -> None:
    book = Book()
    book.take(tenge("500", 1))
    book.take(tenge("510"))
    corrected = book.take(tenge("505"))
    assert moved(corrected) == [("510", "505")]
    assert corrected.news.fixings[0].quote.change_percent == Decimal(1)


def test_an_older_page_changes_nothing() -> None:
    book = Book()
    book.take(tenge("500"))
    assert book.take(tenge("400", 3)).news.empty


def test_a_wild_move_waits_until_the_next_fixing_confirms_it() -> None:
    book = Book()
    book.take(tenge("500", 2))
    wild = book.take(tenge("600", 1))
    assert wild.news.empty
    assert [round(rate.moved_percent) for rate in wild.hold] == [20]
    assert book.take(tenge("600", 1)).hold == [], "the same page again is no news for operators"
    confirmed = book.take(tenge("603"))
    assert moved(confirmed) == [("500", "603")]
    assert book.held == {}


def test_a_wild_move_that_the_next_fixing_takes_back_was_never_there() -> None:
    book = Book()
    book.take(tenge("500", 2))
    book.take(tenge("600", 1))
    assert moved(book.take(tenge("501"))) == [("500", "501")]
    assert book.held == {}


def test_a_second_source_confirms_what_was_held() -> None:
    book = Book()
    book.take(tenge("500", 1))
    book.take(tenge("600"))
    weighed = book.take(tenge("601", 0, "World"), source_format="er-api")
    assert {fixing.quote.source for fixing in weighed.news.fixings} == {"World", "Bank"}
    assert moved(weighed) == [("500", "600")]


def test_a_limit_may_be_wider_for_a_wild_currency() -> None:
    known = {"KZT": [Fixing(tenge("500", 1), "nbk")]}
    assert weigh([tenge("600")], "nbk", known, [], {"KZT": Decimal(25)}, TODAY).hold == []


def test_the_own_change_of_a_ticker_is_kept_and_a_bank_is_compared_with_its_last_fixing() -> None:
    book = Book()
    book.take(tenge("500", 1, "T"), source_format="ticker")
    ticker = book.take(tenge("505", 0, "T", "0.31"), source_format="ticker")
    assert ticker.news.fixings[0].quote.change_percent == Decimal("0.31")
    book.take(tenge("500", 1))
    bank = book.take(tenge("505", 0, "Bank", "0.31"))
    assert bank.news.fixings[0].quote.change_percent == Decimal(1)


def test_the_days_change_after_a_gap_is_the_one_that_the_bank_printed() -> None:
    book = Book()
    book.take(tenge("480", 30))
    weighed = book.take(tenge("505", 0, "Bank", "0.31"))
    assert weighed.news.fixings[0].quote.change_percent == Decimal("0.31")


pages = st.lists(
    st.builds(
        tenge,
        st.integers(1, 10_000).map(str),
        st.integers(0, 9),
        st.sampled_from(["Bank", "World", "Ticker"]),
    ),
    max_size=8,
)


@given(st.lists(pages, max_size=6))
def test_a_page_that_comes_again_moves_nothing(days: list[list[Quote]]) -> None:
    book = Book()
    for page in days:
        book.take(*page)
        book.take(*page)
        assert moved(book.take(*page)) == []
