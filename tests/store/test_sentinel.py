"""A master dies: its replica takes over, and whatever was acknowledged and copied is there."""

from __future__ import annotations

import pytest

from bot.errors import StoreUnavailable
from bot.store.connect import Database, connect
from bot.store.keys import SOURCE_SCHEDULE
from bot.store.schedule import Schedule
from tests.redis_kinds import SentinelPair
from tests.waiting import wait_until


async def test_after_a_fail_over_work_goes_on_with_what_was_there(
    pair: SentinelPair, behind_sentinel: Database
) -> None:
    schedule = Schedule(behind_sentinel, SOURCE_SCHEDULE)
    await schedule.wake(["a", "b"])
    assert await behind_sentinel.run(("WAIT", 1, 1000)) == 1
    pair.fail_over()

    async def claimed() -> set[str] | None:
        try:
            return {claim.member for claim in (await schedule.claim(10, 30)).claims}
        except StoreUnavailable:
            return None

    assert await wait_until(claimed, within_s=10) == {"a", "b"}, "scripts, too, are found by the new master"


async def test_an_address_of_a_sentinel_that_is_gone_is_passed_over(pair: SentinelPair) -> None:
    gone_first = pair.url.replace("redis+sentinel://", "redis+sentinel://127.0.0.1:1,")
    async with connect(gone_first) as database:
        assert await database.run(("PING",))


async def test_no_sentinel_at_all_is_a_store_that_is_unavailable() -> None:
    async with connect("redis+sentinel://127.0.0.1:1/briefing") as database:
        with pytest.raises(StoreUnavailable):
            await database.run(("PING",))


async def test_a_service_that_the_sentinel_does_not_know_is_unavailable_too(pair: SentinelPair) -> None:
    async with connect(pair.url.replace("/briefing", "/another")) as database:
        with pytest.raises(StoreUnavailable):
            await database.run(("PING",))
