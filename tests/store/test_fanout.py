"""Fan-out: followers become due, in small steps, however often it is begun, and whoever of the senders does it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import StoreUnavailable
from bot.model import Address, Mode, Position, Tag
from bot.store import keys
from bot.store.articles import Articles
from bot.store.chats import ChatChange, Chats
from bot.store.clients import make_client
from bot.store.connect import Command, Database
from bot.store.fanout import FOLLOWERS_PER_STEP, Fanout, NewEntry
from bot.store.schedule import Schedule, Settlement
from bot.store.scripts import ScriptCall, script
from tests.store.samples import a_chat, an_article

SHARD = 5


@pytest.fixture
def fanout(database: Database) -> Fanout:
    return Fanout(database, "one")


async def subscribe(
    database: Database, *chat_ids: int, follows: Sequence[str] = ("KZ",), **changes: Any
) -> None:
    wishes = [
        ChatChange(replace(a_chat(chat_id, follows), **changes), lambda chat, _: replace(chat, language="ru"))
        for chat_id in chat_ids
    ]
    await Chats(database).update_many(wishes)


async def publish(database: Database, *tags: str) -> None:
    await Articles(database, 86_400).append([an_article(*tags)])


async def due(database: Database) -> dict[str, float]:
    """Everybody who is due, and since when."""
    found: dict[str, float] = {}
    for shard in range(keys.SHARDS):
        pairs = await database.run(("ZRANGE", keys.chat_schedule(shard).due, 0, -1, "WITHSCORES"))
        found |= {pairs[i].decode(): float(pairs[i + 1]) for i in range(0, len(pairs), 2)}
    return found


async def test_who_follows_a_tag_of_the_story_is_due_and_nobody_else(
    fanout: Fanout, database: Database
) -> None:
    await subscribe(database, 1, 2, 300, follows=["KZ"])
    await subscribe(database, 4, follows=["energy", "UZ"])
    await subscribe(database, 5, follows=["UZ"])
    await publish(database, "KZ", "energy")
    entries = await fanout.read()
    await fanout.mark(entries)
    assert set(await due(database)) == {"1", "2", "300", "4"}
    assert all(0 <= since - entries[0].position < 2 for since in (await due(database)).values())


@pytest.mark.parametrize("silent", [{"mode": Mode.BRIEFING}, {"paused": True}])
async def test_chats_that_want_no_pushes_are_not_touched(
    fanout: Fanout, database: Database, silent: dict[str, Any]
) -> None:
    await subscribe(database, 1, **silent)
    await publish(database, "KZ")
    assert await fanout.mark(await fanout.read()) == 0
    assert await due(database) == {}


async def test_topics_of_a_forum_are_followers_of_their_own(fanout: Fanout, database: Database) -> None:
    chats = Chats(database)
    for thread in (3, 9):
        chat = a_chat(-1005, ["KZ"] if thread == 3 else ["UZ"], thread_id=thread)
        await chats.update(chat.address, lambda old, _: replace(old, language="ru"), new=chat)
    await publish(database, "KZ")
    await fanout.mark(await fanout.read())
    assert set(await due(database)) == {str(Address(-1005, 3))}


async def test_doing_it_again_changes_nothing(fanout: Fanout, database: Database) -> None:
    await subscribe(database, *range(1, 100))
    await publish(database, "KZ")
    entries = await fanout.read()
    await fanout.mark(entries)
    once = await due(database)
    await fanout.mark(entries)
    assert await due(database) == once


async def test_stories_gathered_together_are_fanned_out_since_the_first(
    fanout: Fanout, database: Database
) -> None:
    await subscribe(database, -1, follows=["KZ"])
    await subscribe(database, -2, follows=["UZ"])
    await publish(database, "KZ")
    await publish(database, "UZ")
    entries = await fanout.read()
    assert len(entries) == 2
    await fanout.mark(entries)
    assert set((await due(database)).values()) == {float(entries[0].position)}


async def test_groups_and_channels_come_before_people_and_no_person_is_always_last(
    fanout: Fanout, database: Database
) -> None:
    people = [SHARD + keys.SHARDS * number for number in range(1, 60)]
    group = SHARD - keys.SHARDS
    await subscribe(database, group, *people)
    orders = []
    for position in (1_800_000_000_000, 1_800_000_000_001, 1_800_000_000_997):
        await database.run(("DEL", keys.chat_schedule(SHARD).due))
        await fanout.mark([NewEntry(Position(position), (Tag("KZ"),))])
        order = await database.run(("ZRANGE", keys.chat_schedule(SHARD).due, 0, -1))
        assert order[0] == str(group).encode()
        orders.append(order)
    assert len({order[-1] for order in orders}) > 1


async def test_a_chat_on_hold_is_due_when_the_hold_is_over(fanout: Fanout, database: Database) -> None:
    await subscribe(database, SHARD)
    schedule = Schedule(database, keys.chat_schedule(SHARD))
    await schedule.wake([str(SHARD)])
    (claim,) = (await schedule.claim(1, 30)).claims
    await schedule.settle([Settlement(claim.member, claim.token, due_in_s=600, hold=True)])
    until = (await due(database))[str(SHARD)]
    await publish(database, "KZ")
    await fanout.mark(await fanout.read())
    assert await due(database) == {str(SHARD): until}


# ── many senders, and senders that die ───────────────────────────────────────────────────────────────


async def test_senders_share_the_stories(database: Database) -> None:
    one, other = Fanout(database, "one"), Fanout(database, "other")
    await publish(database, "KZ")
    assert len(await one.read()) == 1
    assert await other.read() == []
    await publish(database, "KZ")
    assert len(await other.read()) == 1


class Mortal(Database):
    """A database whose user dies after so many scripts of the fan-out; it remembers what each one met."""

    def __init__(self, url: str, lives: int = 1_000_000) -> None:
        super().__init__(make_client(url))
        self.lives = lives
        self.met: list[int] = []

    async def keep_many(self, commands: Sequence[Command]) -> list[Any]:
        answers = await super().keep_many(commands)
        for command, answer in zip(commands, answers, strict=True):
            if isinstance(command, ScriptCall) and command.script == script("fanout"):
                self.lives -= 1
                self.met.append(answer)
        if self.lives <= 0:
            raise StoreUnavailable("dead")
        return answers


async def test_what_a_dead_sender_left_is_done_by_another_and_its_finished_shards_are_not_done_again(
    database: Database, redis_url: str
) -> None:
    everybody = range(1, 1 + 4 * keys.SHARDS)
    await subscribe(database, *everybody)
    await publish(database, "KZ")

    async with aclosing(Mortal(redis_url, lives=10)) as first:
        dying = Fanout(first, "dying")
        with pytest.raises(StoreUnavailable):
            await dying.mark(await dying.read())
    assert 0 < len(await due(database)) < len(everybody)

    async with aclosing(Mortal(redis_url)) as heir:
        fanout = Fanout(heir, "heir", take_over_after_s=0)
        await fanout.mark(await fanout.read())
        assert set(await due(database)) == {str(chat_id) for chat_id in everybody}
        assert len(heir.met) == keys.SHARDS - 9, "nine shards were finished and remembered"
        assert await fanout.read() == [], "and the story is acknowledged"


async def test_no_step_meets_more_followers_than_redis_should_handle_at_once(
    database: Database, redis_url: str
) -> None:
    # All in one shard: 200 buckets with 30 followers each.
    crowd = [
        SHARD + keys.SHARDS * (bucket + keys.BUCKETS * number)
        for bucket in range(200)
        for number in range(30)
    ]
    await subscribe(database, *crowd)
    await publish(database, "KZ")
    async with aclosing(Mortal(redis_url)) as counting:
        fanout = Fanout(counting, "one")
        assert await fanout.mark(await fanout.read()) == len(crowd)
    assert max(counting.met) <= FOLLOWERS_PER_STEP
    assert len(counting.met) <= 3 * len(crowd) / FOLLOWERS_PER_STEP


async def test_a_redis_that_was_emptied_is_joined_anew(fanout: Fanout, database: Database) -> None:
    await fanout.read()
    await database.run(("DEL", keys.LOG))
    await publish(database, "KZ")
    assert await fanout.read() == []
    assert [entry.tags for entry in await fanout.read()] == [(Tag("KZ"),)]
