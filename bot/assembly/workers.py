"""The worker, joined: sources from the file, the desks that take in what they say, alerts, forgetting."""

from __future__ import annotations

import asyncio

from bot.assembly import clock
from bot.assembly.process import Process, process_name
from bot.assembly.stores import Store
from bot.briefing.summary import summarise
from bot.catalogue import load_catalogue
from bot.http.websub import callback_url
from bot.roles.alert_desk import AlertDesk
from bot.roles.forgetting import Forgetting
from bot.roles.hubs import Hubs
from bot.roles.news_desk import NewsDesk
from bot.roles.rates_desk import RatesDesk
from bot.roles.worker import Worker
from bot.running import Role
from bot.settings import Settings
from bot.sources.fetching import Fetcher, guest_session
from bot.sources.full_text import FullText
from bot.sources.manners import Manners
from bot.sources.sources_file import load_sources
from bot.store import keys
from bot.store.departed import Departed
from bot.store.held_rates import HeldRates
from bot.store.rate_moves import RateMoves
from bot.store.schedule import Schedule
from bot.store.source_states import SourceStates
from bot.store.subscriptions import Subscriptions
from bot.store.tellings import Tellings
from bot.store.turns import Turns
from bot.tagging import Tagger


async def make_worker(process: Process) -> Role:
    """The role that polls the sources. Raises SettingsError for a wrong sources file."""
    settings, store = process.settings, process.store
    sources = load_sources(settings.sources_file)
    session = await process.stack.enter_async_context(guest_session())
    fetcher = Fetcher(session, now=clock.utc_now, manners=Manners(book=Turns(store.database).book))
    worker = Worker(
        sources=sources,
        fetcher=fetcher,
        news=NewsDesk(
            store.articles,
            Tellings(store.database),
            Tagger(load_catalogue()),
            clock.utc_now,
            summarise=summarise,
            full_text=FullText(fetcher),
        ),
        rates=RatesDesk(store.rates, HeldRates(store.database), sources.guard, clock.utc_now),
        states=SourceStates(store.database),
        schedule=Schedule(store.database, keys.SOURCE_SCHEDULE),
        now=clock.utc_now,
        meter=process.meter,
        hubs=_hubs(settings, store, fetcher),
        lease_s=process.patience.polls_s,
    )
    forgetting = Forgetting(Departed(store.database, store.chats))
    alerts = AlertDesk(RateMoves(store.database, process_name()), store.articles, clock.utc_now)

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
    return Hubs(Subscriptions(store.database), fetcher, callback_url(settings.webhook_url), clock.utc_now)
