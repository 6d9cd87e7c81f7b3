"""Pushes updates to the bot's webhook: in order, one at a time, again and again until it answers 200.

The real Telegram delivers different chats side by side; one at a time is enough here and easier to reason
about.
"""

from __future__ import annotations

import asyncio

import aiohttp
import structlog

from bot.demo.telegram_world import TelegramWorld
from bot.demo.updates import Webhook

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ANSWER_WITHIN_S = 30
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0


async def push_updates(world: TelegramWorld) -> None:
    """Run until cancelled; does nothing while no webhook is set."""
    updates = world.updates
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN_S)) as session:
        pause_s = FIRST_PAUSE_S
        while True:
            webhook = await updates.webhook_set()
            update = await updates.oldest()
            if updates.webhook is not webhook:
                continue
            problem = await _push(session, webhook, update)
            if problem is None:
                updates.taken(update)
                world.bell.ring()
                pause_s = FIRST_PAUSE_S
                continue
            webhook.last_error_date = int(world.clocks.now().timestamp())
            webhook.last_error_message = problem
            log.info("webhook failed", problem=problem)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


async def _push(session: aiohttp.ClientSession, webhook: Webhook, update: object) -> str | None:
    headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
    try:
        async with session.post(webhook.url, json=update, headers=headers) as answer:
            return None if answer.status == 200 else f"Wrong response from the webhook: {answer.status}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"Connection failed: {type(error).__name__}"
