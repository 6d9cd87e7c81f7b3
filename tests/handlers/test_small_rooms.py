"""Rooms that everything else leans on: short memory, standings, buttons that mean a channel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Button, Message
from handlers.buttons import decode
from handlers.remote_buttons import CHANNEL_IDS, for_channel, read_channel
from handlers.short_memory import ShortMemory
from handlers.standings import DENIED_FOR_S, GRANTED_FOR_S, NOBODY, Standing, Standings


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Telegram:
    """Answers questions about one person, and counts them."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.asked = 0

    async def __call__(self, chat_id: int, user_id: int) -> Standing:
        self.asked += 1
        return self.standing


def test_memory_forgets_by_age_and_by_number() -> None:
    clock = Clock()
    memory: ShortMemory[int, str] = ShortMemory(most=2, monotonic=clock)
    memory.put(1, "one", 10)
    memory.put(2, "two", 20)
    clock.now_s = 15
    assert (memory.get(1), memory.get(2)) == (None, "two")
    memory.put(3, "three", 10)
    memory.put(4, "four", 10)
    assert (memory.get(2), memory.get(3), memory.get(4)) == (None, "three", "four")
    assert len(memory) == 2


@pytest.mark.parametrize(
    ("standing", "kept_s"), [(Standing(administers=True), GRANTED_FOR_S), (NOBODY, DENIED_FOR_S)]
)
async def test_rights_are_remembered_for_a_minute_at_most(standing: Standing, kept_s: float) -> None:
    assert kept_s <= 60
    clock, telegram = Clock(), Telegram(standing)
    standings = Standings(telegram, ShortMemory(monotonic=clock))
    for clock.now_s in (0, kept_s / 2, kept_s - 0.1):
        assert await standings.of(-1, 1) == standing
    assert telegram.asked == 1
    telegram.standing = Standing(may_post=True)
    clock.now_s = kept_s
    assert await standings.of(-1, 1) == Standing(may_post=True)
    assert await standings.of(-2, 1) == Standing(may_post=True)
    assert telegram.asked == 3


@given(st.sampled_from([CHANNEL_IDS[0], CHANNEL_IDS[-1], -1001234567890]), st.text("abz0:/_", max_size=50))
def test_a_button_that_means_a_channel_comes_back_as_both(channel_id: int, data: str) -> None:
    message = for_channel(
        Message("x", ((Button("a", data=data), Button("b", url="https://a.example")),)), channel_id
    )
    (remote, link) = message.buttons[0]
    assert read_channel(remote.data or "") == (channel_id, data)
    assert link.data is None


@given(st.text("@:0az9", max_size=64))
def test_junk_never_means_a_channel_that_telegram_could_not_have(data: str) -> None:
    channel_id, rest = read_channel(data)
    assert channel_id is None or channel_id in CHANNEL_IDS
    assert channel_id is not None or rest == data
    if channel_id is None and data.startswith("@"):
        assert decode(rest) is None
