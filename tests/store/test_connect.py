"""The ways to a Redis that REDIS_URL can name, users and passwords included; wrong ones are told in words."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import trustme

from bot.errors import StoreUnavailable
from bot.store.backlog import BacklogMeter
from bot.store.connect import Database, connect
from bot.store.updates_queue import UpdatesQueue
from tests.redis_kinds import Node, SentinelPair, ThreeMasters, free_ports, running
from tests.waiting import wait_until

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


async def test_a_cluster_with_a_password_is_written_to_on_all_its_masters() -> None:
    with running(ThreeMasters(password=PASSWORD)) as cluster:
        async with connect(cluster.url) as database:
            assert await database.keep_many([("SET", f"{{{n}}}", n) for n in range(20)])
            assert await database.run_many([("GET", f"{{{n}}}") for n in range(20)]) == [
                str(n).encode() for n in range(20)
            ]
        async with connect(cluster.url.replace("p%40ss", "hunter2")) as database:
            with pytest.raises(StoreUnavailable) as refused:
                await database.run(("GET", "a"))
        assert "hunter2" not in str(refused.value)


async def read_again(database: Database) -> bytes:
    """What is kept, or nothing as long as the Sentinel names the dead master."""
    try:
        return bytes(await database.run(("GET", "a")))
    except StoreUnavailable:
        return b""


async def test_sentinels_and_what_they_watch_may_have_passwords_of_their_own() -> None:
    with running(SentinelPair(PASSWORD, "watch/man")) as pair:
        async with connect(pair.url) as database:
            assert await database.keep(("SET", "a", "1"))
            pair.fail_over()
            assert await wait_until(lambda: read_again(database), within_s=30) == b"1"
        async with connect(pair.url.replace("watch%2Fman", "hunter2")) as database:
            with pytest.raises(StoreUnavailable) as refused:
                await database.run(("GET", "a"))
        assert "hunter2" not in str(refused.value)


@pytest.fixture
def authority() -> trustme.CA:
    """Who signs certificates, and whom no system knows."""
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture
async def behind_tls(guarded: Node, authority: trustme.CA) -> AsyncIterator[int]:
    """A port where a certificate for localhost is shown, and the guarded Redis answers behind it.

    Few redis-servers that come with packages are built with TLS. For whoever connects it is the same.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)

    async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while some := await source.read(65_536):
            sink.write(some)
            await sink.drain()
        sink.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        redis_says, to_redis = await asyncio.open_connection("127.0.0.1", guarded.port)
        await asyncio.gather(pass_on(reader, to_redis), pass_on(redis_says, writer))

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield int(server.sockets[0].getsockname()[1])


async def test_by_tls_a_certificate_of_an_authority_that_is_named_is_trusted(
    behind_tls: int, authority: trustme.CA
) -> None:
    with authority.cert_pem.tempfile() as known:
        async with connect(f"rediss://{IN_URL}@localhost:{behind_tls}/0?ssl_ca_certs={known}") as database:
            assert await database.run(("SET", "a", "1"))
            assert await database.run_many([("GET", "a"), ("GET", "b")]) == [b"1", None]
            assert await UpdatesQueue(database).put(1, "1", b"x"), "scripts and pipelines too"


async def test_by_tls_a_certificate_of_an_unknown_authority_is_refused(behind_tls: int) -> None:
    async with connect(f"rediss://{IN_URL}@localhost:{behind_tls}/0") as database:
        with pytest.raises(StoreUnavailable, match="certificate verify failed"):
            await database.run(("PING",))


async def test_by_tls_a_certificate_for_another_name_is_refused(
    behind_tls: int, authority: trustme.CA
) -> None:
    with authority.cert_pem.tempfile() as known:
        async with connect(f"rediss://{IN_URL}@127.0.0.1:{behind_tls}/0?ssl_ca_certs={known}") as database:
            with pytest.raises(StoreUnavailable, match="certificate"):
                await database.run(("PING",))


async def test_without_tls_one_does_not_get_in_where_tls_is_spoken(behind_tls: int) -> None:
    async with connect(f"redis://{IN_URL}@localhost:{behind_tls}/0") as database:
        with pytest.raises(StoreUnavailable):
            await database.run(("PING",))


async def test_whoever_is_cancelled_in_the_middle_of_a_command_ends(database: Database) -> None:
    """Whenever it comes; a cancellation that is swallowed leaves a task that nobody can stop."""

    async def ask_for_ever() -> None:
        while True:
            await database.run(("PING",))

    for moment in range(400):
        asking = asyncio.create_task(ask_for_ever())
        for _ in range(3 + moment % 20):
            await asyncio.sleep(0)
        asking.cancel()
        _, going_on = await asyncio.wait({asking}, timeout=5)
        assert not going_on, f"cancelled after {moment % 20} turns of the loop"
