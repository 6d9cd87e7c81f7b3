"""How long stories are gathered before the fan-out walks over their followers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.roles.merging import GATHER_S, LONGEST_GATHER_S, merging_window_s
from bot.store.fanout import TAKE_OVER_AFTER_S

waits = st.floats(0, 1e7)


def test_two_seconds_while_the_line_is_shorter_than_an_hour() -> None:
    assert merging_window_s(0) == merging_window_s(3600) == GATHER_S


def test_longer_under_a_longer_line() -> None:
    assert merging_window_s(3 * 3600) == 3 * GATHER_S


@given(waits, waits)
def test_it_only_widens_with_the_line_and_stays_in_bounds(one: float, other: float) -> None:
    shorter, longer = sorted((one, other))
    assert GATHER_S <= merging_window_s(shorter) <= merging_window_s(longer) <= LONGEST_GATHER_S


def test_no_fan_out_is_taken_for_abandoned_while_it_gathers() -> None:
    assert 1.4 * LONGEST_GATHER_S < TAKE_OVER_AFTER_S
