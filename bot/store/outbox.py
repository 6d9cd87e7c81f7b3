"""The chats that are due, as a sender takes them: claimed, read, permitted, settled, over all shards.

One batch costs four round trips, whatever its size: :meth:`Outbox.claim` (from the shards whose head has waited
longest), :meth:`Outbox.prepare` (settings, cursors and news of the log together), :meth:`Outbox.permits` (for those
who get something, when it is ready to be sent: a permit is good for now) and :meth:`Outbox.settle` (cursors forward,
then the leases go). Settling first moves the cursor and then lets go, so a crash in between costs a look at a chat
that is owed nothing.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from bot.errors import StoreCorrupted
from bot.model import Address, Chat, Position
from bot.store import keys
from bot.store.bookmark import read_bookmark, write_day
from bot.store.chat_record import unpack_chat
from bot.store.chats import moment
from bot.store.connect import Command, Database
from bot.store.log_tail import LogTail
from bot.store.rate_limiter import Late, Permits, RateLimiter
from bot.store.schedule import Claim, Schedule, Settlement, read_claims
from bot.store.scripts import ScriptCall, script

LEASE_S = 30.0
"""How long a chat stays in the hands of a sender that says nothing more."""

LOOK_EVERY_S = 0.25
SHARDS_PER_CLAIM = 1


class DueChat(NamedTuple):
    """A chat in our hands, with what is needed to decide what it gets. ``chat`` is None if it was forgotten.

    ``unreadable`` says why a record cannot be read (a newer version wrote it): such a chat must wait.
    """

    claim: Claim
    address: Address
    chat: Chat | None
    cursor: Position
    briefed: date | None = None
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Claimed chats as they were read ``now``: the time by Redis' clock, which all decisions go by."""

    chats: tuple[DueChat, ...]
    now: datetime


class Served(NamedTuple):
    """The end of a claim: the cursor moves to ``cursor`` (None: stays), the schedule goes on as settled.

    ``briefed`` is the local date of the briefing that went out, if one did.
    """

    cursor: Position | None
    settlement: Settlement
    briefed: date | None = None


