"""The bot role, joined: what people write comes in one of two ways, the handlers answer, under the shared limiter."""

from __future__ import annotations

import asyncio

import structlog
from telegram.error import TelegramError

from bot.assembly import clock
from bot.assembly.process import Process, token_of
from bot.assembly.stores import Store
from bot.assembly.updates import polling, webhook
from bot.catalogue import Catalogue, load_catalogue
from bot.http.websub import websub_routes
from bot.language import Tongues
from bot.roles.bot import Bot
from bot.running import Role
from bot.settings import Settings
from bot.store import keys
from bot.store.pictures import Pictures
from bot.store.rate_history import RateHistory
from bot.store.schedule import Schedule
from bot.store.search import Search
from bot.store.subscriptions import Subscriptions
from bot.telegram.application import build_application, initialize
from bot.telegram.limiter import AnswerLimiter
from bot.telegram.metered import MeteredLimiter, asked
from bot.telegram.session import open_session
from bot.telegram.transport import AiohttpRequest
from handlers import COMMANDS, register
from handlers.desk import open_desk
from handlers.menus import publish_menus
from handlers.services import Defaults, Services

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def make_bot(process: Process) -> Role:
    """The role that answers people."""
    settings, store = process.settings, process.store
    calls = await process.stack.enter_async_context(
        open_session(settings.bot_api_url, settings.max_concurrent_sends)
    )
    polls = await process.stack.enter_async_context(open_session(settings.bot_api_url, 2))
    application = build_application(
        token=token_of(settings),
        api_url=settings.bot_api_url,
        calls=AiohttpRequest(calls),
        polls=AiohttpRequest(polls),
        limiter=MeteredLimiter(AnswerLimiter(store.limiter), process.meter),
        handled=lambda update, seconds: process.meter.handled(asked(update, COMMANDS), seconds),
    )
    services = make_services(settings, store, load_catalogue())
    register(application, services)
    process.stack.push_async_callback(services.live.aclose)
    process.stack.callback(services.charts.close)

    async def publish() -> None:
        await services.search.warm()
        try:
            await publish_menus(application.bot, services.tongues, settings.admin_ids)
        except TelegramError as error:
            log.warning("command menus not set", cause=error.message)

    async def meet(stopping: asyncio.Event) -> bool:
        return await initialize(application, stopping)

    if settings.webhook_url:
        way_in = webhook(application, store.database, settings, settings.webhook_url, process.patience)
        wake = Schedule(store.database, keys.SOURCE_SCHEDULE).wake
        process.routes.extend(
            websub_routes(
                settings.webhook_url,
                Subscriptions(store.database),
                lambda source: wake([source]),
                clock.utc_now,
            )
        )
    else:
        way_in = polling(application, store.database, process.patience)
    process.routes.extend(way_in.routes)
    process.checks["telegram"] = way_in.well
    return Bot(meet, publish, way_in.run).run


def make_services(settings: Settings, store: Store, catalogue: Catalogue) -> Services:
    """What the handlers work with."""
    return Services(
        chats=store.chats,
        articles=store.articles,
        rates=store.rates,
        history=RateHistory(store.database),
        pictures=Pictures(store.database),
        search=Search(store.database, store.articles),
        desk=open_desk(store.database, store.chats, settings.messages_per_second, clock.utc_now),
        operators=settings.admin_ids,
        catalogue=catalogue,
        tongues=Tongues(),
        defaults=Defaults(
            settings.default_language, settings.default_timezone, settings.default_briefing_time
        ),
        now=clock.utc_now,
    )
