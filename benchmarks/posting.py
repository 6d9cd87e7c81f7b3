"""How fast can messages be posted? Our messenger against a bare loop and python-telegram-bot, 30 in flight.

Run: ``python -m benchmarks.posting``. Each round posts with every contender in turn, so that a slow moment of the
machine hits all of them; medians of five rounds. Beside messages a second, which the server's process may bound, it
prints the CPU time that the client spent on a message, which nothing bounds but the code.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from telegram import Bot
from telegram.request import HTTPXRequest
from yarl import URL

from bot.model import Address, Button, Message, Sent
from bot.telegram.messenger import Messenger
from bot.telegram.session import open_session
from bot.telegram.transport import AiohttpRequest

IN_FLIGHT = 30
ROUNDS = 5
TOKEN = "123456789:benchmark"
STORY = Message(
    html="🇰🇿 <b><a href='https://example.org/story'>Kazakhstan opens the new line</a></b>\n"
    + "A sentence. " * 20,
    buttons=((Button("More", data="story:1"), Button("Kazakhstan", data="latest:KZ")),),
    preview_url="https://example.org/story",
)
GOALS = {"messenger / bare": 1.5}

Post = Callable[[int], Awaitable[object]]


@dataclass(frozen=True)
class Contender:
    """Somebody who can post a message to a chat; ``messages`` a round, fewer for the slow."""

    name: str
    post: Post
    messages: int


@dataclass(frozen=True)
class Result:
    per_s: float
    cpu_us: float


async def measure(post: Post, messages: int) -> Result:
    """Post to ``messages`` chats with 30 in flight."""
    chats = iter(range(1, messages + 1))

    async def work() -> None:
        for chat_id in chats:
            await post(chat_id)

    began_s, cpu_began_s = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
    took_s, cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_began_s
    return Result(messages / took_s, cpu_s / messages * 1e6)


def bare(session: aiohttp.ClientSession, address: URL | str) -> Post:
    """The least one can do: encode, post, decode."""
    headers = {"Content-Type": "application/json"}

    async def post(chat_id: int) -> object:
        body = orjson.dumps({"chat_id": chat_id, "text": STORY.html, "parse_mode": "HTML"})
        async with session.post(address, data=body, headers=headers) as response:
            return orjson.loads(await response.read())["result"]["message_id"]

    return post


def ours(session: aiohttp.ClientSession, url: str) -> Post:
    messenger = Messenger(session, url, TOKEN)

    async def post(chat_id: int) -> object:
        outcome = await messenger.send(Address(chat_id), STORY)
        assert isinstance(outcome, Sent), outcome
        return outcome

    return post


def by_ptb(bot: Bot) -> Post:
    async def post(chat_id: int) -> object:
        return await bot.send_message(chat_id, STORY.html, parse_mode="HTML")

    return post


@asynccontextmanager
async def server() -> AsyncIterator[str]:
    """Start the bare server; yields its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.posting_server", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}"
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def contenders(url: str) -> AsyncIterator[list[Contender]]:
    async with AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(limit=IN_FLIGHT)
        plain = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        session = await stack.enter_async_context(open_session(url, IN_FLIGHT))
        over_aiohttp = AiohttpRequest(session)
        over_httpx = HTTPXRequest()
        await stack.enter_async_context(over_httpx)

        method = f"{url}/bot{TOKEN}/sendMessage"

        def bot(request: Any) -> Bot:
            return Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)

        yield [
            Contender("bare", bare(plain, method), 4000),
            # Nothing left to leave out: no cookies, no time limit, the URL read once. A bound, not a rival.
            Contender("bare, stripped", bare(session, URL(method)), 4000),
            Contender("messenger", ours(session, url), 4000),
            Contender("ptb over our transport", by_ptb(bot(over_aiohttp)), 1500),
            Contender("ptb default", by_ptb(bot(over_httpx)), 300),
        ]


async def main() -> dict[str, Any]:
    """Run all rounds; returns medians and the ratios that the goals are about."""
    async with server() as url, contenders(url) as all_contenders:
        results: dict[str, list[Result]] = {contender.name: [] for contender in all_contenders}
        for contender in all_contenders:
            await measure(contender.post, contender.messages // 5)
        for _ in range(ROUNDS):
            for contender in all_contenders:
                results[contender.name].append(await measure(contender.post, contender.messages))
    per_s = {name: statistics.median(r.per_s for r in rounds) for name, rounds in results.items()}
    cpu_us = {name: statistics.median(r.cpu_us for r in rounds) for name, rounds in results.items()}
    return {
        "benchmark": "posting",
        "messages_per_s": {name: round(value) for name, value in per_s.items()},
        "client_cpu_us_per_message": {name: round(value) for name, value in cpu_us.items()},
        "ratios": {
            "messenger / bare": round(per_s["messenger"] / per_s["bare"], 2),
            "messenger / bare, stripped": round(per_s["messenger"] / per_s["bare, stripped"], 2),
            "messenger / ptb default": round(per_s["messenger"] / per_s["ptb default"], 1),
            "ptb over our transport / ptb default": round(
                per_s["ptb over our transport"] / per_s["ptb default"], 1
            ),
        },
        "goals": GOALS,
    }


def table(report: dict[str, Any]) -> str:
    """Lay the report out for people."""
    lines = [f"{'':24}{'messages/s':>12}{'client CPU µs':>16}"]
    for name, per_s in report["messages_per_s"].items():
        lines.append(f"{name:24}{per_s:>12,}{report['client_cpu_us_per_message'][name]:>16,}")
    return "\n".join(lines)


def run() -> dict[str, Any]:
    """Run on uvloop where there is one."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main())
    report: dict[str, Any] = uvloop.run(main())
    return report


if __name__ == "__main__":
    report = run()
    print(table(report))
    print(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
