"""Up to where may Telegram forget? Updates moved through the poller's hands, without a network."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.in_hand import InHand


class Gates:
    """Handlings that end when the test says so."""

    def __init__(self) -> None:
        self.hand = InHand()
        self.gates: dict[int, asyncio.Event] = {}

    def start(self, update_id: int, now_s: float = 0.0) -> None:
        gate = self.gates[update_id] = asyncio.Event()

        async def handling() -> None:
            await gate.wait()

        self.hand.start(update_id, handling(), now_s)

    async def finish(self, *update_ids: int) -> None:
        for update_id in update_ids:
            self.gates[update_id].set()
        for _ in range(4):
            await asyncio.sleep(0)


async def test_nothing_is_asked_for_before_the_first_update() -> None:
    assert InHand().offset is None


async def test_the_offset_is_the_oldest_in_hand_else_one_past_the_newest() -> None:
    gates = Gates()
    for update_id in (5, 6, 9):
        gates.start(update_id)
    assert gates.hand.offset == 5
    await gates.finish(6)
    assert gates.hand.offset == 5
    await gates.finish(5)
    assert gates.hand.offset == 9
    await gates.finish(9)
    assert gates.hand.offset == 10
    assert 9 in gates.hand
    assert 10 not in gates.hand


async def test_only_an_old_update_is_passed_over_and_it_runs_on() -> None:
    gates = Gates()
    gates.start(1, now_s=0.0)
    gates.start(2, now_s=50.0)
    assert gates.hand.pass_over(before_s=0.0) is None
    assert gates.hand.pass_over(before_s=10.0) == 1
    assert gates.hand.offset == 2
    assert gates.hand.pass_over(before_s=10.0) is None
    await gates.finish(1, 2)
    await gates.hand.finish(1.0)
    assert gates.hand.offset == 3


@given(st.permutations(range(1, 8)))
def test_in_whatever_order_handlers_end_no_unfinished_update_is_confirmed(order: list[int]) -> None:
    async def play() -> None:
        gates = Gates()
        for update_id in sorted(order):
            gates.start(update_id)
        unfinished = set(order)
        for update_id in order:
            await gates.finish(update_id)
            unfinished.remove(update_id)
            assert gates.hand.offset == min(unfinished, default=8)

    asyncio.run(play())


async def test_a_long_life_leaves_no_memory() -> None:
    gates = Gates()
    for update_id in range(1, 2001):
        gates.start(update_id)
        await gates.finish(update_id)
    assert sum(update_id in gates.hand for update_id in range(2001)) <= 2
