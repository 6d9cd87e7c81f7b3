"""POST to one address, again and again: aiohttp's connections and its parser, without what it does anew each time.

A ``ClientSession`` spends two thirds of a request on what never changes here: headers, cookies, the URL, a task that
writes the body, an object for the answer. :class:`FastPost` writes the head once, borrows connections from the
session's own connector (so pool, TLS, proxies and limits are aiohttp's) and reads the answer by aiohttp's parser.
The messenger posts every push through it; ``python -m benchmarks posting`` shows what it saves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

import aiohttp
from aiohttp import hdrs
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from bot.telegram.faults import WIRE_ERRORS, Fault, read_fault
from bot.telegram.session import proxy_for

UNINVITED = (hdrs.ACCEPT, hdrs.ACCEPT_ENCODING)
"""Headers that aiohttp would add: answers are short, and packing them would cost more than it saves."""


class Answer(NamedTuple):
    """What came back: the status, the whole body, and the header ``Retry-After`` if there was one."""

    status: int
    body: bytes
    retry_after: str | None


class FastPost:
    """Posts JSON to ``url`` over the connections of a session that somebody else owns.

    ``patience_s`` bounds everything from the wait for a free connection to the end of the answer, ``connect_s`` the
    making of a connection.
    """

    def __init__(
        self, session: aiohttp.ClientSession, url: str, *, patience_s: float, connect_s: float
    ) -> None:
        self._session = session
        self._url = url
        self._patience_s = patience_s
        self._connecting = aiohttp.ClientTimeout(sock_connect=connect_s)
        self._request: aiohttp.ClientRequest | None = None
        self._head = b""

    async def post(self, content: bytes, leaving: Callable[[], None] | None = None) -> Answer | Fault:
        """Post ``content``, which is JSON; ``leaving`` is called when it is written."""
        begun = False
        try:
            async with asyncio.timeout(self._patience_s):
                connection = await self._connect()
                begun = True
                if leaving is not None:
                    leaving()
                return await self._exchange(connection, content)
        except WIRE_ERRORS as error:
            return read_fault(error, begun)
        except HttpProcessingError:
            return Fault("the answer is no HTTP", unsure=begun)

    async def _connect(self) -> Connection:
        connector = self._session.connector
        if connector is None:
            raise aiohttp.ClientConnectionError("the session is closed")
        if self._request is None:
            self._request = self._prepared()
        return await connector.connect(self._request, [], self._connecting)

    async def _exchange(self, connection: Connection, content: bytes) -> Answer:
        """One request and its answer; a connection on which anything went wrong is not used again."""
        # In words of aiohttp: both are None once a connection is released, which it is not here.
        protocol, transport = connection.protocol, connection.transport
        assert protocol is not None
        try:
            if transport is None:
                raise aiohttp.ServerDisconnectedError
            protocol.set_response_params()
            transport.write(b"%b%d\r\n\r\n%b" % (self._head or self._write_head(), len(content), content))
            message, payload = await protocol.read()
            while message.code < HTTPStatus.OK:
                message, payload = await protocol.read()
            body = await payload.read()
        except BaseException:
            connection.close()
            raise
        connection.release()
        return Answer(message.code, body, message.headers.get(hdrs.RETRY_AFTER))

    def _prepared(self) -> aiohttp.ClientRequest:
        """What the connector wants to know: where to, by which proxy."""
        return aiohttp.ClientRequest(
            hdrs.METH_POST,
            URL(self._url),
            headers={**self._session.headers, hdrs.CONTENT_TYPE: "application/json"},
            skip_auto_headers=UNINVITED,
            proxy=proxy_for(self._url),
            session=self._session,
            loop=asyncio.get_running_loop(),
        )

    def _write_head(self) -> bytes:
        """All of the request up to the length of its body (RFC 9112, 2 and 3.2).

        After the first connection, because the connector adds what a proxy wants to hear.
        """
        request = self._request
        assert request is not None
        target = str(request.url) if request.proxy and not request.is_ssl() else request.url.raw_path_qs
        lines = [f"POST {target} HTTP/1.1"]
        lines += [
            f"{name}: {value}" for name, value in request.headers.items() if name != hdrs.CONTENT_LENGTH
        ]
        self._head = "\r\n".join([*lines, f"{hdrs.CONTENT_LENGTH}: "]).encode()
        return self._head
