"""What a poll leaves behind, decided without a network or a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.roles.news_desk import MOST_NEW, TakenIn
from bot.roles.source_record import (
    MOST_NEW_A_DAY,
    READ_HALF,
    TOO_MUCH,
    Answer,
    address_of,
    after_failure,
    after_success,
    back_off_s,
    left_today,
    validators_for,
)
from bot.sources.fetching import Validators
from bot.sources.polling import NewsRead, Unchanged
from bot.store.source_states import SourceState
from tests.sources.conftest import NOW, news

OLD, NEW = "https://a.example/feed", "https://b.example/feed"
SOURCE = news(OLD)
KNOWN = SourceState(url=OLD, etag='"v1"', last_modified="then", filled=True)
READ = NewsRead((), Validators('"v2"'), 300)


def after(
    state: SourceState, answer: Answer, *, asked: str = OLD, taken: TakenIn | None = None
) -> SourceState:
    return after_success(state, SOURCE, asked, answer, taken or TakenIn(), now=NOW, took_s=0.1)


def test_a_source_is_asked_where_it_has_moved_and_now_and_then_where_it_was_if_that_fails() -> None:
    moved = replace(KNOWN, moved_to=NEW)
    assert address_of(SOURCE, KNOWN, 5) == OLD
    asked = [address_of(SOURCE, moved, attempts) for attempts in range(7)]
    assert asked == [NEW, NEW, NEW, OLD, NEW, OLD, NEW]


def test_where_it_has_moved_is_remembered_until_it_moves_again_or_the_old_address_works() -> None:
    moved = after(KNOWN, replace(READ, moved_to=NEW))
    assert moved.moved_to == NEW
    assert after(moved, Unchanged(Validators(), 300), asked=NEW).moved_to == NEW
    assert after(moved, READ, asked=OLD).moved_to == ""


def test_what_one_address_said_is_not_told_to_another() -> None:
    moved = replace(KNOWN, moved_to=NEW)
    assert validators_for(OLD, SOURCE, KNOWN) == Validators('"v1"', "then")
    assert validators_for(NEW, SOURCE, moved) == Validators('"v1"', "then")
    assert validators_for(OLD, SOURCE, moved) == Validators()


def test_only_a_whole_page_fills_a_source_and_after_some_halves_half_a_page_does() -> None:
    new = SourceState(url=OLD)
    half = replace(READ, whole=False)
    assert after(new, READ).filled
    assert not after(new, Unchanged(Validators(), 300)).filled
    once = after(new, half)
    assert (once.filled, once.last_error, once.failures) == (False, READ_HALF, 1)
    assert after(replace(once, polls=3), half).filled


def test_a_source_that_invents_stories_is_believed_so_many_a_day() -> None:
    assert left_today(SourceState(url=OLD), NOW) == MOST_NEW, "a first fill may be large"
    busy = replace(KNOWN, day="2026-06-15", new_that_day=MOST_NEW_A_DAY - 5)
    assert left_today(busy, NOW) == 5
    assert left_today(replace(busy, new_that_day=MOST_NEW_A_DAY + 5), NOW) == 0
    assert left_today(busy, NOW + timedelta(days=1)) == MOST_NEW_A_DAY
    shown = after(busy, READ, taken=TakenIn(left_out=1))
    assert (shown.last_error, shown.failures) == (TOO_MUCH, 1)


def test_a_long_cause_is_cut_and_counted() -> None:
    failed = after_failure(KNOWN, "x" * 1000)
    assert (len(failed.last_error), failed.failures, failed.polls) == (300, 1, 1)


@pytest.mark.parametrize(("attempts", "least_s"), [(0, 300), (1, 600), (3, 2400), (4, 3600), (10**6, 3600)])
def test_errors_double_the_pause_up_to_an_hour_with_jitter(attempts: int, least_s: float) -> None:
    pauses = {back_off_s(attempts, 300) for _ in range(50)}
    assert all(least_s <= pause <= least_s * 1.2 for pause in pauses)
    assert len(pauses) > 10


def test_a_wish_of_the_server_counts_where_it_is_longer() -> None:
    assert back_off_s(0, 300, retry_after_s=5000) == 5000
    assert back_off_s(0, 300, retry_after_s=1) >= 300
    assert back_off_s(3, 7200) >= 7200, "never sooner than the operator says"
