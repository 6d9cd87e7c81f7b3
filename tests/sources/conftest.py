"""A real web server on loopback that answers as each test tells it to, and a fetcher that does not wait its turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from bot.sources.fetching import Fetcher, Limits, guest_session
from bot.sources.manners import Manners
from bot.sources.sources_file import NewsSource

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Publisher:
    """The server. ``answer`` is what the next requests get; ``requests`` is what was asked."""

    def __init__(self) -> None:
        self.requests: list[web.BaseRequest] = []
        self.address = ""
        self._handlers: dict[str, Handler] = {}

    def at(self, path: str, handler: Handler) -> str:
        """Let ``handler`` answer at ``path``; the whole address is returned."""
        self._handlers[path] = handler
        return self.address + path

    def says(
        self, path: str, body: bytes | str, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> str:
        """Answer with this body at ``path``."""
        content = body.encode() if isinstance(body, str) else body

        async def handler(_: web.BaseRequest) -> web.StreamResponse:
            return web.Response(body=content, status=status, headers=headers)

        return self.at(path, handler)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        handler = self._handlers.get(request.path)
        return await handler(request) if handler else web.Response(status=404)


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    host = Publisher()
    server = web.Server(host.handle)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield host
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with guest_session() as shared:
        yield shared


@pytest.fixture
def fetcher(session: aiohttp.ClientSession) -> Fetcher:
    limits = Limits(connect_s=0.5, total_s=0.7, body_bytes=1024 * 1024)
    return Fetcher(session, now=lambda: NOW, manners=Manners(interval_s=0), limits=limits)


def news(url: str, *, format: str = "feed", every: str = "5m", **more: object) -> NewsSource:
    """A news source as the sources file would give it."""
    return NewsSource.model_validate(
        {"name": "Courier", "url": url, "format": format, "every": every, **more}
    )
