"""The other two kinds of Redis, made of the same redis-server: a Cluster of three masters, a Sentinel pair.

Everything is kept in memory and ends with the test run.
"""

from __future__ import annotations

import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError
from redis.retry import Retry

from bot.store.redis_binary import find_redis_server

SLOTS = 16384
BUS = 10_000
"""How far above its port the bus of a cluster node listens."""

PORTS = range(10_000, 22_000)
"""Below those that systems hand out to whoever connects somewhere (Linux from 32,768, others from 49,152), buses too:
one of those may be free now and taken by a client a moment later."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, and whose bus port is free as well."""
    found: list[int] = []
    while len(found) < count:
        port = random.choice(PORTS)
        if port not in found and _is_free(port) and _is_free(port + BUS):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Node:
    """One redis-server on a port of 127.0.0.1; with a ``password``, everybody needs it, other nodes too."""

    def __init__(
        self, folder: Path, port: int, *options: str, sentinel: bool = False, password: str = ""
    ) -> None:
        self.port = port
        self._password = password
        self.folder = folder / str(port)
        self.folder.mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        self._command = [str(find_redis_server().path)]
        if sentinel:
            config = self.folder / "sentinel.conf"
            locked = (f'requirepass "{password}"',) if password else ()
            config.write_text(
                "\n".join(("sentinel deny-scripts-reconfig yes", f"port {port}", *locked, *options))
            )
            self._command += [str(config), "--sentinel", "--bind", "127.0.0.1", "--dir", str(self.folder)]
        else:
            self._command += ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
            self._command += ["--save", "", "--appendonly", "no", "--repl-diskless-sync", "yes"]
            self._command += ["--repl-diskless-sync-delay", "0", "--set-max-intset-entries", "4096", *options]
            self._command += ["--requirepass", password, "--masterauth", password] if password else []

    def start(self) -> None:
        """Start it, and wait until it answers, be it that it wants a password."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        wait_for(self._answers, f"redis-server on port {self.port}")

    def _answers(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except AuthenticationError:
            return True

    def kill(self) -> None:
        """``kill -9``."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Make it stand still."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def ask(self, *command: str | int) -> Any:
        """One command, over a connection of its own. Raises RedisError."""
        with closing(self._client()) as client:
            return client.execute_command(*command)  # type: ignore[no-untyped-call]

    def _client(self) -> Redis:
        password = self._password or None
        return Redis(port=self.port, password=password, socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def is_copied(self) -> bool:
        """Whether a replica has acknowledged what is written now."""
        with closing(self._client()) as client:
            client.set("{probe}", "1", px=1)
            return int(client.wait(1, 1000)) > 0

    def info(self, section: str) -> dict[str, Any]:
        """INFO, as a dict."""
        with closing(self._client()) as client:
            return dict(client.info(section))


def wait_for(condition: Callable[[], object], what: str, within_s: float = 30) -> None:
    """Wait; Redis that does not answer yet counts as not so."""
    give_up = time.monotonic() + within_s
    while True:
        try:
            if condition():
                return
        except RedisError:
            pass
        if time.monotonic() > give_up:
            raise RuntimeError(f"not within {within_s} s: {what}")
        time.sleep(0.01)


class ThreeMasters:
    """A Cluster; ``url`` names two of its nodes, the client finds the third."""

    def __init__(self, node_timeout_ms: int = 5000, password: str = "") -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cluster-"))
        self._password = password
        self._options = ("--cluster-enabled", "yes", "--cluster-node-timeout", str(node_timeout_ms))
        self._nodes = [self._node(port) for port in free_ports(3)]
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self._nodes[:2])
        self.url = f"redis+cluster://{_user(password)}{hosts}"

    def _node(self, port: int) -> Node:
        return Node(self._folder, port, *self._options, password=self._password)

    def start(self) -> None:
        """Start the nodes, give each a third of the slots, and wait until all know it."""
        third = SLOTS // 3
        for number, node in enumerate(self._nodes):
            node.start()
            first, end = number * third, SLOTS if number == 2 else (number + 1) * third
            node.ask("CLUSTER", "ADDSLOTS", *range(first, end))
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for node in self._nodes[1:]:
            self._nodes[0].ask("CLUSTER", "MEET", "127.0.0.1", node.port)
        for node in self._nodes:
            wait_for(lambda: _all_slots_served(node), "a cluster that knows itself")  # noqa: B023

    def add_replica(self) -> None:
        """Give the first master a replica."""
        (port,) = free_ports(1)
        master, replica = self._nodes[0], self._node(port)
        self._nodes.append(replica)
        replica.start()
        name = master.ask("CLUSTER", "MYID")
        replica.ask("CLUSTER", "MEET", "127.0.0.1", master.port)
        wait_for(lambda: name in replica.ask("CLUSTER", "NODES"), "a replica that knows its master")
        wait_for(lambda: replica.ask("CLUSTER", "REPLICATE", name), "a replica")
        wait_for(
            lambda: replica.info("replication").get("master_link_status") == "up", "a replica that follows"
        )
        wait_for(master.is_copied, "a replica that says so")
        for node in self._nodes:
            wait_for(lambda: self._all_known_to(node), "a replica that all know and that knows all")  # noqa: B023

    def _all_known_to(self, node: Node) -> bool:
        """A replica that has heard of one master only can ask nobody for a vote when that one is dead."""
        known = [line.split() for line in node.ask("CLUSTER", "NODES").splitlines()]
        met = [fields for fields in known if b"handshake" not in fields[2] and fields[7] == b"connected"]
        return len(met) == len(self._nodes) and any(b"slave" in fields[2] for fields in met)

    @property
    def first_and_its_replica(self) -> tuple[Node, Node]:
        """The two that have the same slots, after :meth:`add_replica`."""
        return self._nodes[0], self._nodes[-1]

    def wait_until_copied(self) -> None:
        """Return when the replica has everything that the first master was told so far."""
        told = self._nodes[0].info("replication")["master_repl_offset"]
        has = self._nodes[-1].info
        wait_for(lambda: has("replication")["slave_repl_offset"] >= told, "a replica that has it all")

    def fail_over(self) -> None:
        """Kill the first master; returns when its replica (see :meth:`add_replica`) has taken its place."""
        self._nodes[0].kill()
        wait_for(lambda: self._nodes[-1].info("replication")["role"] == "master", "a new master")

    def close(self) -> None:
        """Kill all nodes and remove what they left."""
        for node in self._nodes:
            node.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


