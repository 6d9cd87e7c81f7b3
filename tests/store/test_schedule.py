"""The schedule: due, claimed by one, settled; nothing is lost when a claimer dies."""

from __future__ import annotations

import pytest

from bot.store.connect import Database
from bot.store.keys import SOURCE_SCHEDULE
from bot.store.schedule import Claim, Schedule, Settlement
from tests.conftest import Clock

LEASE_S = 30


@pytest.fixture
def schedule(database: Database) -> Schedule:
    return Schedule(database, SOURCE_SCHEDULE)


async def claim_one(schedule: Schedule) -> Claim:
    (claim,) = (await schedule.claim(10, LEASE_S)).claims
    return claim


async def nobody_is_due(schedule: Schedule) -> bool:
    return not (await schedule.claim(10, LEASE_S)).claims


async def test_what_is_due_is_claimed_once(schedule: Schedule) -> None:
    await schedule.wake(["a", "b"])
    assert {claim.member for claim in (await schedule.claim(10, LEASE_S)).claims} == {"a", "b"}
    assert await nobody_is_due(schedule)


async def test_the_longest_due_come_first_and_the_next_due_time_is_told(
    schedule: Schedule, clock: Clock
) -> None:
    await schedule.wake(["late"], in_s=20)
    await schedule.wake(["early"], in_s=10)
    clock.advance(30)
    found = await schedule.claim(1, LEASE_S)
    assert [claim.member for claim in found.claims] == ["early"]
    assert found.next_due_ms is not None
    assert found.now_ms - found.next_due_ms == pytest.approx(10_000, abs=500)


async def test_nobody_is_due_before_the_time(schedule: Schedule, clock: Clock) -> None:
    await schedule.wake(["a"], in_s=10)
    assert await nobody_is_due(schedule)
    clock.advance(10.5)
    assert (await claim_one(schedule)).member == "a"


async def test_waking_pulls_forward_and_never_puts_off(schedule: Schedule) -> None:
    await schedule.wake(["a"], in_s=1000)
    await schedule.wake(["a"])
    await schedule.wake(["a"], in_s=1000)
    assert (await claim_one(schedule)).member == "a"


async def test_a_dead_claimer_loses_its_lease_and_the_member_is_due_again(
    schedule: Schedule, clock: Clock
) -> None:
    await schedule.wake(["a"])
    dead = await claim_one(schedule)
    clock.advance(LEASE_S + 1)
    heir = await claim_one(schedule)
    assert await schedule.settle([Settlement("a", dead.token)]) == [False]
    assert await schedule.settle([Settlement("a", heir.token)]) == [True]
    assert await nobody_is_due(schedule)


async def test_what_happens_during_the_lease_is_due_after_it(schedule: Schedule) -> None:
    await schedule.wake(["a"])
    claim = await claim_one(schedule)
    await schedule.wake(["a"])
    assert await nobody_is_due(schedule), "the member is in somebody's hands"
    await schedule.settle([Settlement("a", claim.token)])
    assert (await claim_one(schedule)).member == "a"


async def test_a_hold_is_a_floor_for_whatever_happens_meanwhile(schedule: Schedule, clock: Clock) -> None:
    await schedule.wake(["a"])
    claim = await claim_one(schedule)
    await schedule.wake(["a"])
    await schedule.settle([Settlement("a", claim.token, due_in_s=60, hold=True)])
    await schedule.wake(["a"])
    clock.advance(59)
    assert await nobody_is_due(schedule)
    clock.advance(2)
    assert (await claim_one(schedule)).member == "a"


async def test_failures_are_remembered_until_a_settlement_forgets_them(schedule: Schedule) -> None:
    await schedule.wake(["a"])
    for attempts, refusals in ((1, 0), (2, 1), (2, 1)):
        claim = await claim_one(schedule)
        await schedule.settle(
            [Settlement("a", claim.token, due_in_s=0, attempts=attempts, refusals=refusals)]
        )
    claim = await claim_one(schedule)
    assert (claim.attempts, claim.refusals) == (2, 1)
    await schedule.settle([Settlement("a", claim.token, due_in_s=0)])
    claim = await claim_one(schedule)
    assert (claim.attempts, claim.refusals) == (0, 0)


async def test_a_renewed_lease_lasts_and_the_old_token_is_void(
    schedule: Schedule, database: Database, clock: Clock
) -> None:
    await schedule.wake(["a"])
    claim = await claim_one(schedule)
    clock.advance(20)
    token, kept = await database.run(schedule.renew_call([claim], LEASE_S))
    assert kept == 1
    clock.advance(20)
    assert await nobody_is_due(schedule)
    assert await schedule.settle([Settlement("a", claim.token)]) == [False]
    assert await schedule.settle([Settlement("a", int(token))]) == [True]


async def test_members_can_be_listed_and_removed(schedule: Schedule) -> None:
    await schedule.wake(["a", "b", "c"])
    await schedule.claim(1, LEASE_S)
    assert await schedule.members() == {"a", "b", "c"}
    await schedule.remove(["a", "b"])
    assert await schedule.members() == {"c"}
