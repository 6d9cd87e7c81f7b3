"""The HTTP server: up while it should be, quiet where it cannot be."""

from __future__ import annotations

import aiohttp
import structlog
from aiohttp import web

from bot.http.server import http_server
from bot.settings import Listen

ANY_PORT = Listen("127.0.0.1", 0)


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


async def test_it_serves_the_routes_it_is_given_on_the_address_it_names() -> None:
    async with (
        http_server(ANY_PORT, [web.get("/hello", hello)]) as address,
        aiohttp.ClientSession() as session,
    ):
        async with session.get(f"http://{address}/hello") as answer:
            assert await answer.text() == "hello"
        async with session.get(f"http://{address}/nothing") as answer:
            assert answer.status == 404


async def test_a_taken_port_costs_one_warning_and_nothing_else() -> None:
    async with http_server(ANY_PORT, []) as address:
        assert address is not None
        with structlog.testing.capture_logs() as log:
            async with http_server(address, []) as second:
                assert second is None
    assert [line["log_level"] for line in log] == ["warning"]
    assert str(address) in log[0]["http_listen"]
    assert "in use" in log[0]["why"]


async def test_a_host_that_is_not_ours_is_no_crash_either() -> None:
    async with http_server(Listen("192.0.2.1", 0), []) as address:
        assert address is None


async def test_the_port_is_free_again_afterwards() -> None:
    async with http_server(ANY_PORT, []) as address:
        assert address is not None
    async with http_server(address, []) as again:
        assert again == address
