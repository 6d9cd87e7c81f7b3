"""A running bot: one database, one store on it, and the roles that the process was asked for.

Read :func:`serve` to see how it hangs together. The demo is the same with surroundings of its own.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import structlog
from pydantic import SecretStr

from bot.assembly.bots import make_bot
from bot.assembly.patience import USUAL, Patience
from bot.assembly.process import Process
from bot.assembly.senders import make_sender
from bot.assembly.stores import open_store, where
from bot.assembly.watching import goes_on, observe
from bot.assembly.workers import make_worker
from bot.errors import SettingsError
from bot.http.server import http_server
from bot.running import Role, run_roles
from bot.settings import Settings

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def serve(
    settings: Settings, roles: frozenset[str], stopping: asyncio.Event, patience: Patience = USUAL
) -> int:
    """Run ``roles`` until ``stopping`` is set, and return the exit code."""
    async with AsyncExitStack() as stack:
        store = await open_store(stack, settings)
        observation = observe(stack, settings, store.database, roles)
        process = Process(stack, settings, store, observation.meter, patience=patience)
        process.checks["redis"] = store.answers
        process.checks["roles"] = goes_on(stopping)
        process.checks["messages"] = observation.reach.check
        makers = {"worker": make_worker, "bot": make_bot, "sender": make_sender}
        running: dict[str, Role] = {name: await makers[name](process) for name in sorted(roles)}
        if settings.http_listen is not None:
            routes = [*observation.routes(process.checks), *process.routes]
            address = await stack.enter_async_context(http_server(settings.http_listen, routes))
            if address is None and "bot" in roles and settings.webhook_url:
                raise SettingsError(
                    [f"HTTP_LISTEN: {settings.http_listen} cannot be had, and the webhook needs it"]
                )
        log.info("started", roles=", ".join(running), redis=where(settings))
        return await run_roles(running | {"watch": observation.watch}, stopping)


async def demo(settings: Settings, port: int, live: bool, stopping: asyncio.Event) -> int:
    """Everything in one process against a local Telegram with a chat page; nothing outlives it."""
    from bot.demo.demo import Demo

    async with AsyncExitStack() as stack:
        surroundings = await stack.enter_async_context(Demo(port=port, live=live))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="briefing-demo-")))
        sources = folder / "sources.toml"
        sources.write_text(surroundings.sources_toml)
        here = settings.model_copy(
            update={
                "bot_token": SecretStr(surroundings.token),
                "bot_api_url": surroundings.api_url,
                "redis_url": None,
                "data_dir": folder / "data",
                "sources_file": settings.sources_file if live else sources,
                "webhook_url": None,
            }
        )
        log.info("the demo is ready: open it in your browser", page=surroundings.page_url)
        return await serve(here, frozenset({"worker", "bot", "sender"}), stopping)
