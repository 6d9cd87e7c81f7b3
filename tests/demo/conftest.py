"""A local Telegram for each test, and a bare client that calls it as a bot would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.demo.local_telegram import LocalTelegram


@dataclass(frozen=True)
class BareBot:
    """Calls methods with JSON bodies; ``answer`` is the whole answer, ``result`` insists on success."""

    session: aiohttp.ClientSession
    telegram: LocalTelegram

    async def answer(self, method: str, **params: Any) -> dict[str, Any]:
        url = f"{self.telegram.api_url}/bot{self.telegram.token}/{method}"
        async with self.session.post(url, json=params) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == answer.get("error_code", 200)
            return answer

    async def result(self, method: str, **params: Any) -> Any:
        answer = await self.answer(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        answer = await self.answer(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram() as telegram:
        yield telegram


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[BareBot]:
    async with aiohttp.ClientSession() as session:
        yield BareBot(session, telegram)
