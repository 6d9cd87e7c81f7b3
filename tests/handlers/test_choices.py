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
    assert choices.set_mode(before, mode, NOW, AT_EIGHT).follows == {KZ: NOW}


def test_who_had_pushes_keeps_the_place_in_the_log() -> None:
    assert choices.set_mode(CHAT, Mode.BOTH, NOW, AT_EIGHT).follows == {KZ: EARLY}


def test_a_mode_with_briefing_gets_a_time_unless_it_has_one() -> None:
    own = BriefingPlan(dt.time(6, 30))
    assert choices.set_mode(CHAT, Mode.BRIEFING, NOW, AT_EIGHT).briefing == AT_EIGHT
    assert choices.set_mode(replace(CHAT, briefing=own), Mode.BOTH, NOW, AT_EIGHT).briefing == own
    assert choices.set_mode(CHAT, Mode.INSTANT, NOW, AT_EIGHT).briefing is None


def test_planning_a_briefing_adds_to_pushes_and_stopping_takes_it_away() -> None:
    both = choices.plan_briefing(CHAT, AT_EIGHT)
    assert both.mode is Mode.BOTH
    assert choices.stop_briefing(both) == CHAT
    only = replace(CHAT, mode=Mode.BRIEFING, briefing=AT_EIGHT)
    assert choices.stop_briefing(only).mode is Mode.BRIEFING, "no pushes that nobody asked for"


def test_coming_back_owes_nothing_of_the_time_away() -> None:
    assert choices.resume(choices.pause(CHAT), NOW) == replace(CHAT, follows={KZ: NOW})
    assert choices.come_back(replace(CHAT, gone_since=SINCE), NOW) == replace(CHAT, follows={KZ: NOW})
    assert choices.resume(CHAT, NOW) == CHAT
    assert choices.come_back(CHAT, NOW) == CHAT


@given(st.sampled_from(Mode), st.sampled_from(Mode))
def test_choosing_a_mode_twice_is_choosing_it_once(first: Mode, second: Mode) -> None:
    chat = choices.set_mode(CHAT, first, EARLY, AT_EIGHT)
    once = choices.set_mode(chat, second, NOW, AT_EIGHT)
    assert choices.set_mode(once, second, Position(3_000), AT_EIGHT) == once
