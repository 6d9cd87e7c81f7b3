"""A newsroom for each story, over the Redis of the test process, emptied."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import Limits, LocalTelegram
from bot.store.connect import Database
from tests.redis_server import RedisServer
from tests.stories.newsroom import Newsroom


@pytest.fixture
async def newsroom(tmp_path: Path, redis_server: RedisServer, database: Database) -> AsyncIterator[Newsroom]:
    """Sources, Telegram (strict about its limits) and Redis; the test starts the bot."""
    async with LocalTelegram(limits=Limits()) as telegram, Newsroom(tmp_path, redis_server, telegram) as room:
        yield room
