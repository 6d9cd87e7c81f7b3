"""A Redis of the bot's own: a real redis-server child on a unix socket, its append-only file in ``DATA_DIR``.

The assembly enters :func:`embedded_redis` and gets the URL to connect to. While inside, a server that dies is
started again; on leaving, it is told to end. A restart or a ``kill -9`` of either of us loses nothing; only a
machine that loses its power loses the last second (``appendfsync everysec``).

Two locks keep two servers off one append-only file. ``redis.owner`` is held by the bot: busy means that
another bot runs here, and we say so. ``redis.lock`` is held by the server too, which inherits the descriptor:
busy means that the server of a bot that was killed still writes its last bytes, and we wait for it.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import stat
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import structlog

from bot.errors import EmbeddedRedisError
from bot.store.redis_binary import RedisBinary, find_redis_server
from bot.store.redis_child import RedisChild

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LONGEST_SOCKET_PATH = 100
"""Bytes. The kernel's limit (``sun_path``) is 108 on Linux and 104 on macOS, the closing NUL included."""

OWNER_WAIT_S = 0.3
"""How long we wait for the owner's lock: another process may hold it for an instant, only to look."""

SERVER_WAIT_S = 10.0
"""How long the server of a killed bot may take to end."""

LONGEST_DELAY_S = 10.0
STEADY_S = 10.0
"""A server that ran this long before it died is started again at once; the delay grows only for a series."""


@asynccontextmanager
async def embedded_redis(data_dir: Path) -> AsyncIterator[str]:
    """Run a redis-server for as long as the context lasts; yields its ``unix://`` URL once it answers.

    Raises EmbeddedRedisError (one line): another bot has ``data_dir``, it cannot be used, there is no
    redis-server here, or the server does not start, with the reason it gave.
    """
    folder = _private_folder(data_dir)
    with ExitStack() as locks:
        owner = await _lock(folder / "redis.owner", OWNER_WAIT_S)
        if owner is None:
            raise EmbeddedRedisError(
                f"another bot{_owner_of(folder)} keeps its Redis in DATA_DIR ({data_dir}):"
                " stop it, choose another DATA_DIR, or share one Redis through REDIS_URL"
            )
        locks.callback(os.close, owner)
        _sign(owner, data_dir)
        inherited = await _lock(folder / "redis.lock", SERVER_WAIT_S)
        if inherited is None:
            raise EmbeddedRedisError(f"the Redis of an earlier run in DATA_DIR ({data_dir}) does not end")
        locks.callback(os.close, inherited)

        server = _Server(folder, await asyncio.to_thread(find_redis_server), inherited)
        try:
            await server.start()
            guard = asyncio.create_task(server.start_again_whenever_it_dies(), name="embedded redis: guard")
            try:
                yield _url(server.socket)
            finally:
                guard.cancel()
                await asyncio.wait({guard})
        finally:
            await server.end()


def url_of_running(data_dir: Path) -> str | None:
    """The URL of the Redis that another process runs in ``data_dir``; None if none does.

    For commands that work beside the bot (export, import, check).
    """
    owner_file = data_dir / "redis.owner"
    if not owner_file.exists():
        return None
    owner = _try_lock(owner_file)
    if owner is not None:
        os.close(owner)
        return None
    return _url(_socket_path(data_dir.resolve()))


