"""How what became of a message is joined to what it asks for: counting, telling, setting aside (for the senders)."""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial

from bot.assembly import clock
from bot.language import Tongues
from bot.model import Send
from bot.roles.consequences import Consequences
from bot.roles.notices import Notices
from bot.settings import Settings
from bot.store.announcements import Announcements
from bot.store.chats import Chats
from bot.store.connect import Database
from bot.store.rate_limiter import RateLimiter
from bot.store.set_aside import SetAsideMessages
from bot.store.statistics import SentCounter
from bot.telegram.groups import Groups
from bot.telegram.session import open_session
from handlers.notices import topic_notice


async def make_consequences(
    stack: AsyncExitStack, settings: Settings, database: Database, limiter: RateLimiter, send: Send
) -> Consequences:
    """What the settler carries out; ``stack`` closes it."""
    assert settings.bot_token is not None
    session = await stack.enter_async_context(open_session(settings.bot_api_url, 2))
    groups = Groups(session, settings.bot_api_url, settings.bot_token.get_secret_value())
    notices = Notices(groups, limiter, send, partial(topic_notice, Tongues()))
    stack.push_async_callback(notices.aclose)
    sent = SentCounter(database, clock.utc_now)
    stack.push_async_callback(sent.aclose)
    return Consequences(
        Chats(database), limiter, SetAsideMessages(database), sent, Announcements(database), notices
    )
