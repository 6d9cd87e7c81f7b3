"""What is on for a chat: which briefing, with the stories of which hours, and how long pushes wait."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.briefing.digest import WINDOW
from bot.briefing.timetable import spread_s
from bot.model import Address, BriefingPlan, Chat, ChatKind, Mode, QuietHours
from bot.roles.agenda import Agenda, agenda

READER = Chat(
    Address(42), ChatKind.PRIVATE, "en", "Asia/Almaty", mode=Mode.BOTH, briefing=BriefingPlan(time(8))
)
EIGHT = datetime(2026, 5, 12, 3, tzinfo=UTC) + timedelta(seconds=spread_s(READER.address))  # in Almaty
TODAY, YESTERDAY, DAY = date(2026, 5, 12), date(2026, 5, 11), timedelta(days=1)


def test_a_briefing_looks_back_to_the_one_before_it() -> None:
    due = agenda(READER, YESTERDAY, EIGHT).briefing
    assert due is not None
    assert (due.day, due.since, due.at) == (TODAY, EIGHT - DAY, EIGHT)


def test_the_first_one_looks_back_a_day_and_a_half() -> None:
    due = agenda(READER, None, EIGHT).briefing
    assert due is not None
    assert due.since == EIGHT - WINDOW


def test_a_late_one_ends_where_the_next_one_begins() -> None:
    late = agenda(READER, YESTERDAY, EIGHT + timedelta(hours=2)).briefing
    after = agenda(READER, TODAY, EIGHT + DAY).briefing
    assert late is not None
    assert after is not None
    assert late.at == after.since == EIGHT


def test_after_a_change_of_the_hour_no_story_falls_between() -> None:
    """Yesterday's went out at eight, today's comes at eight in the evening."""
    changed = replace(READER, briefing=BriefingPlan(time(20), since=EIGHT - DAY + timedelta(hours=4)))
    due = agenda(changed, YESTERDAY, EIGHT + timedelta(hours=12)).briefing
    assert due is not None
    assert due.since <= EIGHT - DAY


def test_who_wants_stories_only_as_they_appear_has_no_briefing() -> None:
    assert agenda(replace(READER, mode=Mode.INSTANT), YESTERDAY, EIGHT) == Agenda()
    assert agenda(replace(READER, paused=True), YESTERDAY, EIGHT) == Agenda()


def test_quiet_hours_do_not_hold_back_the_briefing_that_lies_in_them() -> None:
    quiet = replace(READER, quiet=QuietHours(time(7), time(9)))
    before = agenda(quiet, YESTERDAY, EIGHT - timedelta(minutes=30))
    assert before.quiet_s == before.look_again_s == 1800
    assert agenda(quiet, YESTERDAY, EIGHT).briefing is not None
