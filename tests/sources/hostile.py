"""Servers that mean harm, byte by byte: each answers every request of its source in one bad way.

They speak raw TCP, because a well-kept HTTP server refuses to misbehave. Bodies are streamed and bombs are packed piece
by piece, so that what the test process holds in memory is what the worker made of it.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache

import brotli  # type: ignore[import-untyped]
from backports import zstd

MB = 1024 * 1024
_PIECE = bytes(64 * 1024)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its path with query, its headers in lower case, and the server's own address."""

    path: str
    headers: Mapping[str, str]
    address: str


Answer = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[tuple[str, list[Asked]]]:
    """Serve ``answer`` on loopback; the address, and all that was asked."""
    asked: list[Asked] = []
    address = ""
    at_work: set[asyncio.Task[object]] = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        at_work.add(task)
        # The end of the test comes as a cancellation, which asyncio's streams would take for a mistake.
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (row.partition(":") for row in head[1:])
            }
            asked.append(Asked(head[0].split(" ")[1], headers, address))
            await answer(asked[-1], writer)
            await writer.drain()
        at_work.discard(task)
        writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield address, asked
    finally:
        server.close()
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)


def says(body: bytes, *headers: str, status: str = "200 OK") -> Answer:
    """An answer as it should be, whatever its body is."""
    return raw(_head(status, *headers, f"Content-Length: {len(body)}"), body)


def packed(bomb: Callable[[], bytes], *headers: str) -> Answer:
    """A bomb, packed when it is needed first."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await says(bomb(), *headers)(asked, writer)

    return answer


def raw(*pieces: bytes) -> Answer:
    """These bytes, then the end of the connection."""

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            for start in range(0, len(piece), len(_PIECE)):
                writer.write(piece[start : start + len(_PIECE)])
                await writer.drain()

    return answer


def redirects(target: str, *headers: str, status: int = 302) -> Answer:
    """Always elsewhere; ``{here}`` in the target is the server's address."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        location = target.replace("{here}", asked.address)
        writer.write(_head(f"{status} Elsewhere", f"Location: {location}", *headers, "Content-Length: 0"))

    return answer


def streams(pieces: Iterable[bytes], *headers: str, pause_s: float = 0) -> Answer:
    """A body without a length, until it ends or nobody listens."""

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(_head("200 OK", *headers))
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return answer


def chunked(*chunks: bytes) -> bytes:
    """A body in the chunked coding, whatever the chunks are."""
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


async def never(_: Asked, writer: asyncio.StreamWriter) -> None:
    """No answer at all."""
    await writer.drain()
    await asyncio.Event().wait()


async def continues(_: Asked, writer: asyncio.StreamWriter) -> None:
    """100 Continue, for ever."""
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
        await writer.drain()
        await asyncio.sleep(0)


async def headers_for_ever(_: Asked, writer: asyncio.StreamWriter) -> None:
    """A head that does not end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    number = 0
    while True:
        number += 1
        writer.write(b"X-%d: %s\r\n" % (number, b"h" * 1000))
        await writer.drain()


async def cookie_wall(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """One more cookie and the same address again."""
    writer.write(
        _head("302 Found", f"Location: {asked.address}/page", f"Set-Cookie: c{len(asked.headers)}={'x' * 3000}",
              "Content-Length: 0")
    )  # fmt: skip


async def wordpress_in_circles(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Every page says that a next one follows: the second and the first in turn."""
    following = 1 if "page=2" in asked.path else 2
    link = f'Link: <{asked.address}/wp-json/wp/v2/posts?page={following}>; rel="next"'
    await says(posts(1, 2), link, "Content-Type: application/json")(asked, writer)


def _head(status: str, *headers: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *headers, "Connection: close", "", "")).encode("latin-1")


def feed(*items: str, head: str = "") -> bytes:
    """An RSS feed."""
    body = "".join(f"<item>{item}</item>" for item in items)
    return f"<rss version='2.0'><channel><title>C</title>{head}{body}</channel></rss>".encode()


def story(number: int) -> str:
    """An item of an RSS feed."""
    return f"<title>Story {number}</title><guid>{number}</guid><link>https://c.example/{number}</link>"


def posts(*numbers: int) -> bytes:
    """What WordPress answers."""
    rows = [{"title": {"rendered": f"Post {n}"}, "link": f"https://c.example/{n}"} for n in numbers]
    return json.dumps(rows).encode()


@cache
def gzip_bomb() -> bytes:
    """200 MB of zeros in 200 kB."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(_PIECE) for _ in range(200 * MB // len(_PIECE))) + packer.flush()


@cache
def gzip_bomb_in_another() -> bytes:
    """That, packed again: one kB."""
    packer = zlib.compressobj(9, wbits=31)
    return packer.compress(gzip_bomb()) + packer.flush()


@cache
def brotli_bomb() -> bytes:
    """The same by brotli: some 200 bytes."""
    packer = brotli.Compressor(quality=5)
    return b"".join(packer.process(_PIECE) for _ in range(200 * MB // len(_PIECE))) + bytes(packer.finish())


@cache
def zstd_bomb() -> bytes:
    """The same by Zstandard: some 20 kB."""
    packer = zstd.ZstdCompressor()
    return b"".join(packer.compress(_PIECE) for _ in range(200 * MB // len(_PIECE))) + packer.flush()
