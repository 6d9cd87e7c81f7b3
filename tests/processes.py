"""Running our own programs as real processes, and watching what they say."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[1]


def environment(**variables: str) -> dict[str, str]:
    """This process' environment without any setting of the bot's, and with ``variables``."""
    ours = {name.upper() for name in Settings.model_fields}
    bare = {name: value for name, value in os.environ.items() if name.upper() not in ours}
    return {**bare, "PYTHONPATH": str(REPOSITORY), **variables}


class Program:
    """A running program. Its output is collected as it comes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.output = ""
        self._reading = asyncio.gather(self._read(process.stdout), self._read(process.stderr))

    async def _read(self, stream: asyncio.StreamReader | None) -> None:
        assert stream is not None
        async for line in stream:
            self.output += line.decode()

    async def says(self, words: str, *, within_s: float = 20.0) -> None:
        """Wait until the output contains ``words``; fails if the program ends first, or does not say them."""
        async with asyncio.timeout(within_s):
            while words not in self.output:
                assert not self._reading.done(), f"ended without saying {words!r}:\n{self.output}"
                await asyncio.sleep(0.005)

    async def ends(self, *, within_s: float = 20.0) -> int:
        """Wait for the end; the exit code (minus the signal, if one killed it)."""
        async with asyncio.timeout(within_s):
            await self._reading
            return await self.process.wait()


@asynccontextmanager
async def program(
    *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> AsyncIterator[Program]:
    """Run Python with ``arguments``; it is killed on leaving if it is still there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=dict(env) if env is not None else environment(),
        cwd=cwd,
    )
    running = Program(process)
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await running.ends()
