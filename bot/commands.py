"""The commands that do one thing and end: ``check`` and ``backfill-rates``. The parts come from :mod:`bot.assembly`."""

from __future__ import annotations

import shutil
import sys
from contextlib import AsyncExitStack

from telegram import Bot
from telegram.error import TelegramError

from bot.assembly import Store, make_store, open_store, token_of, where
from bot.assembly.clock import utc_now
from bot.backfill import Backfill
from bot.checkup import check_part, check_sources
from bot.errors import SettingsError, TelegramRefused
from bot.findings_table import table
from bot.settings import Settings
from bot.sources.fetching import Fetcher, guest_session
from bot.sources.sources_file import load_sources
from bot.store.backfill_marks import BackfillMarks
from bot.store.connect import connect
from bot.store.embedded import url_of_running
from bot.telegram.polling import describe
from bot.telegram.session import open_session
from bot.telegram.transport import AiohttpRequest
from bot.trial import try_address


async def check(settings: Settings) -> int:
    """Look at the token, Redis and every source, print a table; 1 if anything is wrong."""
    sources = load_sources(settings.sources_file)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(guest_session())
        findings = [
            await check_part("BOT_TOKEN", "getMe", lambda: greet(stack, settings)),
            await check_part("Redis", where(settings), lambda: ping(settings)),
            *await check_sources(
                (*sources.news, *sources.rates), Fetcher(session, now=utc_now), utc_now(), show_progress
            ),
        ]
    print(table(findings, terminal_columns()))
    return 0 if all(finding.well for finding in findings) else 1


async def check_url(url: str) -> int:
    """Say what is at an address, and print the entry of the sources file for it; 1 if nothing can be read there."""
    async with guest_session() as session:
        trial = await try_address(url, Fetcher(session, now=utc_now), utc_now())
    print(table(trial.findings, terminal_columns()))
    if trial.entry is None:
        return 1
    print(f"\nTo poll it, add this to the file that SOURCES_FILE names:\n\n{trial.entry}")
    return 0


def show_progress(done: int, of: int) -> None:
    """A bar that moves, for a person at a terminal."""
    show_bar("sources", done, of)


def terminal_columns() -> int | None:
    """How wide the table may be; None where it goes to a file or another program."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


async def backfill(settings: Settings, days: int, only: str | None) -> int:
    """Fill the history of rates; 1 if a source could not be read to its end. Raises SettingsError, StoreUnavailable."""
    sources = load_sources(settings.sources_file).rates
    wanted = [source for source in sources if only in (None, source.name, source.format)]
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(guest_session())
        store = await open_beside(stack, settings)
        fetcher, marks = Fetcher(session, now=utc_now), BackfillMarks(store.database)
        today = utc_now().date()
        results = await Backfill(fetcher, store.rates, marks, today, days, show_bar).run(wanted)
    for result in results:
        trouble = f"; then it {result.trouble}" if result.trouble else ""
        print(f"{result.source}: {result.points:,} rates{trouble}")
    if not results:
        print("No such source of rates serves past days.")
    return 0 if results and not any(result.trouble for result in results) else 1


def show_bar(source: str, done: int, of: int) -> None:
    """A bar that moves, for a person at a terminal."""
    if sys.stderr.isatty():
        bar, end = "█" * (20 * done // of), "\n" if done == of else ""
        print(f"\r{source[:40]} {bar:·<20} {done} of {of}", end=end, file=sys.stderr, flush=True)


async def open_beside(stack: AsyncExitStack, settings: Settings) -> Store:
    """The store, beside a bot that may be running: its embedded Redis is used then. Raises EmbeddedRedisError."""
    running = None if settings.redis_url else url_of_running(settings.data_dir)
    if running is None:
        return await open_store(stack, settings)
    return make_store(await stack.enter_async_context(connect(running)), settings)


async def greet(stack: AsyncExitStack, settings: Settings) -> str:
    """Ask Telegram who we are. Raises TelegramRefused."""
    if settings.bot_token is None:
        raise SettingsError(["not set: briefing-bot run starts the demo"])
    session = await stack.enter_async_context(open_session(settings.bot_api_url, 1))
    bot = Bot(token_of(settings), f"{settings.bot_api_url}/bot", request=AiohttpRequest(session))
    try:
        return f"@{(await bot.get_me()).username}"
    except TelegramError as error:
        raise TelegramRefused(describe(error)) from None


async def ping(settings: Settings) -> str:
    """Ask Redis for its version. Raises StoreUnavailable, EmbeddedRedisError."""
    async with AsyncExitStack() as stack:
        return await (await open_beside(stack, settings)).version()
