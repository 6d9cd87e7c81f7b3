"""Moving house: all subscribers to JSON Lines and back (``briefing-bot export`` and ``import``).

Streams in both directions, a thousand chats at a time, beside a bot that may be running. An import is idempotent:
it makes settings what the lines say, and nobody is owed anything older than the import. A bad line is named by its
number and passed over; the rest goes on.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import BinaryIO, TextIO

from bot.model import Position
from bot.roles.agenda import agenda
from bot.store.chats import ChatChange, Chats
from bot.transfer_line import LineDefaults, read_line
from bot.transfer_writing import write_line

LINES_AT_ONCE = 1000
STANDARD_STREAM = "-"


@contextmanager
def opened(path: str, mode: str) -> Iterator[BinaryIO]:
    """The file at ``path``, ``rb`` or ``wb``; ``-`` is the standard stream. Raises OSError."""
    if path == STANDARD_STREAM:
        stream = sys.stdin.buffer if mode == "rb" else sys.stdout.buffer
        yield stream
        stream.flush()
    else:
        with open(path, mode) as file:
            yield file  # type: ignore[misc]


class Progress:
    """A count that moves, for a person at a terminal; silent anywhere else."""

    def __init__(self, what: str, stream: TextIO) -> None:
        self._what = what
        self._stream = stream if stream.isatty() else None

    def show(self, number: int, end: str = "") -> None:
        """Say how many it are by now."""
        if self._stream:
            self._stream.write(f"\r{number:,} {self._what}{end}")
            self._stream.flush()


async def export_chats(chats: Chats, out: BinaryIO, progress: Progress) -> int:
    """Write every chat, and return how many there were. Raises StoreUnavailable, OSError."""
    number = 0
    async for chat in chats.all():
        out.write(write_line(chat))
        number += 1
        if number % LINES_AT_ONCE == 0:
            progress.show(number)
    progress.show(number, "\n")
    return number


@dataclass(frozen=True, slots=True)
class ImportCount:
    """What became of the lines."""

    chats: int
    bad: int


async def import_chats(
    chats: Chats,
    lines: BinaryIO,
    defaults: LineDefaults,
    now: Callable[[], datetime],
    complain: Callable[[str], None],
    progress: Progress,
) -> ImportCount:
    """Save what every line says; each bad one is named to ``complain``. Raises StoreUnavailable, OSError."""
    good = bad = 0
    numbered = enumerate(lines, 1)
    # In a thread: the next lines of a pipe may be long in coming, and the embedded Redis wants looking after.
    while some := await asyncio.to_thread(lambda: list(islice(numbered, LINES_AT_ONCE))):
        wishes: list[ChatChange] = []
        for number, line in some:
            if not line.strip():
                continue
            try:
                wishes.append(_wish(line, defaults, now()))
            except ValueError as wrong:
                bad += 1
                complain(f"line {number}: {wrong}")
        await chats.update_many(wishes)
        good += len(wishes)
        progress.show(good)
    progress.show(good, "\n")
    return ImportCount(good, bad)


def _wish(line: bytes, defaults: LineDefaults, now: datetime) -> ChatChange:
    """What the line asks for, and when the sender should look: the next briefing; no story is owed."""
    clock = Position(int(now.timestamp() * 1000))
    read = read_line(line, defaults, clock)
    if not read.briefed:
        return ChatChange(read.new, read.change)
    plan = agenda(read.change(read.new, clock), None, now)
    return ChatChange(read.new, read.change, 0.0 if plan.briefing else plan.look_again_s)
