"""A Cluster of three masters: keys of all families at once, and a master that dies."""

from __future__ import annotations

import pytest

from bot.errors import StoreUnavailable
from bot.store import keys
from bot.store.articles import Articles
from bot.store.backlog import BacklogMeter
from bot.store.chats import ChatChange, Chats
from bot.store.connect import connect
from bot.store.fanout import Fanout, NewEntry
from tests.redis_kinds import ThreeMasters
from tests.store.samples import a_chat, an_article
from tests.waiting import wait_until

READERS = 200


def test_every_key_stands_in_a_slot_of_its_family() -> None:
    """What a script touches together must lie together: the hash tag is the first thing in a name."""
    names = [
        value
        for name, value in vars(keys).items()
        if name.isupper() and isinstance(value, str) and ":" in value
    ]
    assert names
    assert all(name.startswith("{") for name in names)


@pytest.mark.slow
async def test_when_a_master_dies_everybody_is_still_owed_what_they_were(cluster: ThreeMasters) -> None:
    async with connect(cluster.url) as database:
        chats, articles = Chats(database), Articles(database, 86_400)
        news = [
            ChatChange(a_chat(number, follows=["KZ"]), lambda chat, _end: chat)
            for number in range(1, READERS + 1)
        ]
        await chats.update_many(news)
        await articles.append([an_article("KZ")])
        cluster.wait_until_copied()  # what a replica does not have yet is lost: docs/running.md
        cluster.fail_over()

        gathered: list[NewEntry] = []  # as a sender keeps them until they are marked
        fanout = Fanout(database, "test")

        async def marked() -> bool:
            try:
                gathered.extend(await fanout.read())
                if gathered:
                    await fanout.mark(gathered)
            except StoreUnavailable:
                return False
            return bool(gathered)

        await wait_until(marked, within_s=20)
        assert (await BacklogMeter(database, 30).measure()).due == READERS
        stored = [chat async for chat in chats.all()]
        assert len(stored) == READERS
