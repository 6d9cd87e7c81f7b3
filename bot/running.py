"""Running: an event loop, the roles in it, the signals that end it, and what the process exits with.

It knows nothing of what it runs. The command line gives :func:`run_until_stopped` one coroutine function;
that one (the assembly) joins the parts and gives :func:`run_roles` the loops. Both hand on one
:class:`asyncio.Event`, "stopping": once set, a role takes no new work, finishes what is in hand, and returns.

Exit codes: 0 after a wish to stop (SIGTERM, Ctrl-C), whatever had to be cut off, for all state is in Redis.
1 when a role crashed or ended unasked: the others are drained, and a supervisor (compose, systemd,
Kubernetes) starts the process anew, which is cleaner than a bot half dead. 130 after a second Ctrl-C.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import closing
from typing import Any

import structlog

from bot.errors import BriefingError

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

DRAIN_S = 8.0
"""How long the work in hand may take after a wish to stop; what is not done by then is cut off."""

STOP_S = 10.0
"""How long a stop may take in all: the rest is for closing connections and the embedded Redis."""

AT_ONCE = 128 + signal.SIGINT
"""The exit code after a second Ctrl-C, as shells write it."""

Role = Callable[[asyncio.Event], Awaitable[None]]
"""A loop of the bot. It returns soon after the event that it is given is set, and not before."""


def run_until_stopped(main: Callable[[asyncio.Event], Coroutine[Any, Any, int]]) -> int:
    """Run ``main`` in an event loop of its own (uvloop where there is one), and return its exit code.

    SIGTERM and Ctrl-C set the event that ``main`` is given. A process that is still there ``STOP_S`` later (a
    thread that hangs in a DNS lookup is enough) ends then. Raises whatever ``main`` raises.
    """
    calm_the_collector()
    with closing(_LastResort()) as last_resort, asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        return runner.run(_with_signals(main, last_resort))


def calm_the_collector() -> None:
    """Look for garbage in cycles every ten thousand objects, not every seven hundred, and never in what stays.

    Measured (benchmarks/sender.py): the usual ways cost a quarter of the sender's time; and looking through all
    modules stops everything for sixty milliseconds, where Telegram's limits are kept to thirty.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def run_to_end(work: Coroutine[Any, Any, int]) -> int:
    """Run a command that ends by itself, and return its exit code; Ctrl-C raises KeyboardInterrupt."""
    calm_the_collector()
    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        return runner.run(work)


async def run_roles(
    roles: Mapping[str, Role],
    stopping: asyncio.Event,
    *,
    report: Callable[[], Mapping[str, object]] = dict,
    drain_s: float = DRAIN_S,
) -> int:
    """Run ``roles`` until ``stopping`` is set, drain them, log what ``report`` counts; give the exit code."""
    started = time.monotonic()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_watched(name, role, stopping), name=name) for name, role in roles.items()]
        await stopping.wait()
        done, late = await asyncio.wait(tasks, timeout=drain_s)
        for task in late:
            task.cancel()
    log.info(
        "stopped",
        **report(),
        ran_s=round(time.monotonic() - started, 1),
        cut_off=", ".join(sorted(task.get_name() for task in late)) or "nothing",
    )
    return 0 if all(task.result() for task in done) else 1


async def _watched(name: str, role: Role, stopping: asyncio.Event) -> bool:
    """Run one role; True if it ended as it should. A role that fails takes the process down in good order."""
    try:
        await role(stopping)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        # Nobody cancelled this task: something inside it did, and it would be gone without a word.
        log.critical("role cancelled itself", role=name, exc_info=True)
    except BriefingError as failed:
        log.critical("role cannot go on", role=name, why=str(failed))
    except Exception:
        # Whatever it is, it is not understood: say it in full, and let a fresh process try.
        log.critical("role crashed", role=name, exc_info=True)
    else:
        if stopping.is_set():
            return True
        log.critical("role ended unasked", role=name)
    stopping.set()
    return False


async def _with_signals(
    main: Callable[[asyncio.Event], Coroutine[Any, Any, int]], last_resort: _LastResort
) -> int:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()

    def stop(signal_name: str) -> None:
        log.info("stopping", signal=signal_name)
        last_resort.exit_code = 0
        stopping.set()

    def interrupt() -> None:
        if stopping.is_set():
            os._exit(AT_ONCE)
        stop("SIGINT")

    loop.add_signal_handler(signal.SIGTERM, stop, "SIGTERM")
    loop.add_signal_handler(signal.SIGINT, interrupt)
    watch = asyncio.create_task(last_resort.armed_by(stopping))
    try:
        return await main(stopping)
    finally:
        watch.cancel()


class _LastResort:
    """Ends the process ``STOP_S`` after the wish to stop; a thread does it, because the loop may hang."""

    exit_code = 1

    def __init__(self) -> None:
        self._clock = threading.Timer(STOP_S, lambda: os._exit(self.exit_code))
        self._clock.daemon = True

    async def armed_by(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self._clock.start()

    def close(self) -> None:
        self._clock.cancel()


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # no uvloop on this platform: asyncio's own loop does the same, slower
        return None
    return uvloop.new_event_loop
