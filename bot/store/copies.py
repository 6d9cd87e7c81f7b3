"""Writes that the death of a master must not take along: each counts as done when a replica has it, too.

Redis answers first and copies afterwards; a master that dies between the two takes with it what somebody was told is
done. So what is acknowledged goes over one connection with ``WAIT`` behind it, which answers when a replica has all
that this connection wrote before. The same connection matters: another one may lead to the next master already.

Three cases. A replica has it: done. Replicas are there, or were there a moment ago, and none has it in time:
StoreUnavailable, which says "it may be in or not" as always, and nobody is told that it is done. No replica is there
(one Redis, or the one that is left of a pair): nobody can take over with less, so it is done.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from redis.exceptions import ResponseError

from bot.errors import StoreUnavailable

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

COPY_WAIT_S = 1.0
"""How long a replica may take. It takes about a millisecond; one that stands still is noticed within a second."""

LOOK_AGAIN_S = 2.0
"""How long a master that had no replica is believed to have none."""

GIVEN_UP_AFTER_S = 10.0
"""A replica that lost its line is back within a second or two, and may be made master meanwhile; later it is gone."""

Spelled = tuple[Any, ...]
"""A command as it goes over the wire."""


class Master(Protocol):
    """A server that takes writes. ``name`` tells it from others."""

    name: str

    async def in_a_row(self, commands: Sequence[Spelled]) -> list[Any]:
        """Run commands over one connection; an error of the server stands in the place of the answer."""
        ...


@dataclass(slots=True)
class _Seen:
    """What was seen of a master last: which history it writes, and whether anybody copies it."""

    history: str = ""
    copied: bool = False
    copied_at_s: float = -math.inf
    looked_at_s: float = -math.inf


class Copies:
    """What is known of the replicas of each master."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._seen: dict[str, _Seen] = defaultdict(_Seen)

    async def write(self, master: Master, commands: Sequence[Spelled]) -> list[Any]:
        """Run commands on ``master`` and see them copied. Raises StoreUnavailable where its replicas lag."""
        seen = self._seen[master.name]
        if not seen.copied:
            if self._monotonic() - seen.looked_at_s > LOOK_AGAIN_S:
                await self._look(master)
            if not seen.copied:
                return await master.in_a_row(commands)
        *answers, copies = await master.in_a_row([*commands, ("WAIT", 1, int(COPY_WAIT_S * 1000))])
        if isinstance(copies, ResponseError):
            # A master that becomes a replica meanwhile wakes everybody who waits with an error.
            raise StoreUnavailable(f"written, but whether a replica has it is not known: {copies}")
        if isinstance(copies, Exception):
            raise copies
        if copies:
            seen.copied_at_s = self._monotonic()
        elif await self._look(master):
            raise StoreUnavailable(f"written, but no replica has it within {COPY_WAIT_S:g} s")
        return answers

    async def _look(self, master: Master) -> bool:
        """Ask the master whether anybody copies it, or may come back to, and remember the answer."""
        (about,) = await master.in_a_row([("INFO", "replication")])
        if isinstance(about, Exception):
            raise about
        seen, now_s = self._seen[master.name], self._monotonic()
        followed = any(_follows(about.get(f"slave{number}")) for number in range(about["connected_slaves"]))
        if followed:
            seen.copied_at_s = now_s
        elif about["master_replid"] != seen.history:
            # The replica itself, which has taken over: whom it had does not matter, nobody has it yet.
            seen.copied_at_s = -math.inf
        copied = now_s - seen.copied_at_s < GIVEN_UP_AFTER_S
        if copied != seen.copied:
            log.info(
                "what is written is copied" if copied else "nothing copies what is written", to=master.name
            )
        seen.copied, seen.looked_at_s, seen.history = copied, now_s, about["master_replid"]
        return copied


def _follows(replica: Any) -> bool:
    """Not one that still loads what it was given to begin with: that takes minutes, and it cannot take over."""
    return isinstance(replica, dict) and replica["state"] == "online" and int(replica["offset"]) > 0
