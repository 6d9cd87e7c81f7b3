"""The other end of ``posting``: a bare server, in a process of its own, that answers every call like Telegram.

Prints its port, then serves until it is killed. It reads each body whole, and parses it no further than needed.
"""

from __future__ import annotations

import asyncio

import orjson
from aiohttp import web

ANSWER = orjson.dumps(
    {
        "ok": True,
        "result": {
            "message_id": 123456,
            "from": {"id": 1, "is_bot": True, "first_name": "Briefing", "username": "briefing_bot"},
            "chat": {"id": 42, "first_name": "Aigul", "username": "aigul", "type": "private"},
            "date": 1_767_225_600,
            "text": "🇰🇿 Kazakhstan opens the last section of the new line\n" * 4,
            "entities": [
                {"offset": 5, "length": 48, "type": "text_link", "url": "https://example.org/story"}
            ],
            "link_preview_options": {"url": "https://example.org/story"},
        },
    }
)
"""What Telegram answers to a story; PTB builds objects from all of it."""


class Server:
    """Answers, and counts its answers."""

    def __init__(self) -> None:
        self._count = 0

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Say that the message was sent; a GET asks how many were."""
        if request.method == "GET":
            return web.Response(text=str(self._count))
        await request.read()
        self._count += 1
        return web.Response(body=ANSWER, content_type="application/json")


async def serve() -> None:
    runner = web.ServerRunner(web.Server(Server().answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        import uvloop

        uvloop.run(serve())
    except ImportError:
        asyncio.run(serve())
