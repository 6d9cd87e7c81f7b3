"""How people's updates come in: Telegram brings them (``WEBHOOK_URL`` is set), or one bot of all fetches them.

Both ways give the bot role something that runs until it is told to stop, and the health check something to ask.
"""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.assembly.patience import Patience
from bot.errors import StoreUnavailable
from bot.roles.outage import Outage
from bot.roles.queued_updates import QueuedUpdates
from bot.roles.stand_by import OneAtATime
from bot.settings import Settings
from bot.store import keys
from bot.store.connect import Database
from bot.store.lease import Lease
from bot.store.updates_queue import UpdatesQueue, agree_on_secret
from bot.telegram.application import ALLOWED_UPDATES
from bot.telegram.polling import AnyApplication, Poller
from bot.telegram.webhook import Webhook, choose_polling, choose_webhook, update_handler, webhook_route

SILENCE_S = 60.0
"""A long poll is answered every 25 s, even when nobody wrote."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """``run`` brings updates to the handlers; ``well`` says what is wrong with it; ``routes`` are to be served."""

    run: Callable[[asyncio.Event], Awaitable[None]]
    well: Callable[[], Awaitable[str | None]]
    routes: tuple[web.RouteDef, ...] = ()


def polling(application: AnyApplication, database: Database, patience: Patience) -> WayIn:
    """Updates are fetched, by one bot process at a time."""
    poller = Poller(application, ALLOWED_UPDATES)

    greeted_s = -math.inf

    async def poll(stopping: asyncio.Event) -> None:
        nonlocal greeted_s
        if await choose_polling(application, stopping):
            greeted_s = time.monotonic()
            await poller.run(stopping)

    lease = Lease(database, keys.POLLER_LEASE, secrets.token_hex(8), patience.poller_s)
    alone = OneAtATime(lease, poll, what="polling Telegram")

    async def hears_telegram() -> str | None:
        # Who stands by is ready: it will take over, and an update of all bots must not wait for it to be busy.
        silent_s = time.monotonic() - max(greeted_s, poller.answered_s or -math.inf)
        return None if silent_s < SILENCE_S or not alone.working else "Telegram has not answered lately"

    return WayIn(alone.run, hears_telegram)


def webhook(
    application: AnyApplication, database: Database, settings: Settings, url: str, patience: Patience
) -> WayIn:
    """Updates are brought to any bot process, queued, and handled by any."""
    queued = QueuedUpdates(UpdatesQueue(database, patience.updates_s), update_handler(application))
    door = Webhook(queued.put)
    told = False

    async def run(stopping: asyncio.Event) -> None:
        nonlocal told
        secret = await _secret(settings, database, stopping)
        if secret is None:
            return
        door.open(secret)
        if await choose_webhook(application, url, secret, ALLOWED_UPDATES, stopping):
            told = True
            await queued.run(stopping)

    async def told_telegram() -> str | None:
        return None if told else "Telegram has not been told of the webhook yet"

    return WayIn(run, told_telegram, (webhook_route(url, door),))


async def _secret(settings: Settings, database: Database, stopping: asyncio.Event) -> str | None:
    """The operator's secret, else the one that all bots agree on; None if ``stopping`` came first."""
    mine = settings.webhook_secret.get_secret_value()
    if "webhook_secret" in settings.model_fields_set:
        return mine
    outage = Outage("the webhook's secret")
    while not stopping.is_set():
        try:
            return await agree_on_secret(database, mine)
        except StoreUnavailable as error:
            await outage.wait(error, stopping)
    return None
