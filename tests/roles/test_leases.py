"""Leases: renewed while in hand, lost only by who stands still, and never two sends to a chat from one process."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.model import Address
from bot.roles import leases as leases_module
from bot.roles.leases import Leases
from bot.store import outbox as outbox_module
from bot.store.articles import Articles
from bot.store.chats import Chats
from bot.store.connect import Database
from bot.store.log_tail import LogTail
from bot.store.outbox import LEASE_S, Outbox, Served
from bot.store.rate_limiter import RateLimiter
from bot.store.schedule import Claim, Settlement
from tests.conftest import Clock
from tests.store.samples import a_chat
from tests.waiting import wait_until

READER = Address(7)


@pytest.fixture
async def outbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    monkeypatch.setattr(outbox_module, "LOOK_EVERY_S", -1.0)
    monkeypatch.setattr(leases_module, "RENEWALS", LEASE_S / 0.02)
    await Chats(database).update(READER, lambda chat, _: chat, new=a_chat(7), due_in_s=0)
    limiter = RateLimiter(database, 1000)
    return Outbox(database, limiter, LogTail(database, Articles(database, 86_400)))


async def take_one(outbox: Outbox, leases: Leases) -> Claim:
    (claim,) = leases.take(await outbox.claim(1), time.monotonic())
    return claim


def settled(claim: Claim, token: int) -> Served:
    return Served(None, Settlement(claim.member, token))


async def test_a_chat_in_hand_is_renewed_and_settles_with_its_newest_token(
    outbox: Outbox, clock: Clock, database: Database
) -> None:
    leases = Leases(outbox)
    claim = await take_one(outbox, leases)
    no_more = asyncio.Event()
    renewing = asyncio.create_task(leases.run(no_more))
    clock.advance(LEASE_S - 1)
    await wait_until(lambda: leases.token(claim) != claim.token)
    clock.advance(LEASE_S - 1)
    assert await outbox.claim(1) == [], "still in our hands"
    async with leases.still:
        token = leases.token(claim)
        await asyncio.sleep(0.1)
        assert leases.token(claim) == token, "tokens stand still while they are used"
        await outbox.settle([settled(claim, token)])
    leases.release(claim.member)
    no_more.set()
    await renewing
    assert await database.run(("EXISTS", "{c7}:leases")) == 0


async def test_a_chat_that_comes_back_while_in_hand_is_not_taken_twice(outbox: Outbox, clock: Clock) -> None:
    leases = Leases(outbox)
    claim = await take_one(outbox, leases)
    clock.advance(LEASE_S + 1)
    again = await outbox.claim(1)
    assert [found.member for found in again] == [claim.member], "its lease had run out"
    assert leases.take(again, time.monotonic()) == [], "but its send is still under way"
    assert leases.token(claim) == again[0].token, "and will settle under the new lease"


async def test_a_lost_lease_is_known_to_be_unsafe_and_the_chat_stays_in_hand(
    outbox: Outbox, clock: Clock
) -> None:
    leases = Leases(outbox)
    claim = await take_one(outbox, leases)
    assert leases.safe(claim.member)
    clock.advance(LEASE_S + 1)
    await outbox.claim(1)
    no_more = asyncio.Event()
    renewing = asyncio.create_task(leases.run(no_more))
    await wait_until(lambda: not leases.safe(claim.member))
    assert len(leases) == 1
    no_more.set()
    await renewing


async def test_an_old_lease_is_not_safe_to_send_under(outbox: Outbox) -> None:
    leases = Leases(outbox)
    leases.take(await outbox.claim(1), asked_at=time.monotonic() - LEASE_S + 1)
    assert not leases.safe("7")
    assert not leases.safe("8"), "nor is none"
