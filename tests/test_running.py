"""Starting and stopping: signals, draining, crashes, and what the process exits with."""

from __future__ import annotations

import asyncio
import signal

import pytest
import structlog

from bot.errors import BriefingError
from bot.running import run_roles
from tests.processes import program

HEADER = """
import asyncio, sys, threading, time
from bot.logs import configure_logs
from bot import running

configure_logs("INFO", "text", secrets=[])

def say(word):
    print(word, flush=True)

async def obedient(stopping):
    say("ready")
    await stopping.wait()
    say("obedient done")

async def stubborn(stopping):
    say("ready")
    await asyncio.Event().wait()

async def slow(stopping):
    await stopping.wait()
    say("finishing what is in hand")
    await asyncio.sleep(0.2)
    say("finished")

def run(**roles):
    drain_s = roles.pop("drain_s", running.DRAIN_S)
    sys.exit(running.run_until_stopped(lambda stopping: running.run_roles(roles, stopping, drain_s=drain_s)))
"""


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_drains_and_ends_with_0(signal_: signal.Signals) -> None:
    async with program("-c", HEADER + "run(a=obedient, b=slow)") as it:
        await it.says("ready")
        it.process.send_signal(signal_)
        assert await it.ends() == 0
    assert (
        it.output.index("finishing what is in hand")
        < it.output.index("finished")
        < it.output.index("stopped")
    )
    assert "obedient done" in it.output
    assert "Traceback" not in it.output


async def test_what_is_not_done_in_time_is_cut_off_and_named_and_the_exit_is_still_0() -> None:
    async with program("-c", HEADER + "run(sender=stubborn, bot=obedient, drain_s=0.05)") as it:
        await it.says("ready\nready")
        it.process.send_signal(signal.SIGTERM)
        assert await it.ends() == 0
    assert "cut_off=sender" in it.output


async def test_a_second_ctrl_c_ends_it_at_once() -> None:
    async with program("-c", HEADER + "run(sender=stubborn)") as it:
        await it.says("ready")
        it.process.send_signal(signal.SIGINT)
        await it.says("stopping")
        it.process.send_signal(signal.SIGINT)
        assert await it.ends(within_s=5) == 130


async def test_a_second_sigterm_changes_nothing() -> None:
    async with program("-c", HEADER + "run(a=obedient, b=slow)") as it:
        await it.says("ready")
        it.process.send_signal(signal.SIGTERM)
        await it.says("finishing")
        it.process.send_signal(signal.SIGTERM)
        assert await it.ends() == 0
    assert "finished" in it.output


async def test_a_thread_that_hangs_cannot_keep_the_process() -> None:
    hang = """
running.STOP_S = 0.3
async def hanging(stopping):
    asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)
    await obedient(stopping)
run(a=hanging)
"""
    async with program("-c", HEADER + hang) as it:
        await it.says("ready")
        it.process.send_signal(signal.SIGTERM)
        assert await it.ends() == 0


async def test_a_loop_that_hangs_cannot_keep_the_process() -> None:
    hang = """
running.STOP_S = 0.3
async def hanging(stopping):
    await obedient(stopping)
    threading.Event().wait()
run(a=hanging)
"""
    async with program("-c", HEADER + hang) as it:
        await it.says("ready")
        it.process.send_signal(signal.SIGTERM)
        assert await it.ends() == 0


async def test_a_crash_is_logged_the_others_are_drained_and_the_exit_is_1() -> None:
    crash = """
async def crashing(stopping):
    raise LookupError("no such thing")
run(worker=crashing, sender=slow)
"""
    async with program("-c", HEADER + crash) as it:
        assert await it.ends() == 1
    assert "role crashed" in it.output
    assert "role=worker" in it.output
    assert "LookupError: no such thing" in it.output
    assert "finished" in it.output


async def test_a_role_that_knows_why_it_cannot_go_on_needs_no_traceback() -> None:
    async def refused(_: asyncio.Event) -> None:
        raise BriefingError("Telegram does not know this token")

    with structlog.testing.capture_logs() as log:
        assert await run_roles({"bot": refused}, asyncio.Event()) == 1
    assert log[0]["why"] == "Telegram does not know this token"
    assert "exc_info" not in log[0]


async def ends_by_itself(_: asyncio.Event) -> None:
    return


async def cancels_itself(_: asyncio.Event) -> None:
    raise asyncio.CancelledError


async def obeys(stopping: asyncio.Event) -> None:
    await stopping.wait()


async def test_a_role_that_ends_unasked_is_a_failure_too() -> None:
    with structlog.testing.capture_logs() as log:
        assert await run_roles({"bot": ends_by_itself, "worker": obeys}, asyncio.Event()) == 1
    assert log[0]["event"] == "role ended unasked"
    assert log[0]["role"] == "bot"


async def test_a_role_that_loses_itself_in_a_cancellation_is_not_lost_in_silence() -> None:
    with structlog.testing.capture_logs() as log:
        assert await run_roles({"bot": cancels_itself, "worker": obeys}, asyncio.Event()) == 1
    assert log[0]["event"] == "role cancelled itself"


async def test_the_closing_report_counts_what_was_done() -> None:
    stopping = asyncio.Event()
    stopping.set()
    with structlog.testing.capture_logs() as log:
        assert await run_roles({"bot": obeys}, stopping, report=lambda: {"sent": 3}) == 0
    assert log[-1]["event"] == "stopped"
    assert log[-1]["sent"] == 3
    assert log[-1]["cut_off"] == "nothing"


async def test_cancelling_the_whole_cancels_every_role() -> None:
    ended = []

    async def role(_: asyncio.Event) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    whole = asyncio.create_task(run_roles({"a": role, "b": role}, asyncio.Event()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    whole.cancel()
    with pytest.raises(asyncio.CancelledError):
        await whole
    assert len(ended) == 2


async def test_a_command_that_ends_by_itself_gives_its_exit_code_and_ctrl_c_interrupts_it() -> None:
    command = """
async def check():
    say("checking")
    await asyncio.sleep(float(sys.argv[1]))
    return 3
try:
    sys.exit(running.run_to_end(check()))
except KeyboardInterrupt:
    sys.exit(130)
"""
    async with program("-c", HEADER + command, "0") as it:
        assert await it.ends() == 3
    async with program("-c", HEADER + command, "60") as it:
        await it.says("checking")
        it.process.send_signal(signal.SIGINT)
        assert await it.ends() == 130
