"""Hands: so many at once and no more, everything that was put in is done, and a line that fits their pace."""

from __future__ import annotations

import asyncio

from bot.roles.hands import Hands
from tests.waiting import wait_until

HANDS = 4


class Work:
    """Jobs that end when they are told to."""

    def __init__(self) -> None:
        self.going: dict[int, asyncio.Event] = {}
        self.done: list[int] = []
        self.most_at_once = 0

    async def do(self, job: int) -> None:
        self.going[job] = asyncio.Event()
        self.most_at_once = max(self.most_at_once, len(self.going))
        await self.going[job].wait()
        del self.going[job]
        self.done.append(job)

    async def let_end(self, job: int) -> None:
        await wait_until(lambda: job in self.going)
        self.going[job].set()


async def test_so_many_at_once_and_no_more_in_the_order_of_the_line() -> None:
    work = Work()
    hands = Hands(work.do, HANDS)
    no_more = asyncio.Event()
    running = asyncio.create_task(hands.run(no_more))
    for job in range(10):
        hands.put(job)
    for job in range(10):
        await work.let_end(job)
    no_more.set()
    await running
    assert work.done == list(range(10))
    assert work.most_at_once == HANDS


async def test_what_was_put_in_is_done_before_the_end() -> None:
    work = Work()
    hands = Hands(work.do, HANDS)
    no_more = asyncio.Event()
    running = asyncio.create_task(hands.run(no_more))
    for job in range(6):
        hands.put(job)
    no_more.set()
    for job in range(6):
        assert not running.done()
        await work.let_end(job)
    await running
    assert len(work.done) == 6


async def test_hands_that_wait_for_telegram_want_no_line() -> None:
    work = Work()
    hands = Hands(work.do, HANDS)
    assert hands.room() == HANDS
    no_more = asyncio.Event()
    running = asyncio.create_task(hands.run(no_more))
    for job in range(HANDS):
        hands.put(job)
    assert hands.room() == 0
    waiting = asyncio.create_task(hands.wanted(60))
    await work.let_end(0)
    await waiting
    assert hands.room() == 1
    for job in range(1, HANDS):
        await work.let_end(job)
    no_more.set()
    await running


async def test_fast_hands_want_a_line_of_a_few_milliseconds_of_work() -> None:
    async def do(_: int) -> None:
        await asyncio.sleep(0)

    hands = Hands(do, HANDS)
    no_more = asyncio.Event()
    running = asyncio.create_task(hands.run(no_more))

    async def there_is_more_room_than_hands() -> bool:
        room = hands.room()
        for job in range(room):
            hands.put(job)
        await hands.wanted(0.001)
        return room > HANDS

    await wait_until(there_is_more_room_than_hands)
    no_more.set()
    await running
