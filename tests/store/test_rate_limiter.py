"""The limiter: exact sliding windows, all buckets or none, answers ahead of pushes, a 429 obeyed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import keys
from bot.store.clients import make_client
from bot.store.connect import Database
from bot.store.rate_limiter import Late, RateLimiter
from bot.store.scripts import ScriptCall, script
from tests.conftest import Clock
from tests.redis_server import RedisServer

PER_SECOND = 30


@pytest.fixture
def limiter(database: Database) -> RateLimiter:
    return RateLimiter(database, PER_SECOND)


async def now_s(database: Database) -> float:
    (now,) = await database.run(ScriptCall(script("read_chats"), (), (database.clock_shift_ms(),)))
    return int(now) / 1000


async def last_permit_s(database: Database) -> float:
    """For when the newest permit was given, to the microsecond: reading the clock afterwards is later."""
    return float(await database.run(("LINDEX", keys.BOT_PERMITS, -1))) / 1000


def most_in_a_window(times: list[float], window_s: float) -> int:
    return max(sum(start <= time < start + window_s for time in times) for start in times)


async def push_until_refused(limiter: RateLimiter, first_chat: int) -> int:
    """Push to chats that have not had anything; how many were let through."""
    sent = 0
    while (await limiter.pushes([first_chat + sent])).permits[0].granted:
        sent += 1
    return sent


async def test_pushes_come_evenly_and_never_above_the_limit(
    limiter: RateLimiter, database: Database, clock: Clock
) -> None:
    times: list[float] = []
    chat = 1
    for _ in range(400):
        answer = await limiter.pushes([chat])
        if answer.permits[0].granted:
            times.append(await last_permit_s(database))
            chat += 1
        else:
            assert not answer.permits[0].chat_limited
            clock.advance(answer.permits[0].wait_s + 0.001)
    assert most_in_a_window(times, 1.0) <= PER_SECOND
    assert most_in_a_window(times, 0.09) <= PER_SECOND / 10
    assert len(times) / (times[-1] - times[0]) >= 0.95 * PER_SECOND


async def test_a_private_chat_gets_one_a_second(limiter: RateLimiter, clock: Clock) -> None:
    first, second = (await limiter.pushes([7, 7])).permits
    assert first.granted
    assert second.chat_limited
    assert second.wait_s == pytest.approx(1.035, abs=0.02)
    clock.advance(1.04)
    assert (await limiter.pushes([7])).permits[0].granted


async def test_a_group_gets_twenty_a_minute(limiter: RateLimiter, clock: Clock) -> None:
    sent = 0
    while (permit := (await limiter.pushes([-100])).permits[0]).granted or not permit.chat_limited:
        sent += permit.granted
        clock.advance(permit.wait_s + 0.001)
    assert sent == 20
    clock.advance(permit.wait_s + 0.01)
    assert (await limiter.pushes([-100])).permits[0].granted


async def test_a_refused_chat_takes_nothing_from_the_bot(limiter: RateLimiter) -> None:
    await limiter.pushes([7])
    refused = await limiter.pushes([7] * 50)
    assert not any(permit.granted for permit in refused.permits)
    assert (await limiter.pushes([8])).permits[0].granted


async def test_it_says_how_many_more_could_be_had(limiter: RateLimiter) -> None:
    assert (await limiter.pushes([1])).free == PER_SECOND // 10 - 1
    assert (await limiter.pushes([2, 3])).free == 0


async def test_an_answer_books_ahead_and_pushes_find_the_slot_taken(
    limiter: RateLimiter, clock: Clock
) -> None:
    waits = [await limiter.answer(chat) for chat in range(1, PER_SECOND + 4)]
    assert waits[:PER_SECOND] == [0.0] * PER_SECOND
    assert all(0.8 < wait <= 1.04 for wait in waits[PER_SECOND:])
    clock.advance(waits[-1] - 0.05)
    assert await push_until_refused(limiter, 1000) == 0


async def test_while_pushes_use_all_they_may_an_answer_waits_a_tenth_of_a_second(
    limiter: RateLimiter, clock: Clock
) -> None:
    chat = 1
    for _ in range(200):
        permit = (await limiter.pushes([chat])).permits[0]
        chat += permit.granted
        clock.advance(0 if permit.granted else permit.wait_s + 0.001)
    assert await limiter.answer(5_000_000) <= 0.110


async def test_a_429_holds_the_chat_for_exactly_as_long_as_telegram_says(
    limiter: RateLimiter, clock: Clock
) -> None:
    await limiter.hold(7, 20)
    held = (await limiter.pushes([7, 8])).permits
    assert held[0].chat_limited
    assert held[0].wait_s == pytest.approx(20, abs=0.1)
    assert held[1].granted, "other chats are not concerned"


async def test_a_second_refused_chat_holds_the_whole_bot(limiter: RateLimiter) -> None:
    await limiter.hold(7, 20)
    await limiter.hold(7, 20)
    assert (await limiter.pushes([8])).permits[0].granted, "the same chat twice is still one chat"
    await limiter.hold(9, 30)
    permit = (await limiter.pushes([10])).permits[0]
    assert permit.wait_s == pytest.approx(30, abs=0.1)
    assert await limiter.answer(11) == pytest.approx(30, abs=0.1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["push", "answer"]),
            st.integers(1, 6).map(lambda n: n if n % 2 else -n),
            st.floats(0, 0.4),
        ),
        min_size=20,
        max_size=80,
    )
)
async def test_no_window_ever_holds_more_than_the_limit(
    redis_server: RedisServer, steps: list[tuple[str, int, float]]
) -> None:
    clock = Clock()
    database = Database(make_client(redis_server.url), lambda: clock.shift_ms)
    await database.run(("FLUSHALL",))
    limiter = RateLimiter(database, 5)
    sent: list[tuple[float, int]] = []
    for lane, chat, pause_s in steps:
        now = await now_s(database)
        if lane == "answer" and not any(to == chat and at > now - 61 for at, to in sent):
            await limiter.answer(chat)
            sent.append((await last_permit_s(database), chat))
        elif (await limiter.pushes([chat])).permits[0].granted:
            sent.append((await last_permit_s(database), chat))
        clock.advance(pause_s)
    await database.aclose()
    times = [time for time, _ in sent]
    assert most_in_a_window(times, 1.0) <= 5
    for chat in {chat for _, chat in sent}:
        limit, window_s = (1, 1.0) if chat > 0 else (20, 60.0)
        assert most_in_a_window([time for time, c in sent if c == chat], window_s) <= limit


async def test_a_message_that_went_out_late_counts_from_then(limiter: RateLimiter, clock: Clock) -> None:
    for chat in range(1, PER_SECOND + 1):
        assert await limiter.answer(chat) == 0
    clock.advance(1.5)
    permits = await limiter.pushes([500])
    await limiter.late([Late(500, permits.time_ms, 0.4)])
    clock.advance(1.2)
    assert (await limiter.pushes([500])).permits[0].chat_limited, "its chat had it 0.8 s ago"
    clock.advance(0.3)
    assert (await limiter.pushes([500])).permits[0].granted


async def test_a_late_message_holds_its_place_in_every_bucket_for_longer(
    limiter: RateLimiter, clock: Clock
) -> None:
    tenth = PER_SECOND // 10
    permits = await limiter.pushes(range(1, tenth + 1))
    await limiter.late([Late(tenth, permits.time_ms, 0.05)])
    clock.advance(0.1)
    assert sum(permit.granted for permit in (await limiter.pushes(range(100, 110))).permits) == tenth - 1


async def test_a_permit_that_is_long_gone_cannot_be_late(limiter: RateLimiter, database: Database) -> None:
    await limiter.late([Late(7, 1.0, 0.1), Late(-7, 1.0, 0.1)])
    await limiter.late([])
    assert await database.run(("KEYS", "*")) == []
