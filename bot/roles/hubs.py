"""Asks the hubs of sources (WebSub) to tell us of news, so that stories come in seconds instead of minutes.

The worker names the hub of each feed that it reads; a subscription is asked for once and renewed before it ends. All of
it is a favor: a hub that refuses, lies or dies costs nothing, because polling goes on as before.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.errors import FetchError
from bot.sources.fetching import Fetcher
from bot.sources.websub import Hub, subscription_form
from bot.store.subscriptions import Subscription, Subscriptions

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

RENEW_BEFORE = timedelta(days=1)
ASK_AGAIN_AFTER = timedelta(hours=6)


class Hubs:
    """Subscribes. ``callback`` is the public address below which the HTTP server hears the hubs."""

    def __init__(
        self, subscriptions: Subscriptions, fetcher: Fetcher, callback: str, now: Callable[[], datetime]
    ) -> None:
        self._subscriptions = subscriptions
        self._fetcher = fetcher
        self._callback = callback
        self._now = now

    async def keep(self, source: str, hub: Hub) -> None:
        """Be subscribed to the source at its hub; ask only if it is time to. Raises StoreUnavailable."""
        known = await self._subscriptions.of(source)
        if known is None or (known.hub, known.topic) != (hub.url, hub.topic):
            known = Subscription(source, secrets.token_urlsafe(18), hub.url, hub.topic, secrets.token_hex(20))
        await self._ask_if_due(known)

    async def renew(self, source: str) -> None:
        """Stay subscribed while the feed says nothing new, and so not where its hub is. Raises StoreUnavailable."""
        if known := await self._subscriptions.of(source):
            await self._ask_if_due(known)

    async def _ask_if_due(self, known: Subscription) -> None:
        if not is_due(known, self._now()):
            return
        source, hub = known.source, Hub(known.hub, known.topic)
        # Remembered before the hub is asked: it may ask back before it answers.
        await self._subscriptions.put(replace(known, asked=self._now()))
        form = subscription_form(hub, f"{self._callback}/{known.id}", known.secret)
        try:
            status = await self._fetcher.post_form(hub.url, form)
        except FetchError as error:
            log.info("hub not reached", source=source, cause=str(error))
            return
        log.info("hub asked", source=source, status=status)


def is_due(known: Subscription, now: datetime) -> bool:
    """Whether the hub should be asked now: nothing granted, or not for long, and not asked lately."""
    if known.until is not None and known.until - now > RENEW_BEFORE:
        return False
    return known.asked is None or now - known.asked > ASK_AGAIN_AFTER
