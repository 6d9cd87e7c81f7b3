"""What bots do with the queue of the webhook: side by side across chats, in order within one, none lost."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.roles import queued_updates
from bot.roles.queued_updates import MOST_TRIES, QueuedUpdates
from bot.store.connect import Database
from bot.store.updates_queue import LEASE_S, UpdatesQueue
from tests.conftest import Clock
from tests.waiting import wait_until


@asynccontextmanager
async def bot(
    database: Database, handle: Callable[[bytes], Awaitable[None]]
) -> AsyncIterator[tuple[QueuedUpdates, asyncio.Event]]:
    stopping = asyncio.Event()
    role = QueuedUpdates(UpdatesQueue(database), handle)
    running = asyncio.create_task(role.run(stopping))
    try:
        yield role, stopping
    finally:
        stopping.set()
        await running


async def test_two_bots_handle_every_update_once_and_each_chats_in_order(database: Database) -> None:
    handled: dict[int, list[int]] = defaultdict(list)
    busy: set[int] = set()

    async def handle(body: bytes) -> None:
        lane, number = map(int, body.split())
        assert lane not in busy, "never two of a chat at once"
        busy.add(lane)
        await asyncio.sleep(0.001)
        handled[lane].append(number)
        busy.remove(lane)

    async with bot(database, handle) as (a, _), bot(database, handle) as (b, _):
        update_id = 0
        for number in range(10):
            for lane in range(20):
                update_id += 1
                await (a, b)[update_id % 2].put(update_id, str(lane), f"{lane} {number}".encode())
        await wait_until(lambda: sum(map(len, handled.values())) == 200)
    assert all(numbers == list(range(10)) for numbers in handled.values())


async def test_a_handler_that_hangs_keeps_its_chat_waiting_and_no_other(database: Database) -> None:
    handled: list[bytes] = []
    go_on = asyncio.Event()

    async def handle(body: bytes) -> None:
        if body == b"slow":
            await go_on.wait()
        handled.append(body)

    async with bot(database, handle) as (role, _):
        await role.put(1, "1", b"slow")
        await role.put(2, "1", b"after slow")
        await role.put(3, "2", b"other")
        await wait_until(lambda: handled == [b"other"])
        go_on.set()
        await wait_until(lambda: handled == [b"other", b"slow", b"after slow"])


async def test_a_handler_that_fails_is_logged_and_the_chat_goes_on(database: Database) -> None:
    handled: list[bytes] = []

    async def handle(body: bytes) -> None:
        if body == b"bad":
            raise LookupError("our mistake")
        handled.append(body)

    with capture_logs() as log:
        async with bot(database, handle) as (role, _):
            await role.put(1, "1", b"bad")
            await role.put(2, "1", b"good")
            await wait_until(lambda: handled == [b"good"])
    assert "update could not be handled" in [line["event"] for line in log]


async def test_an_update_that_took_several_bots_with_it_is_given_up(database: Database, clock: Clock) -> None:
    queue = UpdatesQueue(database)
    await queue.put(1, "1", b"poison")
    await queue.put(2, "1", b"good")
    for _ in range(MOST_TRIES):
        assert await queue.take(1)
        clock.advance(LEASE_S + 0.1)
    handled: list[bytes] = []

    async def handle(body: bytes) -> None:
        handled.append(body)

    with capture_logs() as log:
        async with bot(database, handle):
            await wait_until(lambda: handled == [b"good"])
    assert "an update was given up" in [line["event"] for line in log]


async def test_a_stop_finishes_what_is_in_hand_and_leaves_the_rest(database: Database) -> None:
    handled: list[bytes] = []
    began, go_on = asyncio.Event(), asyncio.Event()

    async def handle(body: bytes) -> None:
        began.set()
        await go_on.wait()
        handled.append(body)

    async with bot(database, handle) as (role, stopping):
        await role.put(1, "1", b"in hand")
        await role.put(2, "1", b"waits")
        await began.wait()
        stopping.set()
        go_on.set()
    assert handled == [b"in hand"]
    (left,) = await UpdatesQueue(database).take(10)
    assert left.body == b"waits"


async def test_leases_of_slow_handlers_are_renewed(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queued_updates, "RENEWALS", LEASE_S / 0.02)
    go_on, began = asyncio.Event(), asyncio.Event()

    async def handle(body: bytes) -> None:
        began.set()
        await go_on.wait()

    async with bot(database, handle) as (role, _):
        await role.put(1, "1", b"slow")
        await began.wait()
        for _ in range(4):
            clock.advance(LEASE_S / 2)
            await asyncio.sleep(0.1)
            assert await UpdatesQueue(database).take(10) == []
        go_on.set()
