"""The surroundings of an end-to-end story: sources to publish in, a local Telegram, a real Redis, and the bot.

The bot runs as it does in production: by ``assembly.serve`` in the test's own loop, or as a process of its own
that can be killed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape

from aiohttp import web

from bot import assembly
from bot.assembly import Patience
from bot.demo import LocalTelegram
from bot.settings import Settings, load_settings
from tests.redis_server import RedisServer

ROLES = frozenset({"worker", "bot", "sender"})
HOSTS = 16
BRISK = Patience(gather_s=0.25)
"""What a story tells seldom depends on the two seconds for which others are waited for."""

SHORT_LEASE_S = 6
"""Long enough to be renewed in time by a process that has a fraction of a core."""


@dataclass
class Page:
    """What a source answers; change it while the bot runs."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/rss+xml"
    requests: int = 0
    not_modified: int = 0

    async def serve(self, request: web.Request) -> web.Response:
        """Answer, with a validator, 304 to those who have it."""
        self.requests += 1
        etag = f'"{hashlib.sha1(self.body).hexdigest()}"'
        if self.status == 200 and request.headers.get("If-None-Match") == etag:
            self.not_modified += 1
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(
            status=self.status, body=self.body, headers={"ETag": etag, "Content-Type": self.content_type}
        )


@dataclass
class Feed(Page):
    """An RSS feed to publish stories in."""

    items: list[str] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=1))

    def publish(self, title: str, text: str = "Something happened there today.") -> None:
        """Put a story on top of the feed."""
        number = len(self.items) + 1
        published = format_datetime(self.started + timedelta(seconds=number))
        self.items.insert(
            0,
            f"<item><title>{escape(title)}</title><link>https://news.example/{number}</link>"
            f"<guid>story-{number}</guid><pubDate>{published}</pubDate>"
            f"<description>{escape(text)}</description></item>",
        )
        self.body = (
            f"<rss version='2.0'><channel><title>T</title>{''.join(self.items)}</channel></rss>".encode()
        )


class Newsroom:
    """One test's world. ``feed`` is polled every second, the fastest there is.

    ``patience`` is that of a bot in this loop.
    """

    def __init__(self, folder: Path, redis: RedisServer, telegram: LocalTelegram) -> None:
        self.folder = folder
        self.redis = redis
        self.telegram = telegram
        self.feed = Feed()
        self.pages: dict[str, Page] = {"/feed": self.feed}
        self.extra_sources = ""
        self.env: dict[str, str] = {}
        self.patience = BRISK
        self._ports: list[int] = []
        self._hosts_taken = 0
        self._stack = AsyncExitStack()
        self._processes: list[asyncio.subprocess.Process] = []

    async def __aenter__(self) -> Self:
        self.feed.publish("Tashkent opens a park", "Uzbekistan has one more park.")
        runner = web.ServerRunner(web.Server(self._serve))
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        for _ in range(HOSTS):
            await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._ports = [port for _, port in runner.addresses]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            await self.kill(process)
        await self._stack.aclose()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        page = self.pages.get(request.path)
        return await page.serve(request) if page else web.Response(status=404)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """Where the feed is, and every other page."""
        return f"http://127.0.0.1:{self._ports[0]}"

    def another_host(self) -> str:
        """One more address of all pages. Sources rarely share a host, and a host is asked once a second only."""
        self._hosts_taken += 1
        return f"http://127.0.0.1:{self._ports[self._hosts_taken]}"

    def settings(self, **changes: str) -> Settings:
        """The settings, as the environment would give them."""
        values = self.environment() | changes
        saved = {name: os.environ.get(name) for name in values}
        os.environ.update(values)
        try:
            return load_settings(env_file=None)
        finally:
            for name, value in saved.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value

    def environment(self) -> dict[str, str]:
        """What the operator would set."""
        sources = self.folder / "sources.toml"
        sources.write_text(
            f'[[news]]\nname = "Daily"\nurl = "{self.url}/feed"\nformat = "feed"\nevery = "1s"\n{self.extra_sources}'
        )
        return {
            "BOT_TOKEN": self.telegram.token,
            "BOT_API_URL": self.telegram.api_url,
            "REDIS_URL": self.redis.url,
            "SOURCES_FILE": str(sources),
            "HTTP_LISTEN": "",
            "DATA_DIR": str(self.folder / "data"),
        } | self.env

    def run(self, roles: frozenset[str] = ROLES, **changes: str) -> Running:
        """Run the bot in this process."""
        return Running(self.settings(**changes), roles, self.patience)

    async def start_process(
        self, *arguments: str, module: str = "bot", **variables: str
    ) -> asyncio.subprocess.Process:
        """Run the bot as a process of its own; its log is in ``self.folder / "log"``."""
        with (self.folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", module, *arguments),
                env=os.environ | self.environment() | variables,
                stdout=log,
                stderr=log,
            )
        self._processes.append(process)
        return process

    async def start_hasty_process(self, *arguments: str, **variables: str) -> asyncio.subprocess.Process:
        """The same, whose work is taken over :data:`SHORT_LEASE_S` after its death instead of half a minute."""
        variables = {"STRANGE_LEASE_S": str(SHORT_LEASE_S)} | variables
        return await self.start_process(*arguments, module="tests.stories.strange_process", **variables)

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        """``kill -9``."""
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()

    async def first_poll(self) -> None:
        """Wait until the feed has been read once: from now on stories are pushed."""
        await self.wait_for(lambda: self.feed.not_modified)

    async def wait_for(self, condition: Callable[[], object], timeout_s: float = 15) -> None:
        """Wait for something outside Telegram."""
        async with asyncio.timeout(timeout_s):
            while not condition():  # noqa: ASYNC110 - other processes set no events here
                await asyncio.sleep(0.01)


class Running:
    """The bot in this loop, as a context."""

    def __init__(self, settings: Settings, roles: frozenset[str], patience: Patience) -> None:
        self._settings = settings
        self._roles = roles
        self._patience = patience
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[int] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(
            assembly.serve(self._settings, self._roles, self._stopping, self._patience)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        assert self._task is not None
        assert await self._task == 0
