"""Fan-out: a new log entry makes its followers due. All senders share the work through one consumer group.

Nothing is copied per follower but a due time. The work goes shard by shard in steps of some hundred
followers, so that no call keeps Redis busy for long; which shards are done is remembered, and an entry whose
sender died is taken over by another. Doing a step twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import StoreCorrupted
from bot.model import Position, Tag
from bot.store import keys
from bot.store.announcements import ANNOUNCEMENT
from bot.store.connect import Command, Database
from bot.store.scripts import ScriptCall, script

FOLLOWERS_PER_STEP = 400
TAKE_OVER_AFTER_S = 30.0
"""After so long an entry that a sender took and did not finish counts as abandoned."""

PROGRESS_TTL_S = 86_400


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A log entry whose followers are not all due yet."""

    position: Position
    tags: tuple[Tag, ...]


class Fanout:
    """The part of one sender, named ``consumer``, in the fan-out."""

    def __init__(
        self, database: Database, consumer: str, take_over_after_s: float = TAKE_OVER_AFTER_S
    ) -> None:
        self._database = database
        self._consumer = consumer
        self._abandoned_ms = int(take_over_after_s * 1000)
        self._joined = False

    async def read(self) -> list[NewEntry]:
        """Entries that nobody has taken yet, and those whose sender is gone. Raises StoreUnavailable."""
        if not self._joined:
            await self._join()
        group = ("GROUP", keys.FANOUT_GROUP, self._consumer)
        try:
            fresh, taken_over = await self._database.run_many(
                [
                    ("XREADGROUP", *group, "COUNT", 100, "STREAMS", keys.LOG, ">"),
                    ("XAUTOCLAIM", keys.LOG, *group[1:], self._abandoned_ms, "0", "COUNT", 100),
                ]
            )
        except StoreCorrupted as error:
            if "NOGROUP" not in str(error):
                raise
            # Redis was emptied, or restored from before the group: join again at the next look.
            self._joined = False
            return []
        found = [entry for _, entries in fresh for entry in entries]
        # An entry that was trimmed while it was pending comes back without fields.
        return [_entry(*entry) for entry in (*found, *taken_over[1]) if entry[1]]

    async def _join(self) -> None:
        """From the beginning of the log: what was logged before the first sender came is owed too."""
        try:
            await self._database.run(("XGROUP", "CREATE", keys.LOG, keys.FANOUT_GROUP, "0", "MKSTREAM"))
        except StoreCorrupted as error:
            if "BUSYGROUP" not in str(error):
                raise
        self._joined = True

    async def mark(self, entries: Sequence[NewEntry]) -> int:
        """Make the followers of all these entries due, and say how many were met. Raises StoreUnavailable."""
        tags = sorted({tag for entry in entries for tag in entry.tags})
        first = min(entry.position for entry in entries)
        done = await self._shards_done(entries)
        met = 0
        # Another shard first each time: no follower is always last.
        for turn in range(keys.SHARDS):
            shard = (first + turn) % keys.SHARDS
            if shard not in done:
                met += await self._mark_shard(shard, tags, first)
                await self._remember(entries, shard)
        await self._database.run(("XACK", keys.LOG, keys.FANOUT_GROUP, *(f"{e.position}-0" for e in entries)))
        return met

    async def _mark_shard(self, shard: int, tags: Sequence[Tag], position: Position) -> int:
        kinds = [kind(shard, tag) for tag in tags for kind in (keys.followers, keys.topic_followers)]
        buckets = await self._database.run_many([("SMEMBERS", kind.buckets) for kind in kinds])
        sets = [
            kind.members(int(bucket))
            for kind, numbers in zip(kinds, buckets, strict=True)
            for bucket in sorted(numbers, key=int)
        ]
        if ANNOUNCEMENT in tags:
            # Nobody follows it: everybody who has settings is met.
            sets += [keys.records(keys.Home(shard, bucket)) for bucket in range(keys.BUCKETS)]
        schedule = keys.chat_schedule(shard)
        met = at = 0
        step = 4
        while at < len(sets):
            chunk = sets[at : at + step]
            call = ScriptCall(script("fanout"), (schedule.due, schedule.held, *chunk), (position,))
            found = await self._database.keep(call)
            met += found
            at += len(chunk)
            step = max(1, min(100, FOLLOWERS_PER_STEP * len(chunk) // max(1, found)))
        return met

    async def _shards_done(self, entries: Sequence[NewEntry]) -> set[int]:
        """The shards that a sender before us has finished for every one of these entries."""
        commands: list[Command] = [("SMEMBERS", keys.fanout_progress(entry.position)) for entry in entries]
        progress = [{int(shard) for shard in shards} for shards in await self._database.run_many(commands)]
        return set.intersection(*progress)

    async def _remember(self, entries: Sequence[NewEntry], shard: int) -> None:
        commands: list[Command] = []
        for entry in entries:
            key = keys.fanout_progress(entry.position)
            commands += [("SADD", key, shard), ("EXPIRE", key, PROGRESS_TTL_S)]
        await self._database.run_many(commands)


def _entry(entry_id: bytes, fields: dict[bytes, bytes]) -> NewEntry:
    tags = tuple(Tag(tag) for tag in fields[b"tags"].decode().split())
    return NewEntry(Position(int(entry_id.partition(b"-")[0])), tags)
