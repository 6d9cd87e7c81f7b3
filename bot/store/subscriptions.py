"""What was agreed with the hubs of sources (WebSub): one subscription a source, found by source or by its own id."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime

from bot.store import keys
from bot.store.connect import Database

REMEMBERED_S = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Subscription:
    """``id`` is the secret part of our address, ``secret`` signs what the hub sends. ``asked`` is when the hub was
    asked last, ``until`` when the lease that it granted ends.
    """

    source: str
    id: str
    hub: str
    topic: str
    secret: str
    asked: datetime | None = None
    until: datetime | None = None


_FIELDS = tuple(field.name for field in fields(Subscription))


class Subscriptions:
    """All subscriptions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, source: str) -> Subscription | None:
        """That of a source. Raises StoreUnavailable."""
        values = await self._database.run(("HMGET", keys.hub_subscription(source), *_FIELDS))
        stored = {field: value.decode() for field, value in zip(_FIELDS, values, strict=True) if value}
        if "id" not in stored:
            return None
        return Subscription(
            source,
            stored["id"],
            stored.get("hub", ""),
            stored.get("topic", ""),
            stored.get("secret", ""),
            _time(stored.get("asked")),
            _time(stored.get("until")),
        )

    async def by_id(self, subscription_id: str) -> Subscription | None:
        """The one with this id. Raises StoreUnavailable."""
        source = await self._database.run(("GET", keys.hub_subscriber(subscription_id)))
        found = await self.of(source.decode()) if source else None
        return found if found and found.id == subscription_id else None

    async def put(self, subscription: Subscription) -> None:
        """Remember it. Raises StoreUnavailable."""
        key = keys.hub_subscription(subscription.source)
        values = {field: getattr(subscription, field) for field in _FIELDS}
        for moment in ("asked", "until"):
            values[moment] = str(values[moment].timestamp()) if values[moment] else ""
        flat = [part for pair in values.items() for part in pair]
        await self._database.run_many(
            [
                ("HSET", key, *flat),
                ("EXPIRE", key, REMEMBERED_S),
                ("SET", keys.hub_subscriber(subscription.id), subscription.source, "EX", REMEMBERED_S),
            ]
        )


def _time(stored: str | None) -> datetime | None:
    return datetime.fromtimestamp(float(stored), UTC) if stored else None
