"""getUpdates, setWebhook and its sisters."""

from __future__ import annotations

import re
from typing import Any

from bot.demo.platform import Platform
from bot.demo.refusals import bad_request
from bot.demo.updates import Webhook
from bot.demo.who import Json


async def get_updates(platform: Platform, params: Json) -> list[Json]:
    """https://core.telegram.org/bots/api#getupdates."""
    updates = platform.world.updates
    updates.allow(params.get("allowed_updates"))
    platform.world.bell.ring()  # some tests wait for the bot to begin polling
    return await updates.poll(params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0))


def set_webhook(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#setwebhook. Plain http will do: there are no certificates."""
    updates = platform.world.updates
    url, secret = params.get("url", ""), params.get("secret_token")
    if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    if url and not re.match(r"https?://[^\s/]+", url):
        raise bad_request("bad webhook: Invalid URL")
    updates.allow(params.get("allowed_updates"))
    if params.get("drop_pending_updates"):
        updates.drop()
    webhook = Webhook(url, secret, params.get("ip_address"), params.get("max_connections", 40))
    updates.use_webhook(webhook if url else None)
    return True


def delete_webhook(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#deletewebhook."""
    if params.get("drop_pending_updates"):
        platform.world.updates.drop()
    platform.world.updates.use_webhook(None)
    return True


def get_webhook_info(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#getwebhookinfo."""
    updates = platform.world.updates
    webhook = updates.webhook
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if updates.allowed:
        info["allowed_updates"] = sorted(updates.allowed)
    if webhook is not None:
        info |= {"max_connections": webhook.max_connections, "ip_address": webhook.ip_address or "127.0.0.1"}
        if webhook.last_error_date is not None:
            info |= {
                "last_error_date": webhook.last_error_date,
                "last_error_message": webhook.last_error_message,
            }
    return info
