"""The part of the assembly that moves subscribers: ``briefing-bot export`` and ``import``, beside a running bot.

With an embedded Redis the running bot's own is used; where no bot runs, it is started for the occasion.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.assembly import clock
from bot.catalogue import load_catalogue
from bot.settings import Settings
from bot.store.chats import Chats
from bot.store.connect import connect
from bot.store.embedded import embedded_redis, url_of_running
from bot.transfer import Progress, opened
from bot.transfer import export_chats as export_all
from bot.transfer import import_chats as import_all
from bot.transfer_line import LineDefaults

PROGRESS = "chats"


async def export_chats(settings: Settings, file: str) -> int:
    """Write all subscribers to ``file``, and return the exit code. Raises StoreUnavailable, OSError."""
    async with _chats(settings) as chats:
        with opened(file, "wb") as out:
            await export_all(chats, out, Progress(PROGRESS, sys.stderr))
    return 0


async def import_chats(settings: Settings, file: str) -> int:
    """Read subscribers from ``file``; 1 if a line was bad. Raises StoreUnavailable, OSError."""
    defaults = LineDefaults(
        language=settings.default_language,
        timezone=settings.default_timezone,
        briefing_time=settings.default_briefing_time,
        tags={tag.casefold(): tag for tag in load_catalogue().tags},
    )
    with opened(file, "rb") as lines:
        async with _chats(settings) as chats:
            count = await import_all(
                chats, lines, defaults, clock.utc_now, _complain, Progress(PROGRESS, sys.stderr)
            )
    if count.bad:
        _complain(f"{count.bad} bad lines were passed over, {count.chats} chats imported")
    return 1 if count.bad else 0


def _complain(words: str) -> None:
    sys.stderr.write(f"{words}\n")


@asynccontextmanager
async def _chats(settings: Settings) -> AsyncIterator[Chats]:
    if settings.redis_url is not None:
        url = settings.redis_url.get_secret_value()
    else:
        url = url_of_running(settings.data_dir) or ""
    if url:
        async with connect(url) as database:
            yield Chats(database)
    else:
        async with embedded_redis(settings.data_dir) as own, connect(own) as database:
            yield Chats(database)
