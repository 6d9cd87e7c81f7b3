"""How all processes are doing, written by each and read as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.connect import Database
from bot.store.pulse import ALIVE_S, FORGOTTEN_S, MOST_TROUBLES, ProcessNote, Pulse, Trouble
from tests.store.leaks import leaked_keys

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
MINUTE = int(NOW.timestamp() // 60)


@pytest.fixture
def pulse(database: Database) -> Pulse:
    return Pulse(database)


def note(name: str, *roles: str, age_s: float = 0) -> ProcessNote:
    return ProcessNote(name, roles, "0.1.0", NOW - timedelta(hours=1), NOW - timedelta(seconds=age_s), 0.25)


async def test_every_process_that_was_heard_of_lately_is_there(pulse: Pulse) -> None:
    for one in (note("a", "worker"), note("b", "bot", "sender"), note("c", "sender", age_s=ALIVE_S + 1)):
        await pulse.beat(one, {}, [])
    reading = await pulse.read(NOW)
    assert [process.name for process in reading.processes] == ["b", "a"]
    assert reading.processes[0] == note("b", "bot", "sender")


async def test_who_ends_in_good_order_is_gone_at_once_and_the_dead_are_forgotten(
    pulse: Pulse, database: Database
) -> None:
    await pulse.beat(note("a", "worker"), {}, [])
    await pulse.leave("a")
    await pulse.beat(note("dead", "bot", age_s=FORGOTTEN_S + 1), {}, [])
    assert (await pulse.read(NOW)).processes == ()
    assert await database.run(("HLEN", "{m}:processes")) == 0


async def test_sums_of_all_processes_add_up_by_minute_and_no_minute_is_left_out(pulse: Pulse) -> None:
    await pulse.beat(note("a", "sender"), {MINUTE: {"push": 3}, MINUTE - 1: {"push": 1}}, [])
    await pulse.beat(note("b", "sender"), {MINUTE: {"push": 4, "answer": 1}}, [])
    minutes = (await pulse.read(NOW, minutes=5)).minutes
    assert list(minutes) == [MINUTE - 4, MINUTE - 3, MINUTE - 2, MINUTE - 1, MINUTE]
    assert minutes[MINUTE] == {"push": 7, "answer": 1}
    assert minutes[MINUTE - 1] == {"push": 1}
    assert minutes[MINUTE - 4] == {}


async def test_troubles_are_the_newest_of_all_and_bounded(pulse: Pulse) -> None:
    many = [Trouble(NOW, f"trouble {number}", grave=number % 2 == 0) for number in range(MOST_TROUBLES + 5)]
    await pulse.beat(note("a", "sender"), {}, many[:60])
    await pulse.beat(note("b", "sender"), {}, many[60:])
    troubles = (await pulse.read(NOW)).troubles
    assert len(troubles) == MOST_TROUBLES
    assert troubles[0] == many[-1]


async def test_everything_expires_by_itself(pulse: Pulse, database: Database) -> None:
    await pulse.beat(note("a", "worker"), {MINUTE: {"push": 1}}, [Trouble(NOW, "x", grave=True)])
    await pulse.beat(replace(note("a", "worker"), lag_s=1.0), {}, [])
    assert (await pulse.read(NOW)).processes[0].lag_s == 1.0
    assert await leaked_keys(database) == []


async def test_a_reading_costs_one_round_trip(pulse: Pulse, database: Database) -> None:
    await pulse.beat(note("a", "worker"), {MINUTE: {"push": 1}}, [])
    before = database.round_trips
    await pulse.read(NOW)
    assert database.round_trips == before + 1
