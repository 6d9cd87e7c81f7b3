"""``python -m tests.stories.clockwork_sender CLOCK``: a sender that lives by a clock which a test moves.

CLOCK is a file with the milliseconds by which Redis' clock is ahead; every sender of the test maps it. All else is
the sender of production, made by the assembly from settings of the environment.
"""

from __future__ import annotations

import asyncio
import mmap
import struct
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from bot.assembly import Process, make_sender, make_store
from bot.logs import configure_logs
from bot.running import run_roles, run_until_stopped
from bot.settings import load_settings
from bot.store.connect import connect

MILLISECONDS = struct.Struct("<q")


class ClockFile:
    """A clock that many processes share: written by the test, read by its senders."""

    def __init__(self, path: Path, shift_ms: int | None = None) -> None:
        if shift_ms is not None:
            path.write_bytes(MILLISECONDS.pack(shift_ms))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), MILLISECONDS.size)

    def shift_ms(self) -> int:
        """By how much Redis' clock is ahead of the true time."""
        shift: int = MILLISECONDS.unpack(self._memory[:])[0]
        return shift

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._memory[:] = MILLISECONDS.pack(self.shift_ms() + int(seconds * 1000))


async def send_by(clock: ClockFile, stopping: asyncio.Event) -> int:
    """Run a sender until told to stop."""
    settings = load_settings(env_file=None)
    assert settings.redis_url is not None
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            connect(settings.redis_url.get_secret_value(), clock.shift_ms)
        )
        sender = await make_sender(Process(stack, settings, make_store(database, settings)))
        return await run_roles({"sender": sender}, stopping)


def main() -> int:
    """Read the file that is named, and send."""
    clock = ClockFile(Path(sys.argv[1]))
    settings = load_settings(env_file=None)
    configure_logs(settings.log_level, settings.log_format, secrets=settings.secrets)
    return run_until_stopped(lambda stopping: send_by(clock, stopping))


if __name__ == "__main__":
    sys.exit(main())
