"""The only place where parts are made and joined. Nothing happens at import; everything made here is closed here.

The command line calls one of the coroutines below with the settings. Read :func:`serve` to see how a running
bot hangs together: one database, one store on it, and the roles that the process was asked for.
"""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import structlog
from aiohttp import web
from pydantic import SecretStr
from telegram.error import TelegramError

from bot.assembly_consequences import make_consequences
from bot.assembly_updates import polling, webhook
from bot.assembly_watch import goes_on, observe
from bot.assembly_watch import utc_now as utc_now  # the clock, for who wants another
from bot.briefing.digest import WINDOW
from bot.briefing.summary import summarise
from bot.catalogue import Catalogue, load_catalogue
from bot.errors import SettingsError
from bot.http.health import Check
from bot.http.server import http_server
from bot.http.websub import callback_url, websub_routes
from bot.language import Tongues
from bot.metering import NO_METER, Meter, metered
from bot.roles.alert_desk import AlertDesk
from bot.roles.bot import Bot
from bot.roles.delivery import Delivery
from bot.roles.forgetting import Forgetting
from bot.roles.hubs import Hubs
from bot.roles.leases import Leases
from bot.roles.news_desk import NewsDesk
from bot.roles.rates_desk import RatesDesk
from bot.roles.sender import Sender
from bot.roles.settler import Settler
from bot.roles.worker import Worker
from bot.running import Role, run_roles
from bot.settings import Settings
from bot.sources.fetching import Fetcher
from bot.sources.full_text import FullText
from bot.sources.sources_file import load_sources
from bot.store import keys
from bot.store.articles import Articles
from bot.store.backlog import BacklogMeter
from bot.store.chats import Chats
from bot.store.connect import Database, connect
from bot.store.departed import Departed
from bot.store.embedded import embedded_redis
from bot.store.fanout import Fanout
from bot.store.held_rates import HeldRates
from bot.store.log_tail import LogTail
from bot.store.outbox import Outbox
from bot.store.pictures import Pictures
from bot.store.rate_history import RateHistory
from bot.store.rate_limiter import RateLimiter
from bot.store.rate_moves import RateMoves
from bot.store.rates import Rates
from bot.store.recent import Recent
from bot.store.schedule import Schedule
from bot.store.search import Search
from bot.store.source_states import SourceStates
from bot.store.subscriptions import Subscriptions
from bot.store.tellings import Tellings
from bot.tagging import Tagger
from bot.telegram.application import build_application, initialize
from bot.telegram.limiter import AnswerLimiter
from bot.telegram.messenger import Messenger
from bot.telegram.metered import MeteredLimiter, asked
from bot.telegram.session import open_session
from bot.telegram.transport import AiohttpRequest
from handlers import COMMANDS, register
from handlers.desk import open_desk
from handlers.menus import publish_menus
from handlers.push import PushWriter
from handlers.services import Defaults, Services

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that lives in Redis, over one database."""

    database: Database
    articles: Articles
    chats: Chats
    rates: Rates
    limiter: RateLimiter

    async def answers(self) -> str | None:
        """The health check. Raises StoreUnavailable, whose message is the reason."""
        await self.database.run(("PING",))
        return None

    async def version(self) -> str:
        """What Redis says it is. Raises StoreUnavailable."""
        about = await self.database.run(("INFO", "server"))
        return f"Redis {about['redis_version']}"


@dataclass(frozen=True, slots=True)
class Process:
    """What the roles of one process share; ``stack`` closes it all. ``checks`` and ``routes`` are for the server."""

    stack: AsyncExitStack
    settings: Settings
    store: Store
    meter: Meter = NO_METER
    checks: dict[str, Check] = field(default_factory=dict)
    routes: list[web.RouteDef] = field(default_factory=list)


async def serve(settings: Settings, roles: frozenset[str], stopping: asyncio.Event) -> int:
    """Run ``roles`` until ``stopping`` is set, and return the exit code."""
    async with AsyncExitStack() as stack:
        store = await open_store(stack, settings)
        observation = observe(stack, settings, store.database, roles)
        process = Process(stack, settings, store, observation.meter)
        process.checks["redis"] = store.answers
        process.checks["roles"] = goes_on(stopping)
        process.checks["messages"] = observation.reach.check
        makers = {"worker": make_worker, "bot": make_bot, "sender": make_sender}
        running: dict[str, Role] = {name: await makers[name](process) for name in sorted(roles)}
        if settings.http_listen is not None:
            routes = [*observation.routes(process.checks), *process.routes]
            address = await stack.enter_async_context(http_server(settings.http_listen, routes))
            if address is None and "bot" in roles and settings.webhook_url:
                raise SettingsError(
                    [f"HTTP_LISTEN: {settings.http_listen} cannot be had, and the webhook needs it"]
                )
        log.info("started", roles=", ".join(running), redis=where(settings))
        return await run_roles(running | {"watch": observation.watch}, stopping)


async def demo(settings: Settings, port: int, live: bool, stopping: asyncio.Event) -> int:
    """Everything in one process against a local Telegram with a chat page; nothing outlives it."""
    from bot.demo.demo import Demo

    async with AsyncExitStack() as stack:
        surroundings = await stack.enter_async_context(Demo(port=port, live=live))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="briefing-demo-")))
        sources = folder / "sources.toml"
        sources.write_text(surroundings.sources_toml)
        here = settings.model_copy(
            update={
                "bot_token": SecretStr(surroundings.token),
                "bot_api_url": surroundings.api_url,
                "redis_url": None,
                "data_dir": folder / "data",
                "sources_file": settings.sources_file if live else sources,
                "webhook_url": None,
            }
        )
        log.info("the demo is ready: open it in your browser", page=surroundings.page_url)
        return await serve(here, frozenset({"worker", "bot", "sender"}), stopping)


async def open_store(stack: AsyncExitStack, settings: Settings) -> Store:
    """Connect to ``REDIS_URL``, or to a Redis of our own where there is none. Raises EmbeddedRedisError."""
    if settings.redis_url is None:
        url = await stack.enter_async_context(embedded_redis(settings.data_dir))
    else:
        url = settings.redis_url.get_secret_value()
    database = await stack.enter_async_context(connect(url))
    return make_store(database, settings)


def make_store(database: Database, settings: Settings) -> Store:
    """The store over a database that somebody else closes."""
    return Store(
        database=database,
        articles=Articles(database, settings.retention_days * DAY_S),
        chats=Chats(database),
        rates=Rates(database, settings.retention_days, utc_now),
        limiter=RateLimiter(database, settings.messages_per_second),
    )


async def make_worker(process: Process) -> Role:
    """The role that polls the sources. Raises SettingsError for a wrong sources file."""
    settings, store = process.settings, process.store
    sources = load_sources(settings.sources_file)
    session = await process.stack.enter_async_context(aiohttp.ClientSession())
    fetcher = Fetcher(session, now=utc_now)
    worker = Worker(
        sources=sources,
        fetcher=fetcher,
        news=NewsDesk(
            store.articles,
            Tellings(store.database),
            Tagger(load_catalogue()),
            utc_now,
            summarise=summarise,
            full_text=FullText(fetcher),
        ),
        rates=RatesDesk(store.rates, HeldRates(store.database), sources.guard, utc_now),
        states=SourceStates(store.database),
        schedule=Schedule(store.database, keys.SOURCE_SCHEDULE),
        now=utc_now,
        meter=process.meter,
        hubs=_hubs(settings, store, fetcher),
    )
    forgetting = Forgetting(Departed(store.database, store.chats))
    alerts = AlertDesk(RateMoves(store.database, process_name()), store.articles, utc_now)

    async def run(stopping: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run(stopping))
            group.create_task(forgetting.run(stopping))
            group.create_task(alerts.run(stopping))

    return run


def _hubs(settings: Settings, store: Store, fetcher: Fetcher) -> Hubs | None:
    """WebSub needs a public address, and the webhook's is the one that there is."""
    if not settings.webhook_url:
        return None
    return Hubs(Subscriptions(store.database), fetcher, callback_url(settings.webhook_url), utc_now)


