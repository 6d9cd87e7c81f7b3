"""The commands that do one thing and end: ``check``. The parts come from :mod:`bot.assembly`."""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack

import aiohttp
from telegram import Bot
from telegram.error import TelegramError

from bot.assembly import make_store, open_store, token_of, where
from bot.assembly_watch import utc_now
from bot.checkup import check_part, check_sources, table
from bot.errors import SettingsError, TelegramRefused
from bot.settings import Settings
from bot.sources.fetching import Fetcher
from bot.sources.sources_file import load_sources
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
        session = await stack.enter_async_context(aiohttp.ClientSession())
        findings = [
            await check_part("BOT_TOKEN", "getMe", lambda: greet(stack, settings)),
            await check_part("Redis", where(settings), lambda: ping(settings)),
            *await check_sources(
                (*sources.news, *sources.rates), Fetcher(session, now=utc_now), utc_now(), show_progress
            ),
        ]
    print(table(findings))
    return 0 if all(finding.well for finding in findings) else 1


async def check_url(url: str) -> int:
    """Say what is at an address, and print the entry of the sources file for it; 1 if nothing can be read there."""
    async with aiohttp.ClientSession() as session:
        trial = await try_address(url, Fetcher(session, now=utc_now), utc_now())
    print(table(trial.findings))
    if trial.entry is None:
        return 1
    print(f"\nTo poll it, add this to the file that SOURCES_FILE names:\n\n{trial.entry}")
    return 0


def show_progress(done: int, of: int) -> None:
    """A line that moves, for a person at a terminal."""
    if sys.stderr.isatty():
        print(f"\r{done} of {of} sources", end="\n" if done == of else "", file=sys.stderr, flush=True)


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
        running = None if settings.redis_url else url_of_running(settings.data_dir)
        if running is None:
            store = await open_store(stack, settings)
        else:
            store = make_store(await stack.enter_async_context(connect(running)), settings)
        return await store.version()
