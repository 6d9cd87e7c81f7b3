"""A real redis-server for tests: on a unix socket in a folder of its own, killed and started at will."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from bot.store.redis_binary import find_redis_server


class RedisServer:
    """One server; ``url`` is what the bot gets as REDIS_URL."""

    def __init__(self, *options: str) -> None:
        # A short path: unix sockets allow about a hundred bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="redis-"))
        self.socket_path = self.folder / "s"
        self.url = f"unix://{self.socket_path}"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it (again), with the data that it had; nothing happens if it runs."""
        if self._process is not None:
            return
        self._process = subprocess.Popen(
            [
                str(find_redis_server().path),
                *("--port", "0", "--unixsocket", str(self.socket_path), "--dir", str(self.folder)),
                *("--save", "", "--appendonly", "yes", "--set-max-intset-entries", "4096"),
                *self._options,
            ],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError("redis-server did not start")
            time.sleep(0.005)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self.socket_path))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def kill(self) -> None:
        """``kill -9``; the append-only file stays."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Kill it and remove its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
