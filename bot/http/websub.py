"""Where hubs (WebSub) reach us: they ask whether we meant to subscribe, and later tell that a feed has news.

A notice that is signed with our secret makes its source due at once; whatever else comes is thanked for and forgotten,
as the specification wants. Addresses that we never gave out are 404.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.errors import StoreUnavailable
from bot.sources.websub import is_signed
from bot.store.subscriptions import Subscription, Subscriptions

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PLACE = "/websub"
LONGEST_LEASE_S = 30 * 86_400


def websub_routes(
    webhook_url: str,
    subscriptions: Subscriptions,
    wake: Callable[[str], Awaitable[None]],
    now: Callable[[], datetime],
) -> list[web.RouteDef]:
    """The routes, below the path of the webhook. ``wake`` makes a source due at once."""

    async def found(request: web.Request) -> Subscription:
        try:
            known = await subscriptions.by_id(request.match_info["id"])
        except StoreUnavailable as error:
            raise web.HTTPServiceUnavailable from error
        if known is None:
            raise web.HTTPNotFound
        return known

    async def verify(request: web.Request) -> web.Response:
        known, asked = await found(request), request.query
        if asked.get("hub.mode") == "denied":
            log.info("hub refused", source=known.source, reason=asked.get("hub.reason", "")[:200])
            return web.Response()
        challenge = asked.get("hub.challenge")
        if asked.get("hub.mode") != "subscribe" or asked.get("hub.topic") != known.topic or not challenge:
            raise web.HTTPNotFound
        until = now() + timedelta(seconds=lease_s(asked.get("hub.lease_seconds")))
        try:
            await subscriptions.put(replace(known, until=until))
        except StoreUnavailable as error:
            raise web.HTTPServiceUnavailable from error
        log.info("hub will tell of news", source=known.source, until=until.isoformat(timespec="minutes"))
        return web.Response(text=challenge, content_type="text/plain")

    async def hear(request: web.Request) -> web.Response:
        known = await found(request)
        body = await request.read()
        if is_signed(body, request.headers.get("X-Hub-Signature"), known.secret):
            try:
                await wake(known.source)
            except StoreUnavailable as error:
                raise web.HTTPServiceUnavailable from error
        else:
            log.warning("notice without a valid signature", source=known.source)
        return web.Response(status=202)

    place = f"{callback_path(webhook_url)}/{{id}}"
    return [web.get(place, verify), web.post(place, hear)]


def callback_path(webhook_url: str) -> str:
    """Where on our server hubs are heard."""
    return urlsplit(webhook_url).path.rstrip("/") + PLACE


def callback_url(webhook_url: str) -> str:
    """The same with its host: what hubs are told."""
    return webhook_url.rstrip("/") + PLACE


def lease_s(told: str | None) -> float:
    """The seconds that a hub grants; a day if it says nothing that makes sense."""
    try:
        seconds = float(told or "")
    except ValueError:
        return 86_400.0
    return min(max(seconds, 60.0), LONGEST_LEASE_S) if math.isfinite(seconds) else 86_400.0
