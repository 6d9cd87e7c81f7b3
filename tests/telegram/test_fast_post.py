"""Posting on raw sockets: whatever a server answers, a message's outcome is never read from another one's answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.telegram.fast_post import Answer, FastPost
from bot.telegram.faults import Fault
from bot.telegram.session import open_session

Speak = Callable[[int, bytes], Awaitable[bytes | None]]


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split()[0])
    return head + await reader.readexactly(length)


@asynccontextmanager
async def server(speak: Speak) -> AsyncIterator[str]:
    """Answer the n-th request, on whatever connection, with what ``speak`` says; None hangs up."""
    numbers = iter(range(1, 1000))
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        try:
            while request := await read_request(reader):
                if not (words := await speak(next(numbers), request)):
                    break
                writer.write(words)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/bot1:a/sendMessage"
        # The session is closed by now, so every connection has seen its end.
        await asyncio.gather(*serving)


@asynccontextmanager
async def posting(speak: Speak, patience_s: float = 10.0) -> AsyncIterator[FastPost]:
    async with server(speak) as url, open_session(url, 1) as session:
        yield FastPost(session, url, patience_s=patience_s, connect_s=1.0)


def said(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def test_a_request_is_what_http_wants() -> None:
    requests: list[bytes] = []

    async def speak(number: int, request: bytes) -> bytes:
        requests.append(request)
        return said(b"{}")

    async with posting(speak) as line:
        await line.post('{"text":"Қазақстан"}'.encode())
        await line.post(b"{}")
    head, _, body = requests[0].partition(b"\r\n\r\n")
    first, *headers = head.decode().split("\r\n")
    assert first == "POST /bot1:a/sendMessage HTTP/1.1"
    names = [header.partition(":")[0].lower() for header in headers]
    assert sorted(names) == ["content-length", "content-type", "host", "user-agent"]
    assert body == '{"text":"Қазақстан"}'.encode()
    assert requests[1].endswith(b"Content-Length: 2\r\n\r\n{}")


async def test_an_answer_that_came_too_late_is_nobody_elses() -> None:
    late = asyncio.Event()

    async def speak(number: int, request: bytes) -> bytes:
        if number == 1:
            await late.wait()
            return said(b"one")
        return said(b"two")

    async with posting(speak, patience_s=0.1) as line:
        assert await line.post(b"{}") == Fault("no answer in time", timed_out=True, unsure=True)
        late.set()
        assert await line.post(b"{}") == Answer(200, b"two", None)


async def test_a_cancelled_post_leaves_nothing_to_the_next() -> None:
    asked, late = asyncio.Event(), asyncio.Event()

    async def speak(number: int, request: bytes) -> bytes:
        if number == 1:
            asked.set()
            await late.wait()
            return said(b"one")
        return said(b"two")

    async with posting(speak) as line:
        first = asyncio.create_task(line.post(b"{}"))
        await asked.wait()
        first.cancel()
        await asyncio.wait([first])
        late.set()
        assert await line.post(b"{}") == Answer(200, b"two", None)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n" + said(b"yes"), Answer(200, b"yes", None)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nyes\r\n0\r\n\r\n", Answer(200, b"yes", None)),
        (said(b"no", "429 Too Many Requests", "Retry-After: 7\r\n"), Answer(429, b"no", "7")),
        (said(b"", "302 Found", "Location: http://elsewhere.invalid/\r\n"), Answer(302, b"", None)),
    ],
    ids=["continue", "chunked", "later", "elsewhere"],
)  # fmt: skip
async def test_answers_of_all_kinds_are_read_whole(words: bytes, answer: Answer) -> None:
    async def speak(number: int, request: bytes) -> bytes:
        return words if number == 1 else said(b"next")

    async with posting(speak) as line:
        assert await line.post(b"{}") == answer
        assert await line.post(b"{}") == Answer(200, b"next", None)


async def test_a_connection_that_is_to_be_closed_is_not_used_again() -> None:
    async def speak(number: int, request: bytes) -> bytes:
        return said(f"{number}".encode(), more="Connection: close\r\n")

    async with posting(speak) as line:
        assert await line.post(b"{}") == Answer(200, b"1", None)
        assert await line.post(b"{}") == Answer(200, b"2", None)


async def test_what_is_no_http_is_a_fault_and_the_next_connection_is_a_new_one() -> None:
    async def speak(number: int, request: bytes) -> bytes:
        return b"220 mail.example ready\r\n\r\n" if number == 1 else said(b"yes")

    async with posting(speak) as line:
        assert await line.post(b"{}") == Fault("the answer is no HTTP", unsure=True)
        assert await line.post(b"{}") == Answer(200, b"yes", None)


async def test_a_hang_up_leaves_it_open_whether_the_message_was_sent() -> None:
    left: list[int] = []

    async def speak(number: int, request: bytes) -> bytes | None:
        return None

    async with posting(speak) as line:
        fault = await line.post(b"{}", lambda: left.append(1))
    assert isinstance(fault, Fault)
    assert fault.unsure
    assert left == [1]


async def test_a_closed_session_sends_nothing() -> None:
    async with server(lambda number, request: asyncio.sleep(0, None)) as url:
        async with open_session(url, 1) as session:
            line = FastPost(session, url, patience_s=1.0, connect_s=1.0)
        fault = await line.post(b"{}")
    assert isinstance(fault, Fault)
    assert not fault.unsure
