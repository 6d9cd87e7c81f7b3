"""The loop that forgets: who has been gone for thirty days, however many, and nobody else."""

from __future__ import annotations

import asyncio

from bot.model import Address
from bot.roles.forgetting import Forgetting
from bot.store.chats import Chats
from bot.store.connect import Database
from bot.store.departed import KEPT_S, Departed
from tests.conftest import Clock
from tests.redis_server import RedisServer
from tests.store.samples import a_chat


async def test_it_goes_on_until_all_are_forgotten_and_then_looks_again_later(
    database: Database, clock: Clock
) -> None:
    chats, stopping = Chats(database), asyncio.Event()
    addresses = [Address(number) for number in (32, 64, 96)]
    for address in addresses:
        await chats.update(address, lambda chat, _now: chat, new=a_chat(address.chat_id))
    await chats.mark_gone(addresses[:2])
    loop = asyncio.create_task(Forgetting(Departed(database, chats), look_every_s=0.01).run(stopping))
    clock.advance(KEPT_S + 60)
    async with asyncio.timeout(10):
        for address in addresses[:2]:
            while await chats.get(address):  # noqa: ASYNC110 - the store rings no bell
                await asyncio.sleep(0)
    assert await chats.get(addresses[2]) is not None
    stopping.set()
    await loop


async def test_without_redis_it_waits_and_can_be_stopped(
    redis_server: RedisServer, database: Database
) -> None:
    stopping = asyncio.Event()
    redis_server.kill()
    loop = asyncio.create_task(Forgetting(Departed(database, Chats(database))).run(stopping))
    await asyncio.sleep(0)
    stopping.set()
    await loop
    redis_server.start()
