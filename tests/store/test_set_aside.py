"""What was given up is kept for the operators: newest first, capped, for a month, without the chat's id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model import Address
from bot.store import keys
from bot.store.connect import Database
from bot.store.set_aside import MOST_KEPT, SetAside, SetAsideMessages, pseudonym


async def test_the_newest_come_first_with_the_time_at_which_they_were_given_up(database: Database) -> None:
    messages = SetAsideMessages(database)
    await messages.put([SetAside("c1", "Bad Request: odd", ("a1", "a2"))])
    await messages.put([SetAside("c2", "Bad Request: odder", ())])
    newest, oldest = await messages.newest()
    assert (newest.chat, newest.cause, newest.article_ids) == ("c2", "Bad Request: odder", ())
    assert (oldest.chat, oldest.article_ids) == ("c1", ("a1", "a2"))
    assert newest.at is not None
    assert abs(datetime.now(UTC) - newest.at) < timedelta(minutes=1)


async def test_only_the_newest_are_kept_and_all_are_forgotten_in_the_end(database: Database) -> None:
    messages = SetAsideMessages(database)
    await messages.put([SetAside(f"c{number}", "no", ()) for number in range(MOST_KEPT + 5)])
    kept = await messages.newest(limit=1000)
    assert len(kept) == MOST_KEPT
    assert kept[-1].chat == "c5"
    assert await database.run(("TTL", keys.SET_ASIDE)) > 0


async def test_nothing_given_up_leaves_nothing(database: Database) -> None:
    await SetAsideMessages(database).put([])
    assert await SetAsideMessages(database).newest() == []
    assert await database.run(("EXISTS", keys.SET_ASIDE)) == 0


def test_a_pseudonym_is_stable_and_not_the_id() -> None:
    assert pseudonym(Address(4242)) == pseudonym(Address(4242))
    assert len({pseudonym(Address(4242)), pseudonym(Address(4242, 3)), pseudonym(Address(4243))}) == 3
    assert "4242" not in pseudonym(Address(4242))
