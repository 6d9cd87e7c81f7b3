"""Chats that Telegram refuses keep their settings for thirty days, and are then forgotten in small steps."""

from __future__ import annotations

from bot.model import Address
from bot.store.chats import Chats
from bot.store.connect import Database
from bot.store.departed import KEPT_S, Departed
from handlers import choices
from tests.conftest import Clock
from tests.store.samples import a_chat


async def subscribe(chats: Chats, chat_id: int, thread_id: int | None = None) -> Address:
    chat = a_chat(chat_id, follows=["KZ"], thread_id=thread_id)
    await chats.update(chat.address, lambda chat, _now: chat, new=chat)
    return chat.address


async def test_who_is_gone_for_thirty_days_is_forgotten_and_nobody_else(
    database: Database, clock: Clock
) -> None:
    chats = Chats(database)
    departed = Departed(database, chats)
    here, gone = await subscribe(chats, 1), await subscribe(chats, 2)
    await chats.mark_gone([gone])
    clock.advance(KEPT_S - 60)
    assert await departed.forget_some() == 0
    clock.advance(120)
    assert await departed.forget_some() == 1
    assert await chats.get(gone) is None
    assert await chats.get(here) is not None
    assert await departed.forget_some() == 0


async def test_who_came_back_in_time_stays(database: Database, clock: Clock) -> None:
    chats = Chats(database)
    address = await subscribe(chats, -100123, 7)
    await chats.mark_gone([address])
    await chats.update(address, choices.come_back, new=a_chat(-100123, thread_id=7))
    clock.advance(2 * KEPT_S)
    assert await Departed(database, chats).forget_some() == 0
    assert await chats.get(address) is not None


async def test_a_departed_chat_leaves_no_key_behind(database: Database, clock: Clock) -> None:
    chats = Chats(database)
    for chat_id in range(1, 100):
        await chats.mark_gone([await subscribe(chats, chat_id)])
    clock.advance(KEPT_S + 60)
    while await Departed(database, chats).forget_some():
        pass
    assert await database.run(("KEYS", "*")) == []


async def test_the_addresses_of_a_group_are_itself_and_its_topics(database: Database) -> None:
    chats = Chats(database)
    for chat_id, thread_id in ((-1005, None), (-1005, 12), (-1005, 4), (-1006, None)):
        await subscribe(chats, chat_id, thread_id)
    assert await chats.addresses(-1005) == [Address(-1005), Address(-1005, 4), Address(-1005, 12)]
    assert await chats.addresses(-1007) == []