class Outbox:
    """One sender's hands in the schedules of all shards; what it takes is its own for ``lease_s`` at a time."""

    def __init__(
        self, database: Database, limiter: RateLimiter, tail: LogTail, lease_s: float = LEASE_S
    ) -> None:
        self.lease_s = lease_s
        self._database = database
        self._limiter = limiter
        self._tail = tail
        self._schedules = [Schedule(database, keys.chat_schedule(shard)) for shard in range(keys.SHARDS)]
        self._heads: list[float | None] = [None] * keys.SHARDS
        self._looked_at = 0.0
        self._clock_ahead_ms = 0.0

    async def claim(self, limit: int) -> list[Claim]:
        """Take up to ``limit`` due chats, the longest due first. Raises StoreUnavailable."""
        if time.monotonic() - self._looked_at > LOOK_EVERY_S:
            await self._look()
        now_ms = self._now_ms()
        due = sorted(
            (head, shard) for shard, head in enumerate(self._heads) if head is not None and head <= now_ms
        )
        shards = [shard for _, shard in due[: min(limit, SHARDS_PER_CLAIM)]]
        shares = [limit // len(shards) + (turn < limit % len(shards)) for turn in range(len(shards))]
        calls = [
            self._schedules[shard].claim_call(share, self.lease_s)
            for shard, share in zip(shards, shares, strict=True)
        ]
        claimed: list[Claim] = []
        for shard, answer in zip(shards, await self._database.run_many(calls), strict=True):
            found = read_claims(answer)
            self._heads[shard] = found.next_due_ms
            self._clock_ahead_ms = found.now_ms - time.monotonic() * 1000
            claimed += found.claims
        return claimed

    async def _look(self) -> None:
        """See which shards have work: the head of what is due, and of the leases that may have run out."""
        calls: list[Command] = []
        for shard in range(keys.SHARDS):
            schedule = keys.chat_schedule(shard)
            calls += [("ZRANGE", key, 0, 0, "WITHSCORES") for key in (schedule.due, schedule.leases)]
        clock = ScriptCall(script("read_chats"), (), (self._database.clock_shift_ms(),))
        *heads, now = await self._database.run_many([*calls, clock])
        scores = [float(head[1]) if head else None for head in heads]
        for shard in range(keys.SHARDS):
            known = [score for score in scores[2 * shard : 2 * shard + 2] if score is not None]
            self._heads[shard] = min(known, default=None)
        self._looked_at = time.monotonic()
        self._clock_ahead_ms = int(now[0]) - self._looked_at * 1000

    def _now_ms(self) -> float:
        """Redis' clock, kept going by ours between two answers."""
        return time.monotonic() * 1000 + self._clock_ahead_ms

    async def prepare(self, claims: Sequence[Claim]) -> Prepared:
        """Read the claimed chats and the news of the log. Raises StoreUnavailable."""
        by_shard: dict[int, list[tuple[Claim, Place]]] = defaultdict(list)
        for claim in claims:
            place = place_of(claim.member)
            by_shard[place.shard].append((claim, place))
        calls: list[Command] = [self._read_call(group) for group in by_shard.values()]
        *answers, news = await self._database.run_many([*calls, self._tail.refresh_call()])
        self._tail.take(news)
        chats: list[DueChat] = []
        for group, (_, *stored) in zip(by_shard.values(), answers, strict=True):
            for (claim, place), record, bookmark in zip(group, stored[::2], stored[1::2], strict=True):
                chats.append(_due_chat(claim, place.address, record, bookmark))
        return Prepared(tuple(chats), moment(int(self._now_ms())))

    async def permits(self, chats: Sequence[DueChat]) -> Permits:
        """Ask leave to push to these chats, at once. Raises StoreUnavailable."""
        return await self._limiter.pushes([due.address.chat_id for due in chats])

    async def late(self, messages: Sequence[Late]) -> None:
        """Say that these left later than their permits say. Raises StoreUnavailable."""
        await self._limiter.late(messages)

    def _read_call(self, group: Sequence[tuple[Claim, Place]]) -> ScriptCall:
        names: list[str] = []
        for _, place in group:
            names += (place.records, place.cursors)
        members = [claim.member for claim, _ in group]
        return ScriptCall(script("read_chats"), tuple(names), (self._database.clock_shift_ms(), *members))

    async def is_first_of_group(self, address: Address) -> bool:
        """Whether a topic is the first stored address of its group: the one that hears announcements.

        Raises StoreUnavailable.
        """
        members = await self._database.run(("HKEYS", keys.records(keys.home(address))))
        addresses = [Address.parse(member.decode()) for member in members]
        threads = [a.thread_id or 0 for a in addresses if a.chat_id == address.chat_id]
        return address.thread_id == min(threads, default=0)

    async def settle(self, served: Sequence[Served]) -> None:
        """Move cursors and let the chats go. Raises StoreUnavailable; settling again later is safe."""
        by_shard: dict[int, list[Served]] = defaultdict(list)
        for item in served:
            by_shard[place_of(item.settlement.member).shard].append(item)
        calls: list[ScriptCall] = []
        for shard, group in by_shard.items():
            moving = [item for item in group if item.cursor is not None or item.briefed]
            if moving:
                calls.append(_advance_call(moving))
            calls.append(self._schedules[shard].settle_call(item.settlement for item in group))
        await self._database.run_many(calls)

    async def renew(self, claims: Iterable[Claim]) -> dict[str, int | None]:
        """Keep chats longer: member → its new token, or None where the lease was lost. Raises StoreUnavailable."""
        by_shard: dict[int, list[Claim]] = defaultdict(list)
        for claim in claims:
            by_shard[place_of(claim.member).shard].append(claim)
        calls = [self._schedules[shard].renew_call(group, self.lease_s) for shard, group in by_shard.items()]
        tokens: dict[str, int | None] = {}
        for group, (token, *kept) in zip(
            by_shard.values(), await self._database.run_many(calls), strict=True
        ):
            tokens |= {
                claim.member: int(token) if held else None for claim, held in zip(group, kept, strict=True)
            }
        return tokens


class Place(NamedTuple):
    """Where a chat of the schedule lives."""

    address: Address
    shard: int
    records: str
    cursors: str


@lru_cache(maxsize=4096)
def place_of(member: str) -> Place:
    """Read the name of a chat in the schedule; remembered, because every batch asks several times."""
    address = Address.parse(member)
    at = keys.home(address)
    return Place(address, at.shard, keys.records(at), keys.cursors(at))


def _advance_call(moving: Sequence[Served]) -> ScriptCall:
    names: list[str] = []
    args: list[str | int] = []
    for item in moving:
        member = item.settlement.member
        names.append(place_of(member).cursors)
        args += (member, "" if item.cursor is None else item.cursor, write_day(item.briefed))
    return ScriptCall(script("advance"), tuple(names), tuple(args))


def _due_chat(claim: Claim, address: Address, record: bytes, bookmark: bytes) -> DueChat:
    cursor, briefed = read_bookmark(bookmark)
    try:
        chat = unpack_chat(address, record) if record else None
    except StoreCorrupted as error:
        return DueChat(claim, address, None, cursor, briefed, unreadable=str(error))
    return DueChat(claim, address, chat, cursor, briefed)
