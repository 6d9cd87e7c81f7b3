"""Puts python-telegram-bot together the way we use it, and starts it even when Telegram is not there yet.

Comes in: two sessions, the permits, the token. Goes out: an ``Application`` without updater (``polling`` or
the webhook brings the updates), job queue or persistence: time and memory live in Redis.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import structlog
from telegram import LinkPreviewOptions
from telegram.constants import ParseMode, UpdateType
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, BaseRateLimiter, Defaults, ExtBot

from bot.errors import TelegramRefused
from bot.telegram.polling import FIRST_BACKOFF_S, LONGEST_BACKOFF_S, AnyApplication, describe
from bot.telegram.transport import AiohttpRequest
from bot.telegram.updates import ChatOrderedProcessor, Handled

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

ALLOWED_UPDATES: tuple[str, ...] = (
    UpdateType.MESSAGE,
    UpdateType.CHANNEL_POST,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MY_CHAT_MEMBER,
)
"""What Telegram shall send us; anything else costs traffic and is thrown away."""

CONCURRENT_UPDATES = 64
"""Handlers running at once: enough for 1,000 updates a second where a call to Telegram takes 50 ms."""


class DiscreetBot(ExtBot[None]):
    """PTB's bot, except that its ``repr`` (which ends up in logs and tracebacks) does not hold the token."""

    def __repr__(self) -> str:
        return "DiscreetBot(token=…)"


def build_application(
    *,
    token: str,
    api_url: str,
    calls: AiohttpRequest,
    polls: AiohttpRequest,
    limiter: BaseRateLimiter[None],
    concurrency: int = CONCURRENT_UPDATES,
    handled: Handled = lambda _update, _seconds: None,
) -> AnyApplication:
    """Build the application: ``calls`` carries everything but ``getUpdates``, which ``polls`` carries.

    Messages are HTML without link previews unless a handler says otherwise.
    """
    # PTB logs the API's URL, token and all, on DEBUG.
    logging.getLogger("telegram").setLevel(logging.INFO)
    base_url = api_url.rstrip("/")
    bot = DiscreetBot(
        token=token,
        base_url=f"{base_url}/bot",
        base_file_url=f"{base_url}/file/bot",
        request=calls,
        get_updates_request=polls,
        rate_limiter=limiter,
        defaults=Defaults(
            parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
    )
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = Application.builder()
    return (
        builder.bot(bot)
        .updater(None)
        .job_queue(None)
        .concurrent_updates(ChatOrderedProcessor(concurrency, handled=handled))
        .build()
    )


async def initialize(application: AnyApplication, stopping: asyncio.Event) -> bool:
    """Meet Telegram (``getMe``), waiting for it as long as it takes; False if ``stopping`` came first.

    Raises TelegramRefused when the token is not accepted.
    """
    meeting = asyncio.create_task(_initialize_patiently(application))
    stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({meeting, stop}, return_when=asyncio.FIRST_COMPLETED)
        if meeting.done():
            meeting.result()
        return meeting.done()
    finally:
        meeting.cancel()
        stop.cancel()


async def _initialize_patiently(application: AnyApplication) -> None:
    pause_s = FIRST_BACKOFF_S
    told = False
    while (trouble := await _try_to_initialize(application)) is not None:
        if not told:
            log.warning("Telegram does not answer yet", cause=trouble)
            told = True
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_BACKOFF_S)
    if told:
        log.info("Telegram answers")


async def _try_to_initialize(application: AnyApplication) -> str | None:
    """Initialize once; returns what stood in the way, in words."""
    try:
        await application.initialize()
    except InvalidToken:
        pass
    except TelegramError as error:
        if isinstance(error, NetworkError):
            return describe(error)
        raise
    else:
        return None
    # Out here, so that PTB's exception, which quotes the token, does not hang on ours.
    raise TelegramRefused("Telegram does not know this token (BOT_TOKEN), or BOT_API_URL is not a Bot API")