async def make_sender(process: Process) -> Role:
    """The role that delivers."""
    settings, store = process.settings, process.store
    session = await process.stack.enter_async_context(
        open_session(settings.bot_api_url, settings.max_concurrent_sends)
    )
    messenger = Messenger(
        session, settings.bot_api_url, token_of(settings), paid=settings.allow_paid_broadcast
    )
    send = metered(messenger.send, process.meter)
    tail = LogTail(store.database, store.articles)
    outbox = Outbox(store.database, store.limiter, tail)
    leases = Leases(outbox)
    consequences = await make_consequences(process.stack, settings, store.database, store.limiter, send)
    settler = Settler(outbox, leases, consequences)
    writer = PushWriter(load_catalogue(), Tongues(), utc_now)
    recent = Recent(store.articles, store.rates, WINDOW)
    delivery = Delivery(outbox, tail, leases, settler, recent, writer, send, settings.max_concurrent_sends)
    consumer = process_name()
    backlog = BacklogMeter(store.database, settings.messages_per_second)
    return Sender(Fanout(store.database, consumer), backlog, tail, leases, delivery, settler).run


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
        way_in = webhook(application, store.database, settings, settings.webhook_url)
        wake = Schedule(store.database, keys.SOURCE_SCHEDULE).wake
        process.routes.extend(
            websub_routes(
                settings.webhook_url,
                Subscriptions(store.database),
                lambda source: wake([source]),
                utc_now,
            )
        )
    else:
        way_in = polling(application, store.database)
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
        desk=open_desk(store.database, store.chats, settings.messages_per_second, utc_now),
        operators=settings.admin_ids,
        catalogue=catalogue,
        tongues=Tongues(),
        defaults=Defaults(
            settings.default_language, settings.default_timezone, settings.default_briefing_time
        ),
        now=utc_now,
    )


def process_name() -> str:
    """By what consumer groups know this process."""
    return f"{socket.gethostname()}-{os.getpid()}"


def token_of(settings: Settings) -> str:
    """The token; the command line has seen to it that there is one."""
    assert settings.bot_token is not None
    return settings.bot_token.get_secret_value()


def where(settings: Settings) -> str:
    """Where Redis is, for the log, without its password."""
    if settings.redis_url is None:
        return f"embedded in {settings.data_dir}"
    parts = urlsplit(settings.redis_url.get_secret_value())
    return parts.netloc.rpartition("@")[2] or parts.path
