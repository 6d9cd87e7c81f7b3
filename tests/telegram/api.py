"""A Bot API for tests: a real server on loopback that answers as the test says, faults included."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

TOKEN = "123456789:AAH-this_must_never_be_seen"


@dataclass
class Call:
    """One request as the server understood it."""

    method: str
    parameters: dict[str, Any]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


Behaviour = Callable[[Call, web.Request], Awaitable[web.StreamResponse]]


@dataclass
class BotApi:
    """What the server was asked (``calls``) and how it behaves (``behave``; replace it at any time)."""

    url: str
    behave: Behaviour
    calls: list[Call] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]


def ok(result: Any) -> web.Response:
    return web.Response(body=orjson.dumps({"ok": True, "result": result}), content_type="application/json")


def refusal(code: int, description: str, **parameters: Any) -> web.Response:
    reply: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        reply["parameters"] = parameters
    return web.Response(status=code, body=orjson.dumps(reply), content_type="application/json")


def message(message_id: int, chat_id: int = 42) -> dict[str, Any]:
    return {"message_id": message_id, "date": 1_700_000_000, "chat": {"id": chat_id, "type": "private"}}


async def accept(call: Call, request: web.Request) -> web.StreamResponse:
    """Behave like Telegram on a good day."""
    if call.method == "getMe":
        return ok({"id": 123456789, "is_bot": True, "first_name": "Bot", "username": "test_bot"})
    if call.method.startswith("send"):
        return ok(message(7, int(call.parameters["chat_id"])))
    return ok([] if call.method == "getUpdates" else True)


async def gateway_page(call: Call, request: web.Request) -> web.StreamResponse:
    """Answer like a gateway before a dead server; as some do, repeat the address that was asked for."""
    return web.Response(
        status=502, text=f"<html>502 Bad Gateway: {request.path}</html>", content_type="text/html"
    )


async def hang(call: Call, request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    raise AssertionError("nobody waits that long")


async def reset(call: Call, request: web.Request) -> web.StreamResponse:
    """Read the request, then cut the line with a TCP reset."""
    assert request.transport is not None
    line = request.transport.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()
    return web.Response()


async def half_an_answer(call: Call, request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"ok":tr')
    assert request.transport is not None
    request.transport.close()
    return response


async def nonsense(call: Call, request: web.Request) -> web.StreamResponse:
    return web.Response(text='{"ok":tru', content_type="application/json")


@asynccontextmanager
async def bot_api() -> AsyncIterator[BotApi]:
    """Serve on a free port of 127.0.0.1."""
    api = BotApi("", accept)

    async def serve(request: web.Request) -> web.StreamResponse:
        call = await _read(request)
        api.calls.append(call)
        api.arrived.set()
        if request.match_info["token"] != TOKEN:
            return refusal(401, "Unauthorized")
        return await api.behave(call, request)

    application = web.Application(client_max_size=64 * 2**20)
    application.router.add_route("*", "/bot{token}/{method}", serve)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield api
    finally:
        await runner.cleanup()


async def _read(request: web.Request) -> Call:
    method = request.match_info["method"]
    if request.content_type == "application/json":
        return Call(method, orjson.loads(await request.read()))
    form = await request.post()
    files = {
        name: (part.filename, part.file.read())
        for name, part in form.items()
        if isinstance(part, web.FileField)
    }
    return Call(method, {name: part for name, part in form.items() if isinstance(part, str)}, files)


def unused_port() -> int:
    """Find a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
