"""What somebody was told is done outlives the master that it was told to, however far behind the replica was."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.errors import StoreUnavailable
from bot.model import Address
from bot.store.articles import Articles
from bot.store.chats import Chats
from bot.store.clients import make_client
from bot.store.connect import Database, connect
from bot.store.copies import GIVEN_UP_AFTER_S, LOOK_AGAIN_S, Copies
from bot.store.masters import OnlyMaster
from bot.store.updates_queue import UpdatesQueue
from tests.redis_kinds import SentinelPair, ThreeMasters, cut_off, wait_for
from tests.store.samples import a_chat, an_article
from tests.waiting import wait_until


async def follow(database: Database, number: int) -> bool:
    """Whether a person is told that it was done."""
    try:
        await Chats(database).update(
            Address(number), lambda chat, _end: chat, new=a_chat(number, follows=["KZ"])
        )
    except StoreUnavailable:
        return False
    return True


async def answers_again(database: Database) -> None:
    async def answers() -> bool:
        try:
            return bool(await database.run(("PING",)))
        except StoreUnavailable:
            return False

    await wait_until(answers, within_s=20)


async def test_a_write_that_only_the_dying_master_had_was_acknowledged_to_nobody(
    pair: SentinelPair, behind_sentinel: Database
) -> None:
    told = [number for number in range(1, 21) if await follow(behind_sentinel, number)]
    assert len(told) == 20
    cut_off(pair.replica, pair.master)
    await behind_sentinel.run(("SET", "only the master", "had it"))
    *followed, queued, logged = await asyncio.gather(
        *(follow(behind_sentinel, number) for number in range(21, 24)),
        UpdatesQueue(behind_sentinel).put(1, "1", b"an update"),
        Articles(behind_sentinel, 86_400).append([an_article("KZ")]),
        return_exceptions=True,
    )
    assert followed == [False] * 3
    assert isinstance(queued, StoreUnavailable)
    assert isinstance(logged, StoreUnavailable)
    pair.master.kill()
    pair.replica.resume()
    wait_for(lambda: pair.replica.info("replication")["role"] == "master", "a new master")

    await answers_again(behind_sentinel)
    assert await behind_sentinel.run(("GET", "only the master")) is None, "it was behind indeed"
    stored = {chat.address.chat_id async for chat in Chats(behind_sentinel).all()}
    assert told == list(range(1, 21))
    assert stored >= set(told)
    assert await UpdatesQueue(behind_sentinel).put(1, "1", b"an update"), "Telegram brings it again"
    assert (await Articles(behind_sentinel, 86_400).append([an_article("KZ")])).new, "the next poll does"


async def test_people_who_subscribe_while_a_master_dies_are_there_if_they_were_told_so(
    pair: SentinelPair, behind_sentinel: Database
) -> None:
    told: set[int] = set()

    async def subscribe_some(first: int) -> None:
        for number in range(first, 4000, 8):
            if await follow(behind_sentinel, number):
                told.add(number)
            elif len(told) < number // 2:
                return

    crowd = asyncio.gather(*(subscribe_some(first) for first in range(1, 9)))
    await wait_until(lambda: len(told) > 200)
    cut_off(pair.replica, pair.master)
    so_far = len(told)
    pair.master.kill()
    pair.replica.resume()
    await crowd
    assert so_far > 200
    await answers_again(behind_sentinel)
    stored = {chat.address.chat_id async for chat in Chats(behind_sentinel).all()}
    assert told <= stored


async def test_a_replica_that_stands_still_is_waited_for_and_then_nobody_is_told_that_it_is_done(
    pair: SentinelPair, behind_sentinel: Database
) -> None:
    assert await follow(behind_sentinel, 1)
    pair.replica.pause()
    with pytest.raises(StoreUnavailable, match="no replica has it"):
        await behind_sentinel.keep(("SET", "a", "1"))
    assert await behind_sentinel.run(("SET", "b", "1")), "what nobody is told of goes on"
    pair.replica.resume()
    assert await behind_sentinel.keep(("SET", "a", "2"))


async def test_who_is_left_alone_goes_on_alone_when_the_replica_had_time_to_come_back(
    pair: SentinelPair,
) -> None:
    now_s = 1000.0
    client = make_client(pair.url)
    copies, master = Copies(lambda: now_s), OnlyMaster(client)  # type: ignore[arg-type]
    write = [("SET", "a", "1")]
    assert await copies.write(master, write) == [True]
    pair.replica.kill()
    wait_for(lambda: pair.master.info("replication")["connected_slaves"] == 0, "a master alone")
    with pytest.raises(StoreUnavailable):
        await copies.write(master, write)
    now_s += GIVEN_UP_AFTER_S
    with capture_logs() as logs:
        assert await copies.write(master, write) == [True]
    assert [entry["event"] for entry in logs] == ["nothing copies what is written"]
    assert await copies.write(master, write) == [True]
    pair.replica.start()
    wait_for(lambda: _acknowledges(pair), "a replica that is back")
    now_s += LOOK_AGAIN_S + 1
    with capture_logs() as logs:
        assert await copies.write(master, write) == [True]
    assert [entry["event"] for entry in logs] == ["what is written is copied"]
    await client.aclose()


def _acknowledges(pair: SentinelPair) -> bool:
    replica = pair.master.info("replication").get("slave0")
    return bool(replica and replica["state"] == "online" and replica["offset"] > 0)


async def test_the_new_master_of_a_pair_goes_on_at_once(
    pair: SentinelPair, behind_sentinel: Database
) -> None:
    assert await follow(behind_sentinel, 1)
    pair.fail_over()
    await answers_again(behind_sentinel)
    assert await follow(behind_sentinel, 2)


async def test_a_single_redis_waits_for_nobody(database: Database) -> None:
    assert await follow(database, 1)
    before = database.round_trips
    await database.keep(("SET", "{a}:test", "1", "EX", 5))
    assert database.round_trips - before <= 2


async def test_in_a_cluster_each_master_is_waited_for_by_itself(cluster: ThreeMasters) -> None:
    async with connect(cluster.url) as database:
        assert all([await follow(database, number) for number in range(1, 65)])
        master, replica = cluster.first_and_its_replica
        cut_off(replica, master)
        # At once: whoever is without a replica for long goes on alone.
        done = await asyncio.gather(*(follow(database, number) for number in range(65, 129)))
        told = [number for number, is_done in enumerate(done, 65) if is_done]
        assert 0 < len(told) < 64, "two masters of three have no replica to wait for"
        master.kill()
        replica.resume()
        wait_for(lambda: replica.info("replication")["role"] == "master", "a new master")

        async def all_told() -> bool:
            try:
                stored = {chat.address.chat_id async for chat in Chats(database).all()}
            except StoreUnavailable:
                return False
            return stored >= {*range(1, 65), *told}

        await wait_until(all_told, within_s=20)
        assert all([await follow(database, number) for number in range(129, 193)]), "the new master is found"
