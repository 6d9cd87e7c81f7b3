"""``/healthz``: this process answers. ``/readyz``: what it needs answers too, and if not, what is wrong, in words.

A supervisor restarts on the first and waits on the second: restarting a bot does not bring Redis back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from aiohttp import web

from bot.errors import BriefingError
from bot.redaction import redactor

Check = Callable[[], Awaitable[str | None]]
"""Something that must be well before people can be served: None if it is, else what is wrong, in a few words."""

CHECK_S = 3.0
"""A check that takes longer counts as failed; probes give up after about that time themselves."""


def health_routes(checks: Mapping[str, Check], *, version: str) -> list[web.RouteDef]:
    """The two routes, for a process of ``version`` that is ready when all ``checks`` say so."""
    started = time.monotonic()

    async def healthz(_: web.Request) -> web.Response:
        return _json({"alive": True, "version": version, "up_s": round(time.monotonic() - started)})

    async def readyz(_: web.Request) -> web.Response:
        found = await reasons(checks)
        ready = all(reason is None for reason in found.values())
        words = {name: reason or "ok" for name, reason in found.items()}
        return _json({"ready": ready, "checks": words}, status=200 if ready else 503)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


async def reasons(checks: Mapping[str, Check]) -> dict[str, str | None]:
    """Run all checks at once: what is wrong by name, None where all is well."""
    return dict(zip(checks, await asyncio.gather(*map(_reason, checks.values())), strict=True))


async def _reason(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_S):
            return await check()
    except TimeoutError:
        return f"does not answer within {CHECK_S:g} s"
    except (BriefingError, OSError) as failed:
        return redactor()(str(failed)) or type(failed).__name__


def _json(content: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(content),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
