"""How all processes together are doing, for the status page: who is alive, what was done by minute, what went wrong.

Each process writes its share every few seconds, in one round trip; everything expires by itself. Nothing in here
is needed for delivery, and nothing names a chat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgpack

from bot.store import keys
from bot.store.connect import Command, Database

PROCESSES_TTL_S = 86_400
MINUTES_TTL_S = 2 * 3600
TROUBLES_TTL_S = 3 * 86_400
MOST_TROUBLES = 100
ALIVE_S = 35.0
"""Three beats and a half: a process that was not heard of for so long is gone or hangs."""
FORGOTTEN_S = 600.0


@dataclass(frozen=True, slots=True)
class ProcessNote:
    """What a process says of itself; ``lag_s`` is the worst lateness of its event loop since the last beat."""

    name: str
    roles: tuple[str, ...]
    version: str
    started: datetime
    beat: datetime
    lag_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong, in words for an operator (:mod:`bot.troubles`); ``grave`` is more than a warning."""

    at: datetime
    words: str
    grave: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything of the last hour. ``minutes`` are the sums by Unix minute, the oldest first, none left out."""

    processes: tuple[ProcessNote, ...]
    minutes: Mapping[int, Mapping[str, int]]
    troubles: tuple[Trouble, ...]


class Pulse:
    """The notes of all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(
        self,
        note: ProcessNote,
        minutes: Mapping[int, Mapping[str, int]],
        troubles: Sequence[Trouble],
    ) -> None:
        """Write down a process' share. Raises StoreUnavailable; then some of it may be written."""
        commands: list[Command] = [
            ("HSET", keys.PROCESSES, note.name, _pack_process(note)),
            ("EXPIRE", keys.PROCESSES, PROCESSES_TTL_S),
        ]
        for minute, counts in minutes.items():
            key = keys.minute(minute)
            commands += [("HINCRBY", key, what, count) for what, count in counts.items()]
            commands.append(("EXPIRE", key, MINUTES_TTL_S))
        if troubles:
            commands.append(("LPUSH", keys.TROUBLES, *map(_pack_trouble, troubles)))
            commands.append(("LTRIM", keys.TROUBLES, 0, MOST_TROUBLES - 1))
            commands.append(("EXPIRE", keys.TROUBLES, TROUBLES_TTL_S))
        await self._database.run_many(commands)

    async def leave(self, name: str) -> None:
        """A process ends in good order. Raises StoreUnavailable."""
        await self._database.run(("HDEL", keys.PROCESSES, name))

    async def read(self, now: datetime, minutes: int = 60) -> Reading:
        """How things are. Raises StoreUnavailable."""
        last = int(now.timestamp() // 60)
        wanted = range(last - minutes + 1, last + 1)
        packed, troubles, *counts = await self._database.run_many(
            [
                ("HGETALL", keys.PROCESSES),
                ("LRANGE", keys.TROUBLES, 0, -1),
                *(("HGETALL", keys.minute(minute)) for minute in wanted),
            ]
        )
        processes = [_unpack_process(name.decode(), note) for name, note in packed.items()]
        await self._forget([note for note in processes if _age_s(note, now) > FORGOTTEN_S])
        return Reading(
            processes=tuple(
                sorted(
                    (n for n in processes if _age_s(n, now) <= ALIVE_S), key=lambda n: (n.roles, n.started)
                )
            ),
            minutes={
                minute: Counter({what.decode(): int(count) for what, count in sums.items()})
                for minute, sums in zip(wanted, counts, strict=True)
            },
            troubles=tuple(map(_unpack_trouble, troubles)),
        )

    async def _forget(self, notes: Sequence[ProcessNote]) -> None:
        if notes:
            await self._database.run(("HDEL", keys.PROCESSES, *(note.name for note in notes)))


def _age_s(note: ProcessNote, now: datetime) -> float:
    return (now - note.beat).total_seconds()


def _pack_process(note: ProcessNote) -> bytes:
    times = (note.started.timestamp(), note.beat.timestamp())
    return bytes(msgpack.packb((note.roles, note.version, *times, note.lag_s)))


def _unpack_process(name: str, packed: bytes) -> ProcessNote:
    roles, version, started, beat, lag_s = msgpack.unpackb(packed)
    return ProcessNote(name, tuple(roles), version, _time(started), _time(beat), lag_s)


def _pack_trouble(trouble: Trouble) -> bytes:
    return bytes(msgpack.packb((trouble.at.timestamp(), trouble.words, trouble.grave)))


def _unpack_trouble(packed: bytes) -> Trouble:
    at, words, grave = msgpack.unpackb(packed)
    return Trouble(_time(at), words, grave)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
