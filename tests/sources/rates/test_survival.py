"""Whatever a network does to a page, a format answers with quotes or with FormatError, and soon."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import FormatError
from bot.sources.rates import RATES_FORMATS
from tests.sources.rates.samples import PAGES, page

CASES = [(name, body) for name, bodies in PAGES.items() for body in bodies]


def test_every_format_has_a_page_to_be_broken() -> None:
    assert PAGES.keys() == RATES_FORMATS.keys()


def _survives(name: str, body: bytes) -> None:
    with structlog.testing.capture_logs(), contextlib.suppress(FormatError):
        for quote in RATES_FORMATS[name](body, page()):
            assert quote.value > 0
            assert date(1991, 1, 1) <= quote.as_of <= date(2026, 3, 27)
            assert quote.base != quote.quote


@pytest.mark.parametrize(("name", "body"), CASES)
@settings(max_examples=60, deadline=1000)
@given(data=st.data())
def test_a_truncated_page(name: str, body: bytes, data: st.DataObject) -> None:
    _survives(name, body[: data.draw(st.integers(0, len(body)))])


@pytest.mark.parametrize(("name", "body"), CASES)
@settings(max_examples=60, deadline=1000)
@given(data=st.data())
def test_a_page_whose_pieces_were_shuffled(name: str, body: bytes, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 60))
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    _survives(name, b"".join(data.draw(st.permutations(pieces))))


@pytest.mark.parametrize(("name", "body"), CASES)
@settings(max_examples=100, deadline=1000)
@given(data=st.data())
def test_a_page_with_bytes_changed(name: str, body: bytes, data: st.DataObject) -> None:
    changed = bytearray(body)
    for at, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(body) - 1), st.integers(0, 255)), max_size=8)
    ):
        changed[at] = byte
    _survives(name, bytes(changed))


@pytest.mark.parametrize("name", PAGES)
@settings(max_examples=60, deadline=1000)
@given(body=st.binary(max_size=400))
def test_any_bytes_at_all(name: str, body: bytes) -> None:
    _survives(name, body)


@pytest.mark.parametrize("name", PAGES)
def test_a_megabyte_of_opening_tags_or_brackets_ends_soon(name: str) -> None:
    for piece in (b"<rates>", b"[", b'{"rates":', b"<!--date-->", b"<!--date-->1", b'"', b","):
        _survives(name, piece * (1_000_000 // len(piece)))
