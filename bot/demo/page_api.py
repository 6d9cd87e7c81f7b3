"""What the chat page asks of the server: its own files, a stream of events, and the few things you can do.

    GET  /                      the page; its style and scripts beside it
    GET  /page/events           server-sent events: a snapshot first, then everything as it happens
    POST /page/<action>         say, tap, inline, choose, share, language, membership (JSON in and out)
    GET  /page/photo/<file_id>  a picture

Bound to 127.0.0.1 like the rest. Actions insist on a JSON content type, so that no other web site can post
them.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from importlib import resources
from typing import Any

import orjson
from aiohttp import web

from bot.demo.nouns import Chat
from bot.demo.page_view import PageView
from bot.demo.people import Place, Someone
from bot.demo.refusals import Refusal
from bot.demo.telegram_world import Event
from bot.demo.who import Json, Kind, Member, Status

FILES = (
    "index.html",
    "style.css",
    "bubbles.css",
    "app.js",
    "bubbles.js",
    "composer.js",
    "menu.js",
    "server.js",
    "icon.svg",
)
HEARTBEAT_S = 15.0
LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk")
NO_STORE = {"Cache-Control": "no-store"}

Action = Callable[[Json], Awaitable[Json]]


class PageApi:
    """Serves one page, on which somebody plays ``you``."""

    def __init__(self, you: Someone, view: PageView, notes: Mapping[str, str]) -> None:
        self.you = you
        self.view = view
        self.world = view.platform.world
        self.notes = notes
        self._actions: dict[str, Action] = {
            "say": self._say,
            "tap": self._tap,
            "inline": self._inline,
            "choose": self._choose,
            "share": self._share,
            "language": self._language,
            "membership": self._membership,
        }

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Handle everything that is not the Bot API."""
        path = request.path.removeprefix("/")
        if request.method == "POST" and path.startswith("page/"):
            return await self._act(path.removeprefix("page/"), request)
        if path == "page/events":
            return await self._stream(request)
        if path.startswith("page/photo/"):
            return self._photo(path.removeprefix("page/photo/"))
        return page_file(path or "index.html")

    # ── the stream ────────────────────────────────────────────────────────────────────────────────

    async def _stream(self, request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **NO_STORE})
        await response.prepare(request)
        waiting: asyncio.Queue[Event] = asyncio.Queue()
        self.world.listeners.append(waiting.put_nowait)
        try:
            await response.write(_line({"kind": "snapshot", "notes": self.notes, **self.view.snapshot()}))
            while True:
                await response.write(await self._next(waiting))
        except ConnectionError:
            return response
        finally:
            self.world.listeners.remove(waiting.put_nowait)

    async def _next(self, waiting: asyncio.Queue[Event]) -> bytes:
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT_S):
                while True:
                    if (told := self.view.event(await waiting.get())) is not None:
                        return _line(told)
        return b": still here\n\n"

    # ── what you do ───────────────────────────────────────────────────────────────────────────────

    async def _act(self, name: str, request: web.BaseRequest) -> web.Response:
        action = self._actions.get(name)
        if action is None or request.content_type != "application/json":
            return web.Response(status=404)
        try:
            return _json(await action(orjson.loads(await request.read())))
        except (Refusal, LookupError, TypeError, ValueError) as error:
            return _json({"error": str(error)}, status=400)
        except TimeoutError:
            return _json({"error": "the bot did not answer"}, status=504)

    async def _say(self, wish: Json) -> Json:
        chat, text = self._chat(wish), str(wish["text"]).strip()
        if not text:
            raise ValueError("nothing to say")
        if chat.kind is Kind.CHANNEL:
            message = await Place(self.view.platform, chat).post(text)
        else:
            topic = chat.topics[wish["thread_id"]] if wish.get("thread_id") else None
            message = await self.you.say(text, to=Place(self.view.platform, chat), topic=topic)
        return {"message_id": message.message_id}

    async def _tap(self, wish: Json) -> Json:
        message = self._chat(wish).messages[wish["message_id"]]
        tap = self.you.send_data(message, str(wish["data"]))
        return {"query_id": tap.id}

    async def _inline(self, wish: Json) -> Json:
        answer = await self.you.inline(str(wish["query"]), offset=str(wish.get("offset", "")))
        return {"results": list(answer.results), "next_offset": answer.next_offset}

    async def _choose(self, wish: Json) -> Json:
        place = Place(self.view.platform, self._chat(wish))
        message = self.you.choose(wish["result"], str(wish["query"]), to=place)
        return {"message_id": message.message_id}

    async def _share(self, wish: Json) -> Json:
        message = self.you.chat.messages[wish["message_id"]]
        place = Place(self.view.platform, self.world.find(wish["shared_chat_id"]))
        return {"message_id": (await self.you.share_chat(message, place)).message_id}

    async def _language(self, wish: Json) -> Json:
        if wish["language"] not in LANGUAGES:
            raise ValueError("unknown language")
        self.you.person.language_code = wish["language"]
        self.world.tell(Event("commands"))
        return {"language": wish["language"]}

    async def _membership(self, wish: Json) -> Json:
        chat, status = self._chat(wish), Status(wish["status"])
        if chat.kind is Kind.PRIVATE:
            self.world.set_member(chat, Member(self.world.bot, status), self.you.person)
        else:
            Place(self.view.platform, chat).set_bot(self.you, status)
        return {"status": str(status)}

    def _chat(self, wish: Json) -> Chat:
        chat = self.world.find(int(wish["chat_id"]))
        if not self.view.sees(chat):
            raise LookupError("you are not in that chat")
        return chat

    # ── files ─────────────────────────────────────────────────────────────────────────────────────

    def _photo(self, file_id: str) -> web.Response:
        try:
            stored = self.view.platform.files.get(file_id)
        except Refusal:
            return web.Response(status=404)
        return web.Response(body=stored.content, content_type=stored.content_type)


def page_file(name: str) -> web.Response:
    """One of the page's own files; nothing else in the folder can be asked for."""
    if name not in FILES:
        return web.Response(status=404, text="Nothing here.\n")
    content = resources.files("bot.demo").joinpath("page", name).read_bytes()
    content_type = mimetypes.guess_type(name)[0] or "text/plain"
    return web.Response(body=content, content_type=content_type, charset="utf-8", headers=NO_STORE)


def _line(event: Any) -> bytes:
    return b"data: " + orjson.dumps(event) + b"\n\n"


def _json(value: Json, *, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(value), content_type="application/json")
