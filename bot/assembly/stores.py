"""The store of a process: which Redis it is, and the rooms over it that every role needs."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.assembly import clock
from bot.settings import Settings
from bot.store.articles import Articles
from bot.store.chats import Chats
from bot.store.connect import Database, connect
from bot.store.embedded import embedded_redis
from bot.store.rate_limiter import RateLimiter
from bot.store.rates import Rates

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that lives in Redis, over one database."""

    database: Database
    articles: Articles
    chats: Chats
    rates: Rates
    limiter: RateLimiter

    async def answers(self) -> str | None:
        """The health check. Raises StoreUnavailable, whose message is the reason."""
        await self.database.run(("PING",))
        return None

    async def version(self) -> str:
        """What Redis says it is. Raises StoreUnavailable."""
        about = await self.database.run(("INFO", "server"))
        return f"Redis {about['redis_version']}"


async def open_store(stack: AsyncExitStack, settings: Settings) -> Store:
    """Connect to ``REDIS_URL``, or to a Redis of our own where there is none. Raises EmbeddedRedisError."""
    if settings.redis_url is None:
        url = await stack.enter_async_context(embedded_redis(settings.data_dir))
    else:
        url = settings.redis_url.get_secret_value()
    database = await stack.enter_async_context(connect(url))
    return make_store(database, settings)


def make_store(database: Database, settings: Settings) -> Store:
    """The store over a database that somebody else closes."""
    return Store(
        database=database,
        articles=Articles(database, settings.retention_days * DAY_S),
        chats=Chats(database),
        rates=Rates(database, settings.retention_days, clock.utc_now),
        limiter=RateLimiter(database, settings.messages_per_second),
    )


def where(settings: Settings) -> str:
    """Where Redis is, for the log, without its password."""
    if settings.redis_url is None:
        return f"embedded in {settings.data_dir}"
    parts = urlsplit(settings.redis_url.get_secret_value())
    return parts.netloc.rpartition("@")[2] or parts.path
