"""How long it takes to poll 2,000 sources of which 95 % answer 304, over loopback: ``python -m benchmarks.polling``.

The server runs in a process of its own. Every source has manners of its own, as if each were another host, so that the
pause between two requests to one host does not decide. Fetching and parsing are measured, storing is not.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from datetime import UTC, datetime

from aiohttp import web

from bot.sources.fetching import Fetcher, Validators, guest_session
from bot.sources.polling import NewsRead, Unchanged, poll_news
from bot.sources.sources_file import NewsSource

SOURCES = 2000
CHANGED = 0.05
AT_ONCE = 64
_ITEM = (
    "<item><title>Story {n}</title><guid>{n}</guid><link>https://c.example/{n}</link>"
    "<pubDate>Mon, 15 Jun 2026 10:00:00 GMT</pubDate><description>"
    + "Words of a story. " * 30
    + "</description></item>"
)
_FEED = f"<rss version='2.0'><channel><title>C</title>{''.join(_ITEM.format(n=n) for n in range(30))}</channel></rss>"


def serve(port_pipe: multiprocessing.connection.Connection) -> None:
    """Answer every path until killed: a feed for the changed ones, 304 for the others."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == '"same"':
            return web.Response(status=304)
        return web.Response(text=_FEED, content_type="text/xml")

    async def forever() -> None:
        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port_pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(forever())


async def poll_all(port: int) -> tuple[int, int]:
    """Poll every source once; how many were unchanged and how many were read."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, fetcher: Fetcher) -> NewsRead | Unchanged:
        url = f"http://127.0.0.1:{port}/{number}"
        source = NewsSource.model_validate({"name": str(number), "url": url, "format": "feed"})
        known = Validators() if number % round(1 / CHANGED) == 0 else Validators('"same"')
        async with gate:
            answer = await poll_news(source, fetcher, known, datetime.now(UTC))
        assert isinstance(answer, NewsRead | Unchanged)
        return answer

    async with guest_session() as session:
        answers = await asyncio.gather(*(one(number, Fetcher(session)) for number in range(SOURCES)))
    unchanged = sum(isinstance(answer, Unchanged) for answer in answers)
    return unchanged, len(answers) - unchanged


def main() -> None:
    """Measure once and print a line."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    begun, begun_cpu = time.perf_counter(), time.process_time()
    unchanged, read = asyncio.run(poll_all(port))
    took_s, cpu_s = time.perf_counter() - begun, time.process_time() - begun_cpu
    server.kill()
    print(f"{unchanged} unchanged and {read} read in {took_s:.2f} s ({cpu_s:.2f} s of one core)")


if __name__ == "__main__":
    main()
