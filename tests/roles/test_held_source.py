"""A source is held while its poll lasts, and soon free again when the worker dies."""

from __future__ import annotations

from bot.roles.held_source import LEASE_S, held
from bot.store.connect import Database
from bot.store.keys import SOURCE_SCHEDULE
from bot.store.schedule import Claim, Schedule, Settlement
from tests.conftest import Clock
from tests.waiting import wait_until


async def claim_of(schedule: Schedule, lease_s: float) -> Claim:
    await schedule.wake(["Daily"])
    return (await schedule.claim(1, lease_s)).claims[0]


async def test_a_poll_that_lasts_longer_than_its_lease_keeps_its_source(database: Database) -> None:
    schedule = Schedule(database, SOURCE_SCHEDULE)
    claim = await claim_of(schedule, lease_s=0.3)
    async with held(schedule, claim, lease_s=0.3) as current:
        await wait_until(lambda: current.claim.token > claim.token + 600)
        assert not (await schedule.claim(1, LEASE_S)).claims
    assert await schedule.settle([Settlement("Daily", claim.token)]) == [False]
    assert await schedule.settle([Settlement("Daily", current.claim.token)]) == [True]


async def test_the_source_of_a_dead_worker_is_free_after_its_lease(database: Database, clock: Clock) -> None:
    schedule = Schedule(database, SOURCE_SCHEDULE)
    await claim_of(schedule, LEASE_S)
    assert not (await schedule.claim(1, LEASE_S)).claims
    clock.advance(LEASE_S + 0.1)
    assert (await schedule.claim(1, LEASE_S)).claims


async def test_a_lease_that_was_lost_is_not_taken_back(database: Database, clock: Clock) -> None:
    schedule = Schedule(database, SOURCE_SCHEDULE)
    claim = await claim_of(schedule, lease_s=0.3)
    clock.advance(10)
    heir = (await schedule.claim(1, LEASE_S)).claims[0]
    async with held(schedule, claim, lease_s=0.03) as current:
        pass
    assert current.claim == claim
    assert await schedule.settle([Settlement("Daily", heir.token)]) == [True]
