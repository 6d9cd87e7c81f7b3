"""The outbox: due chats over all shards, claimed, read, permitted and settled, a few round trips for a batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.model import Address, Position, Tag
from bot.store import keys
from bot.store.articles import Articles
from bot.store.chats import ChatChange, Chats
from bot.store.connect import Database
from bot.store.log_tail import LogTail
from bot.store.outbox import LEASE_S, DueChat, Outbox, Served
from bot.store.rate_limiter import RateLimiter
from bot.store.schedule import Claim, Schedule, Settlement
from tests.conftest import Clock
from tests.store.samples import a_chat, an_article
from tests.waiting import wait_until

MANY = range(1, 201)


@pytest.fixture
def tail(database: Database) -> LogTail:
    return LogTail(database, Articles(database, 86_400))


@pytest.fixture
def outbox(database: Database, tail: LogTail) -> Outbox:
    return Outbox(database, RateLimiter(database, 1000), tail)


async def subscribe(database: Database, *addresses: Address) -> None:
    """Chats that follow Kazakhstan and are due at once."""
    wishes = [
        ChatChange(
            replace(a_chat(address.chat_id, thread_id=address.thread_id), address=address),
            lambda chat, now: replace(chat, follows={Tag("KZ"): now}),
            due_in_s=0,
        )
        for address in addresses
    ]
    await Chats(database).update_many(wishes)


async def claim_all(outbox: Outbox, at_once: int = 50) -> list[Claim]:
    claims: list[Claim] = []
    while found := await outbox.claim(at_once):
        claims += found
    return claims


async def claim_one(outbox: Outbox) -> Claim:
    """Claim a chat; an outbox notices within a quarter of a second what became due elsewhere."""
    (claim,) = await wait_until(lambda: outbox.claim(1))
    assert isinstance(claim, Claim)
    return claim


async def take_one(outbox: Outbox) -> DueChat:
    """Claim a chat and read it."""
    (due,) = (await outbox.prepare([await claim_one(outbox)])).chats
    return due


def let_go(due: DueChat, cursor: Position | None, due_in_s: float | None = None) -> Served:
    return Served(cursor, Settlement(due.claim.member, due.claim.token, due_in_s))


async def test_every_due_chat_is_claimed_once_whichever_shard_it_is_in(
    outbox: Outbox, database: Database
) -> None:
    await subscribe(database, *map(Address, MANY))
    claims = await claim_all(outbox)
    assert sorted(int(claim.member) for claim in claims) == list(MANY)


async def test_two_senders_share_the_due_chats(outbox: Outbox, database: Database, tail: LogTail) -> None:
    await subscribe(database, *map(Address, MANY))
    other = Outbox(database, RateLimiter(database, 1000), tail)
    mine, theirs = await outbox.claim(60), await other.claim(60)
    assert len(mine) > 0
    assert len(theirs) > 0
    assert not {claim.member for claim in mine} & {claim.member for claim in theirs}


async def test_never_more_are_claimed_than_asked_for(outbox: Outbox, database: Database) -> None:
    await subscribe(database, *map(Address, MANY))
    assert len(await outbox.claim(7)) <= 7
    assert len(await outbox.claim(1)) == 1


async def test_who_has_waited_longest_comes_first(outbox: Outbox, database: Database, clock: Clock) -> None:
    for number in (70, 5, 33):
        await subscribe(database, Address(number))
        clock.advance(1)
    order = [(await outbox.claim(1))[0].member for _ in range(3)]
    assert order == ["70", "5", "33"]


async def test_a_claimed_chat_is_read_with_settings_cursor_and_the_news_of_the_log(
    outbox: Outbox, database: Database, tail: LogTail
) -> None:
    topic = Address(-1005, 3)
    await subscribe(database, topic)
    await Articles(database, 86_400).append([an_article("KZ")])
    prepared = await outbox.prepare(await outbox.claim(10))
    (due,) = prepared.chats
    assert due.chat == await Chats(database).get(topic)
    assert due.chat is not None
    assert len(tail.index.owed(due.chat.follows, due.cursor)) == 1


async def test_a_chat_that_was_forgotten_meanwhile_has_no_settings(
    outbox: Outbox, database: Database
) -> None:
    await subscribe(database, Address(7))
    claims = await outbox.claim(10)
    await Chats(database).forget(Address(7))
    (due,) = (await outbox.prepare(claims)).chats
    assert due.chat is None


async def test_a_batch_costs_one_round_trip_a_step(outbox: Outbox, database: Database) -> None:
    await subscribe(database, *map(Address, MANY))
    await outbox.settle([let_go(due, None, 0) for due in (await outbox.prepare(await outbox.claim(1))).chats])
    before = database.round_trips
    claims = await outbox.claim(50)
    prepared = await outbox.prepare(claims)
    permits = await outbox.permits(prepared.chats)
    await outbox.settle([let_go(due, None) for due in prepared.chats])
    assert len(permits.permits) == len(claims) > 1
    assert database.round_trips - before <= 5, "four, and a look at all shards now and then"


async def test_settling_moves_the_cursor_forward_and_never_back(outbox: Outbox, database: Database) -> None:
    await subscribe(database, Address(7))
    for position in (2_000_000_000_000, 1_900_000_000_000):
        due = await take_one(outbox)
        await outbox.settle([let_go(due, Position(position), due_in_s=0)])
    due = await take_one(outbox)
    assert due.cursor == 2_000_000_000_000


async def test_the_day_of_a_briefing_is_kept_beside_the_cursor(outbox: Outbox, database: Database) -> None:
    await subscribe(database, Address(7))
    due = await take_one(outbox)
    served = let_go(due, None, due_in_s=0)._replace(briefed=date(2026, 11, 20))
    await outbox.settle([served])
    again = await take_one(outbox)
    assert (again.cursor, again.briefed) == (due.cursor, date(2026, 11, 20))


async def test_a_settled_chat_is_due_no_more_and_leaves_nothing_in_the_schedule(
    outbox: Outbox, database: Database
) -> None:
    await subscribe(database, Address(7))
    due = await take_one(outbox)
    await outbox.settle([let_go(due, due.cursor)])
    assert await Schedule(database, keys.chat_schedule(keys.home(Address(7)).shard)).members() == frozenset()


async def test_what_a_dead_sender_held_comes_back_and_its_late_settlement_counts_for_nothing(
    outbox: Outbox, database: Database, tail: LogTail, clock: Clock
) -> None:
    await subscribe(database, Address(7))
    dead = await take_one(outbox)
    clock.advance(LEASE_S + 1)
    heir = Outbox(database, RateLimiter(database, 1000), tail)
    claim = await claim_one(heir)
    await outbox.settle([let_go(dead, None)])
    clock.advance(LEASE_S + 1)
    assert (await claim_one(heir)).member == claim.member


async def test_a_renewed_claim_lasts_and_a_lost_one_is_told(
    outbox: Outbox, database: Database, clock: Clock
) -> None:
    await subscribe(database, Address(7), Address(8))
    claims = await claim_all(outbox)
    clock.advance(LEASE_S - 1)
    tokens = await outbox.renew(claims[:1])
    clock.advance(2)
    lost = await claim_one(outbox)
    assert lost.member == claims[1].member
    kept = claims[0]._replace(token=tokens[claims[0].member] or 0)
    tokens = await outbox.renew([kept, claims[1]])
    assert tokens[kept.member] is not None
    assert tokens[claims[1].member] is None
