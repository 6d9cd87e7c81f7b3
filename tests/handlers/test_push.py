"""What a due chat gets: one message for everything, the most relevant ten of many, in the order of the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefing.story_list import MOST_SHOWN
from bot.catalogue import load_catalogue
from bot.language import Tongues
from bot.model import Chat, LogEntry, Mode, Position
from handlers.buttons import ShowLatest, decode
from handlers.push import PushWriter, most_relevant
from tests.store.samples import a_chat, an_article

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
READER = a_chat(follows=["KZ", "energy"])

some_tags = st.lists(st.sampled_from(["KZ", "UZ", "energy", "sport"]), unique=True)
logs = st.lists(some_tags, max_size=30).map(lambda found: entries(*found))


def entries(*tags: list[str]) -> list[LogEntry]:
    return [
        LogEntry(Position(number), an_article(*found, title=f"Story {number:02}"))
        for number, found in enumerate(tags, 1)
    ]


@pytest.fixture(scope="module")
def writer() -> PushWriter:
    return PushWriter(load_catalogue(), Tongues(), lambda: NOW)


def test_one_story_is_a_card_with_its_preview(writer: PushWriter) -> None:
    message = writer.stories(READER, entries(["KZ"]))
    assert message is not None
    assert "Story 01" in message.html
    assert message.preview_url


def test_several_are_one_list_in_the_order_of_the_log(writer: PushWriter) -> None:
    message = writer.stories(READER, entries(*[["KZ"]] * MOST_SHOWN))
    assert message is not None
    places = [message.html.index(f"Story {number:02}") for number in range(1, MOST_SHOWN + 1)]
    assert places == sorted(places)
    assert message.buttons == ()


def test_above_ten_the_rest_is_counted_and_one_tap_away(writer: PushWriter) -> None:
    message = writer.stories(READER, entries(*[["KZ"]] * 33))
    assert message is not None
    assert message.html.count("Story ") == MOST_SHOWN
    assert "and 23 more" in message.html
    ((button,),) = message.buttons
    assert decode(button.data or "") == ShowLatest()


def test_stories_that_touch_more_of_what_is_followed_come_before_newer_ones() -> None:
    both, one = ["KZ", "energy"], ["KZ"]
    chosen = most_relevant(READER, entries(both, one, one, both, one, one), 3)
    assert [entry.position for entry in chosen] == [1, 4, 6]


@given(logs, st.integers(1, 12))
def test_what_is_shown_is_in_order_and_nothing_left_out_was_more_relevant(
    owed: list[LogEntry], limit: int
) -> None:
    chosen = most_relevant(READER, owed, limit)
    assert len(chosen) == min(limit, len(owed))
    assert [e.position for e in chosen] == sorted(e.position for e in chosen)

    def touched(entry: LogEntry) -> int:
        return len(READER.follows.keys() & set(entry.article.tags))

    left_out = [entry for entry in owed if entry not in chosen]
    assert all(touched(out) <= touched(shown) for out in left_out for shown in chosen)


@pytest.mark.parametrize(
    "reader",
    [replace(READER, paused=True), replace(READER, gone_since=NOW), replace(READER, mode=Mode.BRIEFING)],
)
def test_who_wants_no_pushes_gets_none(reader: Chat, writer: PushWriter) -> None:
    assert writer.stories(reader, entries(["KZ"])) is None


def test_nothing_owed_is_nothing_said(writer: PushWriter) -> None:
    assert writer.stories(READER, []) is None
