"""python-telegram-bot's requests over our aiohttp session: same objects for handlers, eight times the speed.

PTB calls ``do_request`` with a URL and parameters and wants a status and bytes back; everything else (errors
of the Bot API, retries, objects) stays its business. Three things are done better than by its default:
parameters go as one JSON document by orjson; a broken connection says whether the request was out
(``unsure``); an answer that does not come from the Bot API (a proxy's HTML) is named as such, instead of
quoted with whatever URL it repeats.
"""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.bodies import FormBody, JsonBody, TellingBody
from bot.telegram.faults import WIRE_ERRORS, Fault, read_fault
from bot.telegram.outcomes import pause_asked_for, read_json


class BrokenLineError(NetworkError):
    """The connection failed. ``unsure``: the request had begun to go out, so Telegram may have obeyed it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.words)
        self.unsure = fault.unsure


class SilentLineError(TimedOut):
    """Something took longer than allowed. ``unsure`` as in :class:`BrokenLineError`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.words)
        self.unsure = fault.unsure


class SlowDown(RetryAfter):
    """A 429. Unlike its parent it gives plain seconds, without a deprecation warning at every look."""

    def __init__(self, pause_s: float) -> None:
        self.pause_s = pause_s
        super().__init__(math.ceil(pause_s))

    @property
    def retry_after(self) -> int:
        """Whole seconds to wait, as PTB knows them."""
        return math.ceil(self.pause_s)


class AiohttpRequest(BaseRequest):
    """PTB's transport on an aiohttp session that somebody else opens and closes. All times in seconds."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        read_timeout_s: float = 10.0,
        write_timeout_s: float = 10.0,
        connect_timeout_s: float = 5.0,
        pool_timeout_s: float = 5.0,
        upload_timeout_s: float = 30.0,
    ) -> None:
        self._session = session
        self._read_s = read_timeout_s
        self._write_s = write_timeout_s
        self._connect_s = connect_timeout_s
        self._pool_s = pool_timeout_s
        self._upload_s = upload_timeout_s

    @property
    def read_timeout(self) -> float | None:
        """How long an answer may take where the caller says nothing."""
        return self._read_s

    async def initialize(self) -> None:
        """Nothing to do: the session is open already."""

    async def shutdown(self) -> None:
        """Nothing to do: whoever opened the session closes it."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; returns status and body.

        Raises BrokenLineError or SilentLineError (both NetworkErrors), SlowDown for a 429, and NetworkError when
        something other than a Bot API answers. Their texts never hold the URL, and no foreign exception hangs
        on them.
        """
        uploads = request_data is not None and request_data.contains_files
        body = write_body(request_data)
        body.write_timeout_s = _chosen(write_timeout, self._upload_s if uploads else self._write_s)
        connect_s = _chosen(connect_timeout, self._connect_s)
        pool_s = _chosen(pool_timeout, self._pool_s)
        timeout = aiohttp.ClientTimeout(
            sock_connect=connect_s,
            # aiohttp counts the wait for a free place in the pool as part of connecting.
            connect=None if connect_s is None or pool_s is None else connect_s + pool_s,
            sock_read=_chosen(read_timeout, self._read_s),
        )
        answer = await self._exchange(method, url, body, timeout)
        if isinstance(answer, Fault):
            # Raised out here, so that aiohttp's exception (and its URL) is not dragged along as context.
            raise SilentLineError(answer) if answer.timed_out else BrokenLineError(answer)
        status, payload, pause = answer
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            raise_unless_bot_api(status, payload, pause)
        return status, payload

    async def _exchange(
        self, method: str, url: str, body: TellingBody, timeout: aiohttp.ClientTimeout
    ) -> tuple[int, bytes, str | None] | Fault:
        data = body if method == "POST" else None
        try:
            # No redirects: they would carry the token to wherever the answer points.
            async with self._session.request(
                method, url, data=data, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read(), response.headers.get("Retry-After")
        except WIRE_ERRORS as error:
            return read_fault(error, body.begun)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer by orjson. Raises TelegramError if it is no JSON object; logs nothing."""
        reply = read_json(payload)
        if reply is None:
            raise TelegramError("The answer is not from a Bot API: no JSON")
        return reply


def write_body(request_data: RequestData | None) -> TellingBody:
    """Encode PTB's parameters: one JSON document, or a form when files go along."""
    if request_data is None:
        return JsonBody(b"{}")
    if not request_data.contains_files:
        return JsonBody(orjson.dumps(request_data.parameters))
    fields = {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in request_data.parameters.items()
    }
    return FormBody(fields, request_data.multipart_data)


def raise_unless_bot_api(status: int, payload: bytes, retry_after: str | None) -> None:
    """Raise what PTB would not say well: SlowDown for any 429, NetworkError for a stranger's answer."""
    reply = read_json(payload)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise SlowDown(pause_asked_for(reply or {}, retry_after))
    if reply is None:
        raise NetworkError(f"the answer is not from a Bot API: status {status} without JSON")


def _chosen(timeout: Any, default_s: float) -> float | None:
    """What the caller of PTB passed, else our default; ``None`` means no limit."""
    return default_s if timeout is BaseRequest.DEFAULT_NONE else timeout
