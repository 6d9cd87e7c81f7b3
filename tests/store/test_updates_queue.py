"""Updates of the webhook in Redis: once, in order within a lane, in one bot's hands, back when it dies."""

from __future__ import annotations

import pytest

from bot.store.connect import Database
from bot.store.updates_queue import LEASE_S, QueuedUpdate, UpdatesQueue, agree_on_secret
from tests.conftest import Clock
from tests.store.leaks import leaked_keys


@pytest.fixture
def queue(database: Database) -> UpdatesQueue:
    return UpdatesQueue(database)


async def take_one(queue: UpdatesQueue) -> QueuedUpdate:
    (update,) = await queue.take(10)
    return update


async def test_an_update_is_queued_once_however_often_telegram_brings_it(queue: UpdatesQueue) -> None:
    assert await queue.put(7, "1", b"hello")
    assert not await queue.put(7, "1", b"hello")
    update = await take_one(queue)
    assert (update.body, update.tries) == (b"hello", 1)
    await queue.finish([update.claim])
    assert not await queue.put(7, "1", b"hello"), "not even after it was handled"
    assert await queue.take(10) == []


async def test_a_lane_is_in_one_bots_hands_and_goes_on_in_order(queue: UpdatesQueue) -> None:
    for update_id, body in enumerate((b"one", b"two", b"three")):
        await queue.put(update_id, "1", body)
    seen = []
    for more in (True, True, False):
        update = await take_one(queue)
        assert await queue.take(10) == [], "two and three wait for one"
        seen.append(update.body)
        assert await queue.finish([update.claim]) is more
    assert seen == [b"one", b"two", b"three"]


async def test_lanes_do_not_wait_for_each_other(queue: UpdatesQueue) -> None:
    for lane in ("1", "2", "3"):
        await queue.put(int(lane), lane, lane.encode())
    assert {update.body for update in await queue.take(2)} | {(await take_one(queue)).body} == {
        b"1",
        b"2",
        b"3",
    }


async def test_what_comes_while_its_lane_is_in_hand_is_next(queue: UpdatesQueue) -> None:
    await queue.put(1, "1", b"one")
    first = await take_one(queue)
    await queue.put(2, "1", b"two")
    assert await queue.take(10) == []
    assert await queue.finish([first.claim])
    assert (await take_one(queue)).body == b"two"


async def test_what_a_dead_bot_had_comes_back_and_is_counted(queue: UpdatesQueue, clock: Clock) -> None:
    await queue.put(1, "1", b"one")
    dead = await take_one(queue)
    clock.advance(LEASE_S + 0.1)
    again = await take_one(queue)
    assert (again.body, again.tries) == (b"one", 2)
    await queue.put(2, "1", b"two")
    await queue.finish([dead.claim])
    assert await queue.take(10) == [], "who lost the lane cannot finish what another one has in hand"
    await queue.finish([again.claim])
    after = await take_one(queue)
    assert (after.body, after.tries) == (b"two", 1)


async def test_a_slow_handler_keeps_its_lane(queue: UpdatesQueue, clock: Clock) -> None:
    await queue.put(1, "1", b"one")
    update = await take_one(queue)
    clock.advance(LEASE_S * 0.7)
    (token,) = await queue.renew([update.claim])
    assert token is not None
    clock.advance(LEASE_S * 0.7)
    assert await queue.take(10) == []
    assert await queue.renew([update.claim]) == [None], "with the old token it is somebody else's"


async def test_nothing_is_left_of_a_chat_whose_updates_are_handled(
    queue: UpdatesQueue, database: Database
) -> None:
    await queue.put(123_456_789, "42", b"one")
    await queue.finish([(await take_one(queue)).claim])
    assert await leaked_keys(database) == []
    assert await database.run(("EXISTS", "{u}:lane:42")) == 0
    assert await queue.waiting() == 0


async def test_all_bots_have_one_secret(database: Database) -> None:
    assert await agree_on_secret(database, "mine") == "mine"
    assert await agree_on_secret(database, "another") == "mine"
