"""``/``: a page for operators that says in a sentence whether all is well, and ``/status.json``: what it shows.

Everything is worded here, in pure functions; the page only draws. It is one response: style and script stand in it,
and its first numbers, too. Nothing on it names a chat.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import cache
from importlib.resources import files

import orjson
from aiohttp import web

from bot.http.status_view import Status

Look = Callable[[], Awaitable[Status]]
"""How things are now. Never raises: a Redis that is away is part of the answer."""


def status_routes(look: Look) -> list[web.RouteDef]:
    """The page and its numbers."""

    async def page(_: web.Request) -> web.Response:
        nonce = secrets.token_urlsafe(16)
        now = orjson.dumps(asdict(await look())).decode()
        # Inside a script element only "</" could end it early.
        text = _page().replace("{{nonce}}", nonce).replace("{{now}}", now.replace("</", "<\\/"))
        return web.Response(
            text=text,
            content_type="text/html",
            headers={
                "Cache-Control": "no-store",
                "Content-Security-Policy": f"default-src 'none'; connect-src 'self'; img-src data:; "
                f"style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; frame-ancestors 'none'",
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
            },
        )

    async def numbers(_: web.Request) -> web.Response:
        return web.Response(
            body=orjson.dumps(asdict(await look())),
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    return [web.get("/", page), web.get("/status.json", numbers)]


@cache
def _page() -> str:
    folder = files("bot.http").joinpath("page")
    html, css, script = (
        folder.joinpath(f"status.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
    )
    return html.replace("{{css}}", css).replace("{{script}}", script)
