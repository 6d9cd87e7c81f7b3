"""The ways to a Redis that REDIS_URL can name, users and passwords included; wrong ones are told in words."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from bot.store.backlog import BacklogMeter
from bot.store.connect import connect
from bot.store.redis_binary import find_redis_server
from bot.store.updates_queue import UpdatesQueue
from tests.redis_kinds import Node, free_ports

USER, PASSWORD = "briefing", "p@ss/w:rd"
IN_URL = "briefing:p%40ss%2Fw%3Ard"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Node]:
    """A Redis that lets in one user, who may do what the bot does, and nobody else."""
    (port,) = free_ports(1)
    acl = tmp_path / "users.acl"
    acl.write_text(f"user default off\nuser {USER} on >{PASSWORD} ~* +@all -@dangerous +info +keys\n")
    node = Node(tmp_path, port, "--aclfile", str(acl), "--unixsocket", str(tmp_path / "s"))
    try:
        node.start()
        yield node
    finally:
        node.kill()


async def test_a_user_with_a_password_gets_in_by_tcp_and_by_socket(guarded: Node, tmp_path: Path) -> None:
    for url in (f"redis://{IN_URL}@127.0.0.1:{guarded.port}/0", f"unix://{IN_URL}@{tmp_path}/s?db=0"):
        async with connect(url) as database:
            assert await database.run(("SET", "a", "1"))
            assert await database.run(("GET", "a")) == b"1"


async def test_a_wrong_password_is_told_without_repeating_it(guarded: Node) -> None:
    async with connect(f"redis://{USER}:hunter2@127.0.0.1:{guarded.port}") as database:
        with pytest.raises(StoreUnavailable, match="refused the user name or password") as refused:
            await database.run(("PING",))
    assert "hunter2" not in str(refused.value)


async def test_the_user_needs_no_dangerous_command(guarded: Node) -> None:
    """What the store runs is covered by the rights that docs/running.md recommends."""
    async with connect(f"redis://{IN_URL}@127.0.0.1:{guarded.port}") as database:
        assert (await BacklogMeter(database, 30).measure()).due == 0
        assert await UpdatesQueue(database).put(1, "1", b"x")


def speaks_tls() -> bool:
    """Whether the redis-server that is here was built with TLS."""
    command = [str(find_redis_server().path), "--port", "0", "--tls-port", "0", "--daemonize", "nonsense"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    return "tls-port" not in said.stdout + said.stderr


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate for localhost that nobody but itself has signed."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    what = (
        "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    command = ["openssl", *what.split(), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
async def test_by_tls_the_certificate_is_checked(tmp_path: Path) -> None:
    if not speaks_tls():
        pytest.skip("this redis-server was built without TLS")
    key, certificate = make_certificate(tmp_path)
    plain, tls = free_ports(2)
    files = ("--tls-cert-file", str(certificate), "--tls-key-file", str(key), "--tls-auth-clients", "no")
    node = Node(tmp_path, plain, "--tls-port", str(tls), *files)
    try:
        node.start()
        async with connect(f"rediss://localhost:{tls}?ssl_ca_certs={certificate}") as database:
            assert await database.run(("PING",))
        async with connect(f"rediss://localhost:{tls}") as database:
            with pytest.raises(StoreUnavailable):
                await database.run(("PING",))
    finally:
        node.kill()
