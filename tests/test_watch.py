"""A process that watches itself: how late it is, whether it stands still, what it says for the page."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime

import structlog
from structlog.testing import capture_logs

from bot.logs import configure_logs
from bot.metering import NO_METER
from bot.model import Lane
from bot.reach import Reach
from bot.tally import Tally, minute_of
from bot.troubles import KEPT, TroubleBook
from bot.watch import HangAlarm, Watch
from tests.test_logs import restored  # noqa: F401 - a fixture that is used by being here
from tests.waiting import wait_until

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


async def nothing() -> None:
    return None


async def test_a_loop_that_stands_still_is_reported_while_it_does_with_the_place() -> None:
    watch = Watch(NO_METER, nothing, hangs_after_s=0.2, look_every_s=0.01)
    stopping = asyncio.Event()
    with capture_logs() as log:
        running = asyncio.create_task(watch.run(stopping))
        await asyncio.sleep(0.05)
        time.sleep(0.6)  # noqa: ASYNC251 - a handler that blocks the loop
        assert [line["event"] for line in log] == ["the event loop stands still"], "said before it is over"
        await wait_until(lambda: len(log) >= 2)  # on a busy machine it may stand still once more
        stopping.set()
        await running
    assert "test_watch.py" in log[0]["at"]
    assert log[0]["log_level"] == "critical"
    assert log[1]["event"] == "the event loop goes on"
    assert 0.2 < log[1]["stood_still_s"] < 2


async def test_a_loop_that_runs_is_not_reported() -> None:
    with capture_logs() as log, HangAlarm(0.3) as alarm:
        for _ in range(40):
            alarm.alive()
            await asyncio.sleep(0.01)
    assert log == []


async def test_lateness_is_told_to_the_meter_and_the_first_beat_comes_at_once() -> None:
    tally, beats = Tally(lambda: NOW), []

    async def beat() -> None:
        beats.append(1)

    watch = Watch(tally, beat, look_every_s=0.01)
    stopping = asyncio.Event()
    running = asyncio.create_task(watch.run(stopping))
    await wait_until(lambda: beats)
    time.sleep(0.1)  # noqa: ASYNC251 - a handler that blocks the loop
    await asyncio.sleep(0.03)
    stopping.set()
    await running
    assert 0.05 < tally.worst_lag_s() < 2
    assert tally.worst_lag_s() == 0, "asked and forgotten"


def test_what_was_done_is_kept_by_minute_until_it_is_written_down() -> None:
    tally = Tally(lambda: NOW)
    tally.sent(Lane.PUSH, "sent", 0.1)
    tally.sent(Lane.PUSH, "limited", 0.1)
    tally.sent(Lane.ANSWER, "sent", 0.1)
    tally.sent(Lane.PUSH, "gone", 0.1)
    tally.stored("Daily", ("energy", "economy"))
    tally.polled("Daily", "failed", 1)
    tally.handled("latest", 0.1)
    counted = tally.drain()
    expected = {"push": 1, "again": 1, "answer": 1, "story": 1, "poll_failed": 1, "update": 1}
    assert counted == {minute_of(NOW): expected}
    assert tally.drain() == {}
    tally.put_back(counted)
    tally.sent(Lane.PUSH, "sent", 0.1)
    assert tally.drain() == {minute_of(NOW): expected | {"push": 2}}


def test_troubles_are_kept_in_words_without_whom_they_concern() -> None:
    configure_logs("INFO", "json", secrets=["hunter2"])
    book = TroubleBook(["hunter2"])
    book.open()
    try:
        log = structlog.stdlib.get_logger("bot.somewhere")
        log.info("all is well")
        log.warning("source failed", source="Daily", cause="503 from http://x/?key=hunter2", next_poll_in_s=9)
        log.error("message set aside", chat="36bc4738e8", cause="too long", stories=("a", "b"))
        logging.getLogger("aiohttp.server").error("Error handling request of Aigul")
    finally:
        book.close()
    first, second, third = book.drain()
    assert first.words == "source failed: Daily: 503 from http://x/?key=***"
    assert not first.grave
    assert second.words == "message set aside: too long"
    assert second.grave
    assert third.words == "a library complains (see the log): aiohttp.server"
    assert book.drain() == []


def test_a_storm_of_troubles_is_bounded_and_a_closed_book_hears_nothing() -> None:
    configure_logs("INFO", "json", secrets=[])
    book = TroubleBook([])
    book.open()
    log = structlog.stdlib.get_logger("bot.somewhere")
    for number in range(KEPT + 20):
        log.warning("again", cause=str(number))
    book.close()
    log.warning("unheard")
    words = [trouble.words for trouble in book.drain()]
    assert len(words) == KEPT
    assert words[-1] == f"again: {KEPT + 19}"
    book.put_back([])


async def test_a_sender_is_not_ready_when_nothing_gets_through_and_again_when_something_does() -> None:
    now_s = 0.0
    reach = Reach(lambda: now_s)
    reach.sent(Lane.PUSH, "later", 1)
    assert await reach.check() is None, "a hiccup"
    now_s = 31.0
    reach.sent(Lane.PUSH, "later", 1)
    assert await reach.check() == "no message got through for 31 s"
    reach.sent(Lane.PUSH, "gone", 1)
    assert await reach.check() is None, "a refusal is a sign of life"
