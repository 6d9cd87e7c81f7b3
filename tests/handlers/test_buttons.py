import dataclasses
import datetime as dt
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load_catalogue
from bot.model import Mode, Tag
from handlers import TAPS, buttons
from handlers.buttons import Follow, SetMode, SetTimezone, Tap, TurnPage, View, decode, encode

KINDS = typing.get_args(Tap)

VALUES = {
    "tag": st.sampled_from(load_catalogue().tags),
    "offset": st.integers(0, 999_999_999),
    "since": st.integers(0, 999_999_999),
    "until": st.integers(0, 999_999_999),
    "at": st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    "start": st.just(dt.time(22, 0)),
    "end": st.just(dt.time(7, 5)),
    "weekdays": st.frozensets(st.integers(1, 7), min_size=1),
    "view": st.sampled_from(View),
    "section": st.sampled_from(buttons.Section),
    "mode": st.sampled_from(Mode),
    "zone": st.just("America/Argentina/ComodRivadavia"),
    "code": st.sampled_from(["en", "kk"]),
    "words": st.text("abcжү ", min_size=1, max_size=20),
    "announcement": st.text("0123456789abcdef", min_size=12, max_size=12),
    "amount": st.decimals(0, 10**15, places=2),
    "base": st.just("USD"),
    "quote": st.just("KZT"),
    "days": st.integers(1, 400),
    "purpose": st.sampled_from(buttons.Purpose),
    "codes": st.sampled_from(["KGS,KZT,TJS", "EUR"]),
    "percent": st.decimals(0, 50, places=2),
    "article_id": st.text("0123456789abcdef", min_size=1, max_size=40),
}
taps = st.sampled_from(KINDS).flatmap(
    lambda kind: st.builds(kind, **{field.name: VALUES[field.name] for field in dataclasses.fields(kind)})
)


@given(taps)
def test_every_tap_comes_back_as_it_was(tap: Tap) -> None:
    assert decode(encode(tap)) == tap


@pytest.mark.parametrize("tap", [TurnPage(None, 0), buttons.ShowLatest(None)])
def test_no_tag_is_everything(tap: Tap) -> None:
    assert decode(encode(tap)) == tap


@given(
    st.text(max_size=64) | st.builds(":".join, st.lists(st.text("fupbvmtqz0128:KZ-", max_size=5), max_size=4))
)
def test_junk_is_never_an_error_and_never_half_a_tap(data: str) -> None:
    tap = decode(data)
    assert tap is None or decode(encode(tap)) == tap


@pytest.mark.parametrize(
    "data", ["f:KZ", "f:KZ:q", "p:KZ:-1", "p:KZ:１", "t:2500:1", "t:0800:8", "t:0800:", "m:loud"]
)
def test_what_was_never_written_means_nothing(data: str) -> None:
    assert decode(data) is None


def test_what_does_not_fit_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        encode(SetTimezone("x" * 64))
    with pytest.raises(ValueError, match="cannot be written"):
        encode(Follow(Tag("a:b"), View.WELCOME))


def test_data_written_by_earlier_versions_is_still_understood() -> None:
    assert decode("f:KZ:w") == Follow(Tag("KZ"), View.WELCOME)
    assert decode("p::6") == TurnPage(None, 6)
    assert decode("m:both") == SetMode(Mode.BOTH)


def test_every_kind_of_button_has_somebody_who_answers_it() -> None:
    assert set(TAPS) == set(KINDS)
