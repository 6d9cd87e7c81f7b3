"""Opening and closing the server; it answers while the context lasts."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from bot.settings import Listen

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LARGEST_BODY = 1024 * 1024
"""Bytes. Telegram's updates are some kilobytes."""

GOODBYE_S = 1.0
"""How long open connections may take to end when the server closes."""


@asynccontextmanager
async def http_server(listen: Listen, routes: Iterable[web.RouteDef]) -> AsyncIterator[Listen | None]:
    """Serve ``routes``; yields the address (with the port that was found, where 0 was asked for).

    Yields None, after one line in the log, where the address cannot be had. A second role on the same machine
    finds the port taken, and that is no reason not to deliver news; only who needs the server (a webhook) has
    to refuse to start.
    """
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=GOODBYE_S)
    await runner.setup()
    try:
        yield await _open(runner, listen)
    finally:
        await runner.cleanup()


async def _open(runner: web.AppRunner, listen: Listen) -> Listen | None:
    try:
        await web.TCPSite(runner, listen.host, listen.port).start()
    except OSError as refused:
        why = os.strerror(refused.errno) if refused.errno and refused.errno > 0 else str(refused)
        log.warning("no HTTP server: the address cannot be had", http_listen=str(listen), why=why)
        return None
    port = runner.addresses[0][1]
    log.info("HTTP server is up", page=f"http://{Listen(listen.host, port)}/")
    return Listen(listen.host, port)
