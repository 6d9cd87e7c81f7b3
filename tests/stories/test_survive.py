"""Nothing is lost, whatever dies: each story is a broadcast with an accident, and ends with an exact account.

Doubles are allowed for what was in flight when a process was killed, or whose connection was cut after the
request was written; for nothing else.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import LocalTelegram
from bot.demo.faults import Fault, Hang, Incoming, RandomWeather, fair_weather, refusing
from bot.errors import StoreUnavailable
from bot.store.connect import Database, connect
from bot.store.embedded import url_of_running
from handlers import choices
from tests.redis_server import RedisServer
from tests.store.samples import a_chat
from tests.stories.newsroom import Newsroom
from tests.stories.survival import FULL_SIZE, IN_FLIGHT, Broadcast, size

pytestmark = [pytest.mark.timeout(600 if FULL_SIZE else 120)]


@pytest.fixture
async def newsroom(tmp_path: Path, redis_server: RedisServer, database: Database) -> AsyncIterator[Newsroom]:
    """A Telegram without limits, in which every chat exists."""
    async with (
        LocalTelegram(hospitable=True) as telegram,
        Newsroom(tmp_path, redis_server, telegram) as room,
    ):
        yield room


@pytest.fixture
def broadcast(newsroom: Newsroom, database: Database) -> Broadcast:
    return Broadcast(newsroom, database)


async def test_senders_killed_at_random_moments(broadcast: Broadcast) -> None:
    dice = random.Random(20)
    chats, kills = size(400, 5000), size(2, 20)
    await broadcast.gather_readers(range(1, chats + 1))
    senders = [await broadcast.start_sender() for _ in range(2)]
    for _ in range(2):
        before = broadcast.telegram.journal.delivered
        await broadcast.publish()
        for moment in sorted(dice.randrange(1, chats) for _ in range(kills // 2)):
            await broadcast.progress(before + moment)
            victim = dice.randrange(2)
            await broadcast.newsroom.kill(senders[victim])
            senders[victim] = await broadcast.start_sender()
    account = await broadcast.finished()
    assert (account.lost, account.out_of_order, account.overlapping) == (0, 0, 0)
    assert account.doubles <= kills * IN_FLIGHT


async def test_an_embedded_redis_killed_in_the_middle(broadcast: Broadcast, tmp_path: Path) -> None:
    chats, kills = size(400, 5000), size(2, 5)
    newsroom = broadcast.newsroom
    newsroom.env["REDIS_URL"] = ""
    await broadcast.start_sender()
    data = tmp_path / "data"
    await broadcast.until(lambda: (data / "redis.owner").exists() and url_of_running(data) is not None)
    url = url_of_running(data)
    assert url is not None
    async with connect(url) as embedded:
        await broadcast.until(lambda: answers(embedded))
        crowd = Broadcast(newsroom, embedded)
        newsroom.env["REDIS_URL"] = ""
        await crowd.gather_readers(range(1, chats + 1))
        await crowd.publish()
        for number in range(kills):
            await crowd.progress(chats * (number + 1) // (kills + 1))
            server = await embedded.run(("INFO", "server"))
            os.kill(server["process_id"], signal.SIGKILL)
        account = await crowd.finished()
    assert (account.lost, account.out_of_order, account.overlapping) == (0, 0, 0)
    assert account.doubles == 0, "the bot lived, so it knows what it sent"


async def answers(database: Database) -> bool:
    try:
        return bool(await database.run(("PING",)))
    except StoreUnavailable:
        return False


async def test_a_redis_that_stands_still_for_a_while(broadcast: Broadcast) -> None:
    chats, pause_s = size(400, 5000), size(3, 20)
    await broadcast.gather_readers(range(1, chats + 1))
    for _ in range(size(1, 2)):
        await broadcast.start_sender(**({} if FULL_SIZE else {"STRANGE_LEASE_S": "12"}))
    await broadcast.publish()
    await broadcast.progress(chats // 2)
    server = (await broadcast.database.run(("INFO", "server")))["process_id"]
    os.kill(server, signal.SIGSTOP)
    try:
        await asyncio.sleep(pause_s)  # this is the accident itself
    finally:
        os.kill(server, signal.SIGCONT)
    await broadcast.publish()
    account = await broadcast.finished()
    assert (account.lost, account.doubles, account.out_of_order, account.overlapping) == (0, 0, 0, 0)


class Storm:
    """A fifth of all calls meets trouble of every kind, but a chat at most twice, so that the end comes soon."""

    def __init__(self, hang_s: float, most_per_chat: int) -> None:
        faults = (*RandomWeather(0.2, seed=0).faults[:-1], Hang(hang_s))
        self._weather = RandomWeather(0.2, seed=7, faults=faults)
        self._met: Counter[int | None] = Counter()
        self._most = most_per_chat

    def __call__(self, call: Incoming) -> Fault | None:
        fault = self._weather(call) if self._met[call.chat_id] < self._most else None
        self._met[call.chat_id] += fault is not None
        return fault


async def test_telegram_answers_a_fifth_of_all_calls_with_trouble(broadcast: Broadcast) -> None:
    chats = size(150, 5000)
    await broadcast.gather_readers(range(1, chats + 1))
    broadcast.telegram.weather = Storm(hang_s=size(2, 10), most_per_chat=size(1, 1000))
    for _ in range(size(1, 2)):
        await broadcast.start_sender()
    await broadcast.publish()
    await broadcast.progress(chats // 2)
    await broadcast.publish()
    account = await broadcast.finished()
    assert (account.lost, account.out_of_order, account.overlapping) == (0, 0, 0)
    assert account.doubles <= broadcast.cut_after_the_write()


BLOCKED = refusing(403, "Forbidden: bot was blocked by the user")


async def test_everybody_blocks_the_bot_in_the_middle_and_comes_back(broadcast: Broadcast) -> None:
    chats = size(400, 5000)
    await broadcast.gather_readers(range(1, chats + 1))
    journal = broadcast.telegram.journal
    await broadcast.start_sender()
    await broadcast.publish()
    await broadcast.progress(chats // 2)
    broadcast.telegram.weather = blocked
    await broadcast.until(lambda: journal.delivered + journal.answers["sendMessage", 403] >= chats)
    await broadcast.until(broadcast.quiet)
    refused = Counter(call.chat_id for call in journal.with_status(403))
    assert set(refused.values()) == {1}, "nobody is tried again"
    assert journal.delivered + len(refused) == chats
    blockers = [chat_id for chat_id in refused if chat_id is not None]
    assert all([(await broadcast.chat(chat_id)).gone_since for chat_id in blockers[:50]])

    await broadcast.publish()
    gone_calls = journal.answers["sendMessage", 403]
    await broadcast.until(lambda: journal.answers["sendMessage", 403] >= gone_calls + chats - len(refused))
    await broadcast.until(broadcast.quiet)
    assert max(Counter(call.chat_id for call in journal.with_status(403)).values()) == 1

    broadcast.telegram.weather = fair_weather
    for chat_id in range(1, chats + 1):
        await broadcast.chats.update(a_chat(chat_id).address, choices.come_back, new=a_chat(chat_id))
    before = journal.delivered
    await broadcast.publish()
    await broadcast.until(lambda: journal.delivered >= before + chats)
    await broadcast.until(broadcast.quiet)
    assert journal.delivered == before + chats


def blocked(call: Incoming) -> Fault | None:
    """Nobody wants to hear from the bot."""
    return BLOCKED if call.method == "sendMessage" else None


async def test_groups_become_supergroups_in_the_middle(broadcast: Broadcast) -> None:
    chats = size(300, 5000)
    owner = broadcast.telegram.user(1)
    groups = [broadcast.telegram.group(chat_id=-number, owner=owner) for number in range(1, chats + 1)]
    await broadcast.gather_readers([group.id for group in groups])
    await broadcast.start_sender()
    await broadcast.publish()
    await broadcast.progress(chats // 3)
    moving = random.Random(3).sample(groups, k=max(9, 3 * chats // 100))
    moved = {group.id: broadcast.telegram.migrate(group, owner).id for group in moving}
    await broadcast.publish()
    account = await broadcast.finished(moved)
    assert (account.lost, account.doubles, account.out_of_order, account.overlapping) == (0, 0, 0, 0)
    for old, new in moved.items():
        assert await broadcast.chats.get(a_chat(old).address) is None
        assert "KZ" in (await broadcast.chat(new)).follows


async def test_the_clock_of_one_process_is_five_minutes_off(broadcast: Broadcast) -> None:
    chats = size(300, 5000)
    newsroom = broadcast.newsroom
    await broadcast.gather_readers(range(1, chats + 1))
    await newsroom.start_process("worker", module="tests.stories.strange_process", STRANGE_CLOCK_S="300")
    await broadcast.start_sender(STRANGE_CLOCK_S="-300")
    await broadcast.start_sender()
    await broadcast.until(lambda: newsroom.feed.not_modified > 0)
    newsroom.feed.publish("Story 001", "Kazakhstan’s capital grows.")
    broadcast.published = 1
    await broadcast.progress(chats // 2)
    await broadcast.publish()
    account = await broadcast.finished()
    assert (account.lost, account.doubles, account.out_of_order, account.overlapping) == (0, 0, 0, 0)
