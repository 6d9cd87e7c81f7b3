"""How long one process waits for the others: for one that may be dead, and for stories that may still come.

No setting changes these, since they hang together (:mod:`bot.roles.merging`) and ``docs/running.md`` promises them to
operators. They are given to :func:`bot.assembly.serve`, so that a trial in which processes are killed takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.roles import held_source, merging, stand_by
from bot.store import fanout, outbox, updates_queue


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds. After ``gather_s`` stories go out together; the others are leases, which the dead keep so long."""

    gather_s: float = merging.GATHER_S
    polls_s: float = held_source.LEASE_S
    stories_s: float = fanout.TAKE_OVER_AFTER_S
    chats_s: float = outbox.LEASE_S
    updates_s: float = updates_queue.LEASE_S
    poller_s: float = stand_by.LEASE_S


USUAL = Patience()
"""That of every bot outside a trial."""
