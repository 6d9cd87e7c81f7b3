"""The other way in: Telegram brings each update to our HTTP server, which queues it and answers at once.

``200`` means: it lies in Redis, Telegram may forget it. Handlers run later, in any bot process
(:mod:`bot.roles.queued_updates`). Whoever does not know the secret gets a 403 and leaves no trace but one line.
Also here: telling Telegram at the start which of the two ways we use.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import orjson
import structlog
from aiohttp import web
from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.errors import StoreUnavailable, TelegramRefused
from bot.telegram.limiter import seconds_of
from bot.telegram.polling import FIRST_BACKOFF_S, LONGEST_BACKOFF_S, AnyApplication, describe
from bot.telegram.updates import lane_of
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

CONNECTIONS = 100
"""``max_connections``: Telegram opens so many to us at once; the most it allows, as we answer within a millisecond."""

PUT_WITHIN_S = 5.0
"""Telegram tries again; a connection that waits longer for Redis is one that others need."""

Put = Callable[[int, str, bytes], Awaitable[object]]
"""Queues an update: its id, the lane in which order matters, what Telegram sent. Raises StoreUnavailable."""


class Webhook:
    """What answers Telegram. It lets nobody in before it is opened."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._secret: bytes | None = None
        self._strangers = 0

    def open(self, secret: str) -> None:
        """Let in who knows ``secret``."""
        self._secret = secret.encode()

    async def receive(self, request: web.Request) -> web.Response:
        """Queue one update. Bodies above the server's limit are refused with 413 while they are read."""
        if not self._knows_secret(request):
            return self._turn_away()
        body = await request.read()
        try:
            content = orjson.loads(body)
            update = Update.de_json(content, None)
            update_id = content["update_id"]
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("webhook: not an update", size=len(body))
            return web.Response(status=400, text="not an update\n")
        lane = lane_of(update)
        try:
            async with asyncio.timeout(PUT_WITHIN_S):
                await self._put(update_id, f"update {update_id}" if lane is None else str(lane), body)
        except (StoreUnavailable, TimeoutError) as error:
            log.warning("webhook: update not queued, Telegram will bring it again", cause=str(error))
            return web.Response(status=503, headers={"Retry-After": "1"})
        return web.Response()

    def _knows_secret(self, request: web.Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        return self._secret is not None and hmac.compare_digest(given, self._secret)

    def _turn_away(self) -> web.Response:
        self._strangers += 1
        if (
            self._strangers.bit_count() == 1
        ):  # the 1st, 2nd, 4th, 8th …: a flood of strangers is not a flood of lines
            log.warning("webhook: request without the secret refused", so_far=self._strangers)
        return web.Response(status=403)


def webhook_route(webhook_url: str, webhook: Webhook) -> web.RouteDef:
    """Where the proxy brings what Telegram sends: the path of ``WEBHOOK_URL``."""
    return web.post(urlsplit(webhook_url).path or "/", webhook.receive)


def update_handler(application: AnyApplication) -> Callable[[bytes], Awaitable[None]]:
    """The function that handles an update as Telegram sent it."""

    async def handle(body: bytes) -> None:
        update = Update.de_json(orjson.loads(body), application.bot)
        await application.update_processor.process_update(update, application.process_update(update))

    return handle


async def choose_webhook(
    application: AnyApplication, url: str, secret: str, kinds: Sequence[str], stopping: asyncio.Event
) -> bool:
    """Have Telegram bring updates to ``url``, waiting for it if need be; False if ``stopping`` came first.

    Raises TelegramRefused when Telegram does not want this address.
    """

    async def choose() -> None:
        await application.bot.set_webhook(
            url, secret_token=secret, allowed_updates=list(kinds), max_connections=CONNECTIONS
        )

    chosen = await _patiently(choose, stopping)
    if chosen:
        log.info("Telegram brings updates to the webhook", host=urlsplit(url).hostname)
    return chosen


async def choose_polling(application: AnyApplication, stopping: asyncio.Event) -> bool:
    """Have Telegram keep updates until we fetch them (what waits stays); False if ``stopping`` came first."""

    async def choose() -> None:
        await application.bot.delete_webhook()

    return await _patiently(choose, stopping)


async def _patiently(call: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> bool:
    pause_s = FIRST_BACKOFF_S
    while not stopping.is_set():
        try:
            await call()
        except (
            BadRequest
        ) as refusal:  # which PTB counts among the NetworkErrors, but trying again mends nothing
            raise TelegramRefused(f"Telegram refuses WEBHOOK_URL: {refusal.message}") from None
        except RetryAfter as refusal:
            await pause(stopping, seconds_of(refusal))
        except NetworkError as error:
            log.warning("Telegram was not told how updates come in, trying again", cause=describe(error))
            await pause(stopping, pause_s)
            pause_s = min(pause_s * 2, LONGEST_BACKOFF_S)
        else:
            return True
    return False
