"""The Bot API over HTTP: ``/bot<token>/<method>`` by GET or POST, in every form of body that Telegram takes.

A request comes in; the weather, the limits and the method have their say, in this order; an answer goes out
and a line into the journal. Called by the server in ``local_telegram``. Answers are worded as
https://core.telegram.org/bots/api#making-requests describes.
"""

from __future__ import annotations

import asyncio
import inspect
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from bot.demo.faults import Answer, Fault, Hang, Incoming, Reset, Weather, fair_weather
from bot.demo.journal import ApiCall
from bot.demo.limits import Policeman
from bot.demo.methods import METHODS
from bot.demo.platform import Platform
from bot.demo.refusals import Refusal, bad_request
from bot.demo.strictness import Upload, method_names, read_parameters
from bot.demo.who import Json

UNAUTHORIZED = Refusal(401, "Unauthorized")
NOT_FOUND = Refusal(404, "Not Found")


class BotApi:
    """Serves one bot, known by its token."""

    def __init__(self, token: str, platform: Platform, policeman: Policeman) -> None:
        self.token = token
        self.platform = platform
        self.policeman = policeman
        self.weather: Weather = fair_weather
        self._arrived: Counter[str] = Counter()

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Handle ``/bot…`` and ``/file/bot…``."""
        if request.path.startswith("/file/"):
            return self._serve_file(request.path)
        token, _, wanted = request.path.removeprefix("/bot").partition("/")
        method = method_names().get(wanted.lower())
        if token != self.token:
            return _refuse(UNAUTHORIZED if ":" in token else NOT_FOUND)
        if method is None:
            return _refuse(NOT_FOUND)
        return await self._serve_method(request, method)

    async def _serve_method(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        received_s = self.platform.world.clocks.monotonic()
        params: Json = {}
        try:
            params = read_parameters(method, await _raw_parameters(request))
            chat_id = self._chat_id(params)
            answer = await self._through_weather(request, method, params, chat_id)
            status, description = answer.status, ""
        except Refusal as refusal:
            chat_id = self._chat_id(params)
            status, description, answer = refusal.status, refusal.description, _refuse(refusal)
        except _ConnectionCutError as cut:
            chat_id = self._chat_id(params)
            status, description, answer = 0, str(cut), web.Response(status=500)
            if request.transport is not None:
                request.transport.abort()
        world = self.platform.world
        world.journal.write(
            ApiCall(method, params, chat_id, status, received_s, world.clocks.monotonic(), description)
        )
        world.bell.ring()
        return answer

    def _chat_id(self, params: Json) -> int | None:
        chat_id = params.get("chat_id")
        if isinstance(chat_id, str):
            try:
                return self.platform.world.find(chat_id).id
            except Refusal:
                return None
        return chat_id

    async def _through_weather(
        self, request: web.BaseRequest, method: str, params: Json, chat_id: int | None
    ) -> web.StreamResponse:
        self._arrived[method] += 1
        fault: Fault | None = self.weather(Incoming(method, params, chat_id, self._arrived[method]))
        match fault:
            case None:
                return await self._call(method, params, chat_id)
            case Answer():
                return web.Response(status=fault.status, text=fault.body, content_type=fault.content_type)
            case Hang():
                await asyncio.sleep(fault.seconds)
                if fault.arrived:
                    return await self._call(method, params, chat_id)
                raise _ConnectionCutError("hung up after a silence")
            case Reset():
                if fault.arrived:
                    await self._call(method, params, chat_id)
                raise _ConnectionCutError("reset after" if fault.arrived else "reset before")

    async def _call(self, method: str, params: Json, chat_id: int | None) -> web.StreamResponse:
        refusal = self.policeman.check(method, chat_id, self.platform.world.clocks.monotonic())
        if refusal is not None:
            raise refusal
        result = METHODS[method](self.platform, params)
        if inspect.isawaitable(result):
            result = await result
        return web.Response(
            body=orjson.dumps({"ok": True, "result": result}), content_type="application/json"
        )

    def _serve_file(self, path: str) -> web.StreamResponse:
        token, _, wanted = path.removeprefix("/file/bot").partition("/")
        stored = next((f for f in self.platform.files.files.values() if f.path == wanted), None)
        if token != self.token or stored is None:
            return _refuse(NOT_FOUND)
        return web.Response(body=stored.content, content_type=stored.content_type)


class _ConnectionCutError(Exception):
    """The weather cut the connection; there is nobody to answer to."""


def _refuse(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.Response(status=refusal.status, body=orjson.dumps(body), content_type="application/json")


async def _raw_parameters(request: web.BaseRequest) -> Mapping[str, Any]:
    """Query and body together, whatever form the body has. Raises Refusal."""
    query = dict(request.query) if request.query_string else {}
    if request.method == "GET" or not request.can_read_body:
        return query
    match request.content_type:
        case "application/json":
            try:
                body = orjson.loads(await request.read() or b"{}")
            except orjson.JSONDecodeError:
                raise bad_request("can't parse JSON object") from None
            if not isinstance(body, dict):
                raise bad_request("object expected")
            return {**query, **body}
        case "application/x-www-form-urlencoded":
            text = (await request.read()).decode()
            return {**query, **dict(parse_qsl(text, keep_blank_values=True))}
        case "multipart/form-data":
            return {**query, **await _multipart(request)}
    return query


async def _multipart(request: web.BaseRequest) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            fields[name] = Upload(value.filename, value.file.read())
            value.file.close()
        else:
            fields[name] = value
    return fields
