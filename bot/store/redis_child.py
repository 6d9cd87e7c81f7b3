"""One run of a redis-server child: started, waited for, listened to, ended.

The embedded Redis makes one for each start and throws it away afterwards. What the server writes to its
standard output is kept (the last lines explain a failure), and its warnings go to our log.

If *we* are killed, the server ends too: a shell of half a megabyte waits at a pipe whose other end only we
hold; when the kernel closes that end, it sends the server SIGTERM. This works on Linux and macOS alike
(``PR_SET_PDEATHSIG`` is Linux only, and follows the thread that forked). A word written to the pipe tells it
that the server has ended already, and that its process id may be somebody else's. The server has a session of
its own, so that the terminal's Ctrl-C does not reach it before the bot has drained.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import structlog

from bot.errors import EmbeddedRedisError

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LAUNCHER = """
umask 077
exec 3<&0 </dev/null
( { read -r goodbye <&3 || kill -TERM $$; } >/dev/null 2>&1 & )
exec "$@" 3<&-
"""

SILENT_S = 10.0
"""A server that neither accepts a connection nor says that it is loading, for this long, will not come."""

PING_EVERY_S = 0.004

END_S = 5.0
"""How long a server may take to end. Killing it then loses nothing: what it wrote is with the kernel."""

_LOG_LINE = re.compile(r"\d+:[A-Z] \d+ \w+ \d+ [\d:.]+ (?P<level>[.*#-]) (?P<text>.*)")
_START_UP_TALK = re.compile(
    r"oO0OoO0Oo|^Redis version=|^Configuration loaded|^WARNING|^Warning:|^Server initialized"
)


class RedisChild:
    """A running redis-server. Made by :meth:`start`; :meth:`ended` tells when it is no more."""

    def __init__(self, process: Process, farewell: int) -> None:
        self._process = process
        self._farewell = farewell
        self._last_lines: deque[str] = deque(maxlen=20)
        self._ready = False
        self._listener = asyncio.create_task(self._listen(), name="embedded redis: output")

    @classmethod
    async def start(cls, command: Sequence[str | Path], *, inherited: int) -> RedisChild:
        """Start ``command`` through the launcher; the descriptor ``inherited`` (10 or more) stays open in it."""
        waiting_end, farewell = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *("/bin/sh", "-c", LAUNCHER, "sh", *command),
                stdin=waiting_end,
                stdout=PIPE,
                stderr=STDOUT,
                pass_fds=(inherited,),
                start_new_session=True,
                env={"PATH": os.environ.get("PATH", os.defpath)},  # our own environment holds the bot's token
            )
        except BaseException:
            os.close(farewell)
            raise
        finally:
            os.close(waiting_end)
        return cls(process, farewell)

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._process.pid

    async def ready(self, socket: Path) -> None:
        """Wait until the server answers PING; reading a big file first may take it as long as it needs.

        Raises EmbeddedRedisError if it ends instead, or stays silent.
        """
        heard = time.monotonic()
        while (answer := await _ping(socket)) != "+PONG":
            if self._process.returncode is not None:
                raise EmbeddedRedisError(f"redis-server did not start: {await self.last_words()}")
            if answer.startswith("-LOADING"):
                heard = time.monotonic()
            elif time.monotonic() - heard > SILENT_S:
                raise EmbeddedRedisError(f"redis-server does not answer: {await self.last_words()}")
            await asyncio.sleep(PING_EVERY_S)
        self._ready = True

    async def ended(self) -> int:
        """Wait until the server has ended; return its exit code, or minus the signal that killed it."""
        code = await self._process.wait()
        self._say_goodbye()
        return code

    async def end(self) -> None:
        """Tell the server to end, and see that it does."""
        self._ready = False
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(END_S):
                await self.ended()
        except TimeoutError:
            log.warning("embedded redis killed: it did not end in time", pid=self.pid)
            with suppress(ProcessLookupError):
                self._process.kill()
            await self.ended()

    async def last_words(self) -> str:
        """Why the server ended, or does not start, in its own words."""
        if self._process.returncode is not None:
            await asyncio.wait({self._listener}, timeout=1)
        parsed = [_LOG_LINE.fullmatch(line) for line in self._last_lines]
        words = [
            found["text"] if found else line
            for found, line in zip(parsed, self._last_lines, strict=True)
            if found is None or (found["level"] == "#" and not _START_UP_TALK.search(found["text"]))
        ]
        return " ".join(words[-3:]) or f"it said nothing (exit code {self._process.returncode})"

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for raw in self._process.stdout:
            line = raw.decode(errors="replace").strip()
            if not line:
                continue
            self._last_lines.append(line)
            found = _LOG_LINE.fullmatch(line)
            if self._ready and found and found["level"] == "#":
                log.warning("embedded redis warns", words=found["text"])

    def _say_goodbye(self) -> None:
        if self._farewell < 0:
            return
        with suppress(BrokenPipeError):
            os.write(self._farewell, b"ended\n")
        os.close(self._farewell)
        self._farewell = -1


async def _ping(socket: Path) -> str:
    """The first line of the answer to PING; empty where nobody listens."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return ""
    try:
        async with asyncio.timeout(SILENT_S):
            writer.write(b"PING\r\n")
            return (await reader.readline()).decode(errors="replace").strip()
    except (OSError, TimeoutError):
        return ""
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
