"""What the probes of a supervisor get to see."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from bot.errors import StoreUnavailable
from bot.http import health
from bot.http.health import Check, health_routes
from bot.http.server import http_server
from bot.settings import Listen


async def ask(path: str, checks: Mapping[str, Check]) -> tuple[int, Any]:
    routes = health_routes(checks, version="1.2.3")
    async with (
        http_server(Listen("127.0.0.1", 0), routes) as address,
        aiohttp.ClientSession() as session,
        session.get(f"http://{address}{path}") as answer,
    ):
        assert answer.content_type == "application/json"
        return answer.status, await answer.json()


async def well() -> None:
    return None


async def standing_by() -> str:
    return "stands by: another bot polls"


async def down() -> None:
    raise StoreUnavailable("redis://user:secret@redis:6379 does not answer")


async def hanging() -> None:
    await asyncio.Event().wait()


async def test_a_process_is_alive_whatever_it_waits_for() -> None:
    status, said = await ask("/healthz", {"redis": down})
    assert status == 200
    assert said["alive"] is True
    assert said["version"] == "1.2.3"


async def test_it_is_ready_when_all_is_well() -> None:
    assert await ask("/readyz", {"redis": well, "telegram": well}) == (
        200,
        {"ready": True, "checks": {"redis": "ok", "telegram": "ok"}},
    )


async def test_otherwise_the_reasons_are_told_in_words_and_without_secrets() -> None:
    status, said = await ask("/readyz", {"redis": down, "telegram": well, "polling": standing_by})
    assert status == 503
    assert said == {
        "ready": False,
        "checks": {
            "redis": "redis://***@redis:6379 does not answer",
            "telegram": "ok",
            "polling": "stands by: another bot polls",
        },
    }


async def test_a_check_that_hangs_is_a_reason_and_not_a_hanging_probe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "CHECK_S", 0.01)
    status, said = await ask("/readyz", {"redis": hanging})
    assert status == 503
    assert "does not answer" in said["checks"]["redis"]