class _Server:
    """The server of one folder, through all the children that it takes."""

    def __init__(self, folder: Path, binary: RedisBinary, inherited: int) -> None:
        self.socket = _socket_path(folder)
        self._folder = folder
        self._binary = binary
        self._inherited = inherited
        self._child: RedisChild | None = None

    async def start(self) -> None:
        """Start a child and wait for its PONG. Raises EmbeddedRedisError, with what can be done about it."""
        if (self._folder / "appendonlydir").exists() and self._binary.version < (7, 0):
            raise EmbeddedRedisError(
                f"DATA_DIR ({self._folder}) was written by Redis 7 or newer, and {self._binary.path} is"
                f" version {self._binary.version[0]}.{self._binary.version[1]}: install Redis 7, or set REDIS_URL"
            )
        try:
            self.socket.unlink(missing_ok=True)
        except OSError as failed:
            raise EmbeddedRedisError(f"{self.socket} is in the way: {failed.strerror}") from failed
        command = [str(self._binary.path)]
        for name, value in redis_options(self._folder, self.socket).items():
            command += [f"--{name}", value]
        self._child = await RedisChild.start(command, inherited=self._inherited)
        try:
            await self._child.ready(self.socket)
        except EmbeddedRedisError as failed:
            if "redis-check-aof" not in str(failed):
                raise
            repair = f"bash -c 'exec -a redis-check-aof {self._binary.path} --fix {self._folder}/FILE'"
            raise EmbeddedRedisError(f"{failed} (after a copy of DATA_DIR: {repair})") from None
        log.debug("embedded redis is up", pid=self._child.pid, version=self._binary.version)

    async def start_again_whenever_it_dies(self) -> None:
        """Guard the child until cancelled: at once after a steady run, else with a growing delay."""
        delay_s = 0.0
        while self._child is not None:
            up_since = time.monotonic()
            code = await self._child.ended()
            log.error("embedded redis died", exit_code=code, words=await self._child.last_words())
            if time.monotonic() - up_since > STEADY_S:
                delay_s = 0.0
            await asyncio.sleep(delay_s)
            delay_s = min(max(0.1, delay_s * 2), LONGEST_DELAY_S)
            try:
                await self.start()
            except EmbeddedRedisError as failed:
                log.error("embedded redis does not come back", why=str(failed), next_try_in_s=delay_s)
            else:
                log.info("embedded redis is back")

    async def end(self) -> None:
        """Tell the child to end, wait for it, and leave no socket behind."""
        if self._child is not None:
            await self._child.end()
            self.socket.unlink(missing_ok=True)


def redis_options(folder: Path, socket: Path) -> dict[str, str]:
    """The configuration, in words that Redis 6.2 and 7 both know; ``compose.yaml`` gives its Redis the same."""
    return {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",  # a kill -9 may cut the last command; only that one is given up
        "maxmemory-policy": "noeviction",
        # Followers are sets of integers and chats are small hashes: these limits keep both compact.
        "set-max-intset-entries": "4096",
        "hash-max-ziplist-entries": "512",
        "hash-max-ziplist-value": "256",
    }


def _private_folder(path: Path) -> Path:
    """The folder itself, absolute; made with mode 700 if it is not there. Raises EmbeddedRedisError."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = path.resolve(strict=True)
    except OSError as failed:
        raise EmbeddedRedisError(f"DATA_DIR ({path}) cannot be used: {failed.strerror}") from failed
    if not os.access(folder, os.W_OK | os.X_OK):
        raise EmbeddedRedisError(f"DATA_DIR ({path}) cannot be used: it is not writable")
    return folder


def _socket_path(folder: Path) -> Path:
    """In the folder, or, where that path is too long for a socket, in a private one with a short name."""
    socket = folder / "redis.sock"
    if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
        return socket
    digest = hashlib.blake2s(os.fsencode(folder), digest_size=6).hexdigest()
    short = Path(tempfile.gettempdir()) / f"briefing-bot-{os.getuid()}-{digest}"
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise EmbeddedRedisError(f"{short} belongs to somebody else; choose a DATA_DIR with a shorter path")
    return short / "redis.sock"


def _url(socket: Path) -> str:
    return f"unix://{quote(str(socket))}"


async def _lock(path: Path, patience_s: float) -> int | None:
    """An open descriptor that holds the lock of ``path``; None if somebody keeps it for longer than that."""
    give_up = time.monotonic() + patience_s
    while True:
        descriptor = _try_lock(path)
        if descriptor is not None or time.monotonic() >= give_up:
            return descriptor
        await asyncio.sleep(0.02)


def _try_lock(path: Path) -> int | None:
    """The same at once. The descriptor is 10 or higher, where shells do not use it for themselves."""
    try:
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as failed:
        raise EmbeddedRedisError(f"{path} cannot be opened: {failed.strerror}") from failed
    try:
        descriptor = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, 10)
    finally:
        os.close(opened)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _sign(owner: int, data_dir: Path) -> None:
    """Write our process id where :func:`_owner_of` finds it. A full disk is found here, before Redis meets it."""
    try:
        os.truncate(owner, 0)
        os.write(owner, f"{os.getpid()}\n".encode())
    except OSError as failed:
        raise EmbeddedRedisError(f"DATA_DIR ({data_dir}) cannot be used: {failed.strerror}") from failed


def _owner_of(folder: Path) -> str:
    pid = (folder / "redis.owner").read_text().strip()
    return f" (process {pid})" if pid else ""
