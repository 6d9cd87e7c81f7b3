"""The other end of ``limits``: answers as Telegram would, counts exact sliding windows, and refuses what is too much.

Usage: ``python -m benchmarks.strict_server MESSAGES_PER_SECOND``. Prints its port. GET tells what happened so far,
and forgets it: messages taken and refused, the span from first to last, and the shortest time in which one more than
the limit arrived, which a server that is as strict as can be wants to be a second.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time

import orjson
from aiohttp import web

from benchmarks import surroundings
from benchmarks.posting_server import ANSWER
from bot.demo.limits import Limits, Policeman


class StrictServer:
    """One bot's Telegram."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._policeman = Policeman(Limits(overall_per_s=per_second))
        self._taken_at: list[float] = []
        self._refused = 0

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Take a message, refuse it, or tell what happened."""
        if request.method == "GET":
            return web.json_response(self._tell())
        now_s = time.monotonic()
        chat_id = orjson.loads(await request.read())["chat_id"]
        refusal = self._policeman.check("sendMessage", chat_id, now_s)
        if refusal is None:
            self._taken_at.append(now_s)
            return web.Response(body=ANSWER, content_type="application/json")
        self._refused += 1
        body = {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }
        return web.json_response(body, status=429)

    def _tell(self) -> dict[str, float | int]:
        times, n = self._taken_at, self._per_second
        tightest = min((late - early for early, late in zip(times, times[n:], strict=False)), default=0.0)
        told = {
            "taken": len(times),
            "refused": self._refused,
            "span_s": times[-1] - times[0] if times else 0.0,
            "tightest_s": tightest,
        }
        self._taken_at, self._refused = [], 0
        return told


async def serve(per_second: int) -> None:
    runner = web.ServerRunner(web.Server(StrictServer(per_second).answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    # A server that stands still for a moment counts what arrived meanwhile as late, and the next as too early.
    gc.disable()
    surroundings.run(serve(int(sys.argv[1])))
