"""``python -m bot.demo``: the local Telegram alone, as a process of its own, for benchmarks and for other bots.

Prints one line of JSON when it listens (``api_url``, ``token``), runs until SIGTERM or Ctrl-C, and then prints one
more with what it counted. ``--sample-page`` adds the chat page and the samples; otherwise every chat id exists.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable

import orjson

from bot.demo.demo import Demo
from bot.demo.limits import NO_LIMITS, Limits
from bot.demo.local_telegram import LocalTelegram


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m bot.demo", description="A local Telegram.")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument(
        "--limits", default="off", help="off, or messages a second overall (30 is Telegram's)"
    )
    parser.add_argument(
        "--sample-page", action="store_true", help="with the chat page and the sample sources"
    )
    arguments = parser.parse_args()
    limits = NO_LIMITS if arguments.limits == "off" else Limits(overall_per_s=int(arguments.limits))
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(arguments.port, limits, sample_page=arguments.sample_page))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve(port: int, limits: Limits, *, sample_page: bool) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    if sample_page:
        async with Demo(port=port, limits=limits) as demo:
            _print({"api_url": demo.api_url, "token": demo.token, "page_url": demo.page_url})
            await stopped.wait()
            _print(_counted(demo.telegram))
    else:
        async with LocalTelegram(port=port, limits=limits, journal_keeps=1000, hospitable=True) as telegram:
            _print({"api_url": telegram.api_url, "token": telegram.token})
            await stopped.wait()
            _print(_counted(telegram))


def _counted(telegram: LocalTelegram) -> dict[str, object]:
    answers = {f"{method} {status}": count for (method, status), count in telegram.journal.answers.items()}
    return {
        "delivered": telegram.journal.delivered,
        "answers": answers,
        "refused_429": telegram.policeman.refused,
        "busiest_second": telegram.policeman.busiest_second,
    }


def _print(value: dict[str, object]) -> None:
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