def _user(password: str) -> str:
    return f":{quote(password, safe='')}@" if password else ""


def _all_slots_served(node: Node) -> bool:
    return b"cluster_state:ok" in node.ask("CLUSTER", "INFO")


def cut_off(replica: Node, master: Node) -> None:
    """Make a replica miss all that its master is told from now on; :meth:`Node.resume` lets it look for it."""
    replica.pause()
    master.ask("CLIENT", "KILL", "TYPE", "replica")


class SentinelPair:
    """A master, a replica, and a Sentinel that makes the replica master within about a second.

    ``password`` is that of Redis, ``sentinel_password`` that of the Sentinel.
    """

    def __init__(self, password: str = "", sentinel_password: str = "") -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sentinel-"))
        master, replica, sentinel = free_ports(3)
        self.master = Node(self._folder, master, password=password)
        self.replica = Node(self._folder, replica, "--replicaof", "127.0.0.1", str(master), password=password)
        self.sentinel = Node(
            self._folder,
            sentinel,
            f"sentinel monitor briefing 127.0.0.1 {master} 1",
            "sentinel down-after-milliseconds briefing 500",
            "sentinel failover-timeout briefing 3000",
            *([f'sentinel auth-pass briefing "{password}"'] if password else []),
            sentinel=True,
            password=sentinel_password,
        )
        asked = f"?sentinel_password={quote(sentinel_password, safe='')}" if sentinel_password else ""
        self.url = f"redis+sentinel://{_user(password)}127.0.0.1:{sentinel}/briefing{asked}"

    def start(self) -> None:
        """Start all three, and wait until the replica follows and the Sentinel knows it."""
        self.master.start()
        self.replica.start()
        wait_for(
            lambda: self.replica.info("replication")["master_link_status"] == "up", "a replica that follows"
        )
        wait_for(self.master.is_copied, "a replica that says so")
        self.sentinel.start()
        wait_for(
            lambda: self.sentinel.ask("SENTINEL", "REPLICAS", "briefing"), "a Sentinel that knows the replica"
        )

    def fail_over(self) -> None:
        """Kill the master; returns when the replica has taken its place."""
        self.master.kill()
        wait_for(lambda: self.replica.info("replication")["role"] == "master", "a new master")

    def close(self) -> None:
        """Kill everything and remove what it left."""
        for node in (self.sentinel, self.master, self.replica):
            node.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


Servers = TypeVar("Servers", ThreeMasters, SentinelPair)


@contextmanager
def running(servers: Servers) -> Iterator[Servers]:
    """Start these servers, and close them at the end, however far they came."""
    try:
        servers.start()
        yield servers
    finally:
        servers.close()
