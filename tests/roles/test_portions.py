"""What goes into one message: everything, but announcements alone and a channel's stories one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Address, Article, Chat, ChatKind, LogEntry, Message, Mode, Position, Tag
from bot.roles.portions import MOST_POSTS, is_announcement, owed_tags, portion
from bot.store.announcements import ANNOUNCEMENT
from handlers.push import dressed

CHAT = Chat(Address(1), ChatKind.PRIVATE, "en", "Asia/Almaty", follows={Tag("KZ"): Position(5)})
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
CHANNEL = replace(CHAT, address=Address(-1001234567890), kind=ChatKind.CHANNEL)


def entry(position: int, topic: str = "energy") -> LogEntry:
    article = Article(
        f"a{position}", "T", None, datetime(2026, 1, 1, tzinfo=UTC), "S", "x", topics=(Tag(topic),)
    )
    return LogEntry(Position(position), article)


entries = st.lists(st.booleans(), min_size=1, max_size=30).map(
    lambda kinds: [entry(at, ANNOUNCEMENT if announced else "energy") for at, announced in enumerate(kinds)]
)


@given(entries, st.sampled_from([CHAT, CHANNEL]))
def test_portion_by_portion_everything_comes_once_and_in_order(owed: list[LogEntry], chat: Chat) -> None:
    served: list[LogEntry] = []
    while len(served) < len(owed):
        part = portion(chat, owed[len(served) :])
        assert part
        assert len(part) == 1 or not any(is_announcement(item.article) for item in part)
        served += part
    assert served == owed


def test_a_reader_gets_all_stories_together_and_a_channel_few_ones_one_by_one() -> None:
    few, many = [entry(at) for at in range(MOST_POSTS)], [entry(at) for at in range(MOST_POSTS + 1)]
    assert portion(CHAT, few) == few
    assert portion(CHANNEL, few) == few[:1]
    assert portion(CHANNEL, many) == many


def test_who_has_only_briefings_is_owed_announcements_and_who_is_away_nothing() -> None:
    assert set(owed_tags(CHAT, NOW)) == {"KZ", ANNOUNCEMENT}
    assert set(owed_tags(replace(CHAT, mode=Mode.BRIEFING), NOW)) == {ANNOUNCEMENT}
    assert not owed_tags(replace(CHAT, paused=True), NOW)


def test_an_announcement_of_last_week_is_owed_to_nobody() -> None:
    since = owed_tags(CHAT, NOW)[ANNOUNCEMENT]
    assert NOW - datetime.fromtimestamp(since / 1000, UTC) == timedelta(days=2)


def test_a_signature_that_would_be_too_much_is_left_out() -> None:
    signed = replace(CHANNEL, signature="Steppe <Daily>", silent=True)
    assert dressed(Message("<b>x</b>"), signed) == Message("<b>x</b>\n\nSteppe &lt;Daily&gt;", silent=True)
    assert dressed(Message("x" * 4090), signed) == Message("x" * 4090, silent=True)
    assert dressed(Message("x"), CHAT) == Message("x")
