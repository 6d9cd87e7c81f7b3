"""The status page: one sentence that is right, words that a person understands, all in one response."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot.http.server import http_server
from bot.http.status import status_routes
from bot.http.status_view import Status, ago, length, status_of
from bot.http.verdict import Shared, judge
from bot.settings import Listen
from bot.store.backlog import Backlog
from bot.store.pulse import Reading
from tests.http.status_examples import NOW, PROCESSES, hour, process, shared, source, sources, well


def now(of: Shared | None, **checks: str | None) -> Status:
    return status_of(NOW, "0.1.0", well() | checks, of)


QUIET = Backlog(due=0, in_hand=0, oldest_s=0.0, messages_per_second=30)


def test_a_good_day_is_said_in_three_words() -> None:
    status = now(shared(backlog=QUIET))
    assert (status.level, status.sentence, status.reasons) == ("well", "All is well.", ())
    assert status.facts[0].words == "nobody waits"


def test_a_broadcast_is_a_good_day_too() -> None:
    assert now(shared()).level == "well"
    assert now(shared()).facts[0].words == "the last one is served in 43 s"


def test_without_redis_that_is_all_there_is_to_say() -> None:
    status = now(None)
    assert status.level == "ill"
    assert "Redis does not answer" in status.sentence
    assert status.charts == ()
    assert status.sources == ()


@pytest.mark.parametrize(
    ("role", "consequence"),
    [("worker", "no source is read"), ("bot", "nobody is answered"), ("sender", "nothing is delivered")],
)
def test_a_role_that_nobody_runs_is_ill(role: str, consequence: str) -> None:
    left = tuple(note for note in PROCESSES if role not in note.roles)
    status = now(shared(reading=Reading(left, hour(), ())))
    assert status.level == "ill"
    assert consequence in status.sentence


def test_one_process_may_have_all_roles() -> None:
    everything = Reading((process("bot", "sender", "worker"),), hour(), ())
    assert now(shared(reading=everything)).level == "well"
    assert now(shared(reading=everything)).processes == ("1 × bot + sender + worker, up 5 h",)


def test_chats_that_wait_while_nothing_goes_out_are_ill_unless_an_operator_wants_it() -> None:
    silent = {minute: {**counts, "push": 0} for minute, counts in hour().items()}
    waiting = Backlog(due=12, in_hand=0, oldest_s=500.0, messages_per_second=30)
    standing = shared(reading=Reading(PROCESSES, silent, ()), backlog=waiting)
    assert now(standing).level == "ill"
    paused = now(replace(standing, pushes_paused=True))
    assert paused.level == "strained"
    assert "/resume" in paused.reasons[0]


def test_reasons_of_this_process_and_many_failing_sources_strain() -> None:
    assert now(shared(), telegram="Telegram has not answered lately").reasons == (
        "telegram: Telegram has not answered lately",
    )
    failing = [source(str(number), 30, last_error="timed out") for number in range(3)]
    reasons = now(shared(sources=[*failing, *sources()[2:]])).reasons
    assert reasons == ("3 of 9 sources cannot be read at the moment.",)
    assert now(shared()).reasons == (), "one of eight is an ordinary day"


def test_a_late_event_loop_strains() -> None:
    lagging = Reading((*PROCESSES, process("sender", lag_s=2.4)), hour(), ())
    assert judge(well(), shared(reading=lagging)).reasons == ("sender: busy, timers were 2.4 s late.",)


def test_sources_are_worded_and_those_with_trouble_stand_first() -> None:
    ended = source("Old Daily", 9000, ended=True, last_error="gone for good (410)")
    fresh = source("New Daily", 0, last_success=None)
    polled = replace(source("Busy Daily", 2), next_poll=None)
    lines = now(shared(sources=[polled, fresh, ended, *sources()])).sources
    words = {line.name: (line.state, line.words) for line in lines}
    assert words["Old Daily"] == ("ended", "ended: its publisher took it down")
    assert words["New Daily"] == ("new", "not read yet, next look in 2 min")
    assert words["Busy Daily"] == ("well", "read 2 min ago, 20 items, being read")
    assert words["Asia-Plus"] == ("failing", "503 Service Unavailable · read 48 min ago, next look in 2 min")
    assert [line.state == "well" for line in lines] == sorted(line.state == "well" for line in lines)


def test_the_same_trouble_is_one_line_with_its_number() -> None:
    first, *_, last = now(shared()).troubles
    assert (first.words, first.when) == (
        "source failed: Asia-Plus: 503 Service Unavailable",
        "3 min ago, 2 times",
    )
    assert last.grave


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (0.4, "0 s"),
        (59, "59 s"),
        (119, "119 s"),
        (120, "2 min"),
        (3599, "60 min"),
        (18_720, "5 h"),
    ],
)
def test_lengths_of_time_are_short(seconds: float, words: str) -> None:
    assert length(seconds) == words


def test_just_now_is_just_now() -> None:
    assert ago(NOW, NOW) == "just now"
    assert ago(NOW - timedelta(seconds=90), NOW) == "90 s ago"


async def test_the_page_is_one_response_that_asks_nobody_else_for_anything() -> None:
    async def look() -> Status:
        return now(shared())

    async with (
        http_server(Listen("127.0.0.1", 0), status_routes(look)) as address,
        aiohttp.ClientSession() as session,
    ):
        async with session.get(f"http://{address}/") as answer:
            page = await answer.text()
            policy = answer.headers["Content-Security-Policy"]
            assert answer.content_type == "text/html"
        async with session.get(f"http://{address}/status.json") as answer:
            numbers = await answer.json()
    assert numbers["sentence"] in page
    assert not re.search(r"\{\{\w+\}\}", page)
    assert not re.search(r"""(src|href)=["'](?!data:)""", page)
    assert "default-src 'none'" in policy
    assert len(numbers["charts"][0]["values"]) == 60
