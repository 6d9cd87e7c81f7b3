import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Address, BriefingPlan, Chat, ChatKind, Mode, Position, Tag
from handlers import choices

EARLY, NOW = Position(1_000), Position(2_000)
KZ, UZ = Tag("KZ"), Tag("UZ")
CHAT = Chat(Address(1), ChatKind.PRIVATE, "en", "Asia/Almaty", follows={KZ: EARLY})
AT_EIGHT = BriefingPlan(dt.time(8, 0))
CLOCK = dt.datetime(2026, 5, 12, 9, tzinfo=dt.UTC)
SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_following_starts_now_and_leaves_the_rest_alone() -> None:
    assert choices.follow(CHAT, [UZ, KZ], NOW).follows == {KZ: EARLY, UZ: NOW}


def test_unfollowing_what_is_not_followed_changes_nothing() -> None:
    assert choices.unfollow(CHAT, [UZ]) == CHAT
    assert choices.unfollow(CHAT, [KZ]).follows == {}
    assert choices.unfollow_all(CHAT).follows == {}


@pytest.mark.parametrize("mode", [Mode.INSTANT, Mode.BOTH])
def test_who_had_only_the_briefing_is_owed_nothing_from_before(mode: Mode) -> None:
    before = replace(CHAT, mode=Mode.BRIEFING, briefing=AT_EIGHT)
    assert choices.set_mode(before, mode, NOW, AT_EIGHT, CLOCK).follows == {KZ: NOW}


def test_who_had_pushes_keeps_the_place_in_the_log() -> None:
    assert choices.set_mode(CHAT, Mode.BOTH, NOW, AT_EIGHT, CLOCK).follows == {KZ: EARLY}


def test_a_mode_with_briefing_gets_a_time_unless_it_has_one() -> None:
    own = BriefingPlan(dt.time(6, 30))
    begun = choices.set_mode(CHAT, Mode.BRIEFING, NOW, AT_EIGHT, CLOCK).briefing
    assert begun is not None
    assert begun.at == AT_EIGHT.at
    both = replace(CHAT, mode=Mode.BOTH, briefing=own)
    assert choices.set_mode(both, Mode.BRIEFING, NOW, AT_EIGHT, CLOCK).briefing == own
    assert choices.set_mode(CHAT, Mode.INSTANT, NOW, AT_EIGHT, CLOCK).briefing is None


def test_planning_a_briefing_adds_to_pushes_and_stopping_takes_it_away() -> None:
    both = choices.plan_briefing(CHAT, AT_EIGHT, CLOCK)
    assert both.mode is Mode.BOTH
    assert choices.stop_briefing(both) == CHAT
    only = replace(CHAT, mode=Mode.BRIEFING, briefing=AT_EIGHT)
    assert choices.stop_briefing(only).mode is Mode.BRIEFING, "no pushes that nobody asked for"


def at_hour(hour: int) -> dt.datetime:
    """An hour of 12 May 2026 in Almaty."""
    return dt.datetime(2026, 5, 12, hour, tzinfo=dt.timezone(dt.timedelta(hours=5)))


def test_a_new_plan_begins_with_its_next_occurrence() -> None:
    late = choices.plan_briefing(CHAT, AT_EIGHT, at_hour(9)).briefing
    early = choices.plan_briefing(CHAT, AT_EIGHT, at_hour(7)).briefing
    assert late == replace(AT_EIGHT, first_day=dt.date(2026, 5, 13))
    assert early == replace(AT_EIGHT, first_day=dt.date(2026, 5, 12))


def test_a_changed_plan_remembers_when_it_was_changed_and_keeps_its_beginning() -> None:
    planned = choices.plan_briefing(CHAT, AT_EIGHT, at_hour(7))
    moved = choices.plan_briefing(planned, BriefingPlan(dt.time(20)), at_hour(12)).briefing
    assert moved is not None
    assert (moved.at, moved.first_day) == (dt.time(20), dt.date(2026, 5, 12))
    assert moved.since == dt.datetime(2026, 5, 12, 7, tzinfo=dt.UTC)
    assert choices.plan_briefing(planned, AT_EIGHT, at_hour(12)) == planned, "nothing was changed"
    there = choices.set_timezone(planned, "Europe/Berlin", at_hour(12)).briefing
    assert there is not None
    assert there.since == dt.datetime(2026, 5, 12, 7, tzinfo=dt.UTC)


def test_coming_back_owes_nothing_of_the_time_away() -> None:
    assert choices.resume(choices.pause(CHAT), NOW) == replace(CHAT, follows={KZ: NOW})
    assert choices.come_back(replace(CHAT, gone_since=SINCE), NOW) == replace(CHAT, follows={KZ: NOW})
    assert choices.resume(CHAT, NOW) == CHAT
    assert choices.come_back(CHAT, NOW) == CHAT


@given(st.sampled_from(Mode), st.sampled_from(Mode))
def test_choosing_a_mode_twice_is_choosing_it_once(first: Mode, second: Mode) -> None:
    chat = choices.set_mode(CHAT, first, EARLY, AT_EIGHT, CLOCK)
    once = choices.set_mode(chat, second, NOW, AT_EIGHT, CLOCK)
    assert choices.set_mode(once, second, Position(3_000), AT_EIGHT, CLOCK) == once
