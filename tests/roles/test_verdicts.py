"""Every outcome has its verdict: what moves, what waits, for how long, and what is given up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Gone, GoneReason, Later, Moved, Outcome, Position, Refused, RefusedReason, Sent
from bot.roles.verdicts import BACK_OFF_S, MOST_REFUSALS, UNSURE_PAUSE_S, Service, Verdict, judge
from bot.store.schedule import Claim

SERVICE = Service(cursor=Position(700))

outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Sent, st.integers(1, 10**6)),
    st.builds(Later, st.floats(0, 4000), st.just("cause"), st.booleans(), st.booleans()),
    st.builds(Moved, st.integers(-(10**13), -1)),
    st.builds(Gone, st.just("cause"), st.sampled_from(GoneReason)),
    st.builds(Refused, st.just("cause"), st.sampled_from(RefusedReason)),
)
claims = st.integers(0, 50).flatmap(
    lambda attempts: st.builds(
        Claim, st.just("7"), st.just(1), st.just(0.0), st.just(attempts), st.integers(0, min(attempts, 2))
    )
)


def claim(attempts: int = 0, refusals: int = 0) -> Claim:
    return Claim("7", token=1, due_ms=0.0, attempts=attempts, refusals=refusals)


def test_what_was_sent_is_owed_no_more_and_failures_are_forgotten() -> None:
    assert judge(Sent(1), SERVICE, claim(3, 1)) == Verdict(cursor=Position(700))


def test_a_429_is_waited_out_to_the_second_and_is_no_failure() -> None:
    verdict = judge(Later(37.0, "slow down", limited=True), SERVICE, claim(2, 1))
    assert verdict.due_in_s == 37.0
    assert verdict.cursor is None, "the message stays owed"
    assert (verdict.attempts, verdict.refusals) == (2, 1)


def test_trouble_is_tried_again_with_back_off() -> None:
    waits = [judge(Later(0.0, "500"), SERVICE, claim(n)).due_in_s for n in range(8)]
    assert waits == [*BACK_OFF_S, BACK_OFF_S[-1], BACK_OFF_S[-1]]


def test_an_unknown_outcome_is_tried_again_after_a_pause() -> None:
    verdict = judge(Later(0.0, "reset", unsure=True), SERVICE, claim())
    assert verdict.due_in_s == UNSURE_PAUSE_S
    assert verdict.cursor is None, "better twice than never"


def test_where_nobody_is_nothing_is_tried_again() -> None:
    for outcome in (Gone("blocked"), Moved(-100)):
        assert judge(outcome, SERVICE, claim(1)).due_in_s is None


def test_a_message_is_given_up_at_its_third_refusal_and_the_chat_goes_on() -> None:
    refusals = 0
    for attempt in range(MOST_REFUSALS):
        verdict = judge(Refused("no"), SERVICE, claim(attempt, refusals))
        refusals = verdict.refusals
    assert verdict.set_aside == "no"
    assert verdict.cursor == 700


def test_trouble_on_the_way_does_not_count_as_refusal() -> None:
    verdict = judge(Refused("no"), SERVICE, claim(attempts=40, refusals=0))
    assert verdict.set_aside is None
    assert (verdict.attempts, verdict.refusals) == (41, 1)


@given(outcomes, claims)
def test_a_message_is_done_with_or_tried_again_and_never_forgotten(outcome: Outcome, claim: Claim) -> None:
    verdict = judge(outcome, SERVICE, claim)
    done = verdict.cursor is not None
    nobody_there = isinstance(outcome, Gone | Moved)
    assert done or nobody_there or (verdict.due_in_s is not None and verdict.hold)
    assert not done or isinstance(outcome, Sent) or verdict.set_aside


@pytest.mark.parametrize("reason", RefusedReason)
def test_every_kind_of_refusal_ends(reason: RefusedReason) -> None:
    assert judge(Refused("no", reason), SERVICE, claim(9, MOST_REFUSALS - 1)).set_aside
