from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.telegram.session import open_session
from tests.telegram.api import BotApi, bot_api


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as api:
        yield api


@pytest.fixture
async def session(api: BotApi) -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session(api.url, connections=4) as session:
        yield session
