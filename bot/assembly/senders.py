"""The sender, joined: the log, the due chats, what is written to each, and the border that it goes over."""

from __future__ import annotations

from bot.assembly import clock
from bot.assembly.consequences import make_consequences
from bot.assembly.process import Process, process_name, token_of
from bot.briefing.digest import WINDOW
from bot.catalogue import load_catalogue
from bot.language import Tongues
from bot.metering import metered
from bot.roles.delivery import Delivery
from bot.roles.leases import Leases
from bot.roles.sender import Sender
from bot.roles.settler import Settler
from bot.running import Role
from bot.store.backlog import BacklogMeter
from bot.store.fanout import Fanout
from bot.store.log_tail import LogTail
from bot.store.outbox import Outbox
from bot.store.recent import Recent
from bot.telegram.messenger import Messenger
from bot.telegram.session import open_session
from handlers.push import PushWriter


async def make_sender(process: Process) -> Role:
    """The role that delivers."""
    settings, store, patience = process.settings, process.store, process.patience
    session = await process.stack.enter_async_context(
        open_session(settings.bot_api_url, settings.max_concurrent_sends)
    )
    messenger = Messenger(
        session, settings.bot_api_url, token_of(settings), paid=settings.allow_paid_broadcast
    )
    send = metered(messenger.send, process.meter)
    tail = LogTail(store.database, store.articles)
    outbox = Outbox(store.database, store.limiter, tail, patience.chats_s)
    leases = Leases(outbox)
    consequences = await make_consequences(process.stack, settings, store.database, store.limiter, send)
    settler = Settler(outbox, leases, consequences)
    writer = PushWriter(load_catalogue(), Tongues(), clock.utc_now)
    recent = Recent(store.articles, store.rates, WINDOW)
    delivery = Delivery(outbox, tail, leases, settler, recent, writer, send, settings.max_concurrent_sends)
    consumer = process_name()
    backlog = BacklogMeter(store.database, settings.messages_per_second)
    fanout = Fanout(store.database, consumer, patience.stories_s)
    return Sender(fanout, backlog, tail, leases, delivery, settler, patience.gather_s).run
