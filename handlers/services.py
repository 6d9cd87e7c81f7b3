"""What handlers work with, handed to them in one value. The assembly makes it; nothing here is global."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from bot.briefing.chart_studio import ChartStudio
from bot.briefing.currency_names import CurrencyNames
from bot.catalogue import Catalogue
from bot.language import Tongues
from bot.store.articles import Articles
from bot.store.chats import Chats
from bot.store.pictures import Pictures
from bot.store.rate_history import RateHistory
from bot.store.rates import Rates
from bot.store.search import Search
from bot.store.statistics import Activity
from handlers.desk import Desk
from handlers.live import LiveMessages


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the operator set for new chats."""

    language: str
    timezone: str
    briefing_time: dt.time


@dataclass(frozen=True)
class Services:
    """Everything that a handler may use. ``operators`` are the user ids of ``ADMIN_IDS``."""

    chats: Chats
    articles: Articles
    rates: Rates
    history: RateHistory
    pictures: Pictures
    catalogue: Catalogue
    tongues: Tongues
    defaults: Defaults
    now: Callable[[], dt.datetime]
    search: Search
    desk: Desk
    operators: frozenset[int] = frozenset()
    charts: ChartStudio = field(default_factory=ChartStudio)
    live: LiveMessages = field(default_factory=LiveMessages)

    @property
    def activity(self) -> Activity:
        """Where it is noted that a chat asked something."""
        return self.desk.activity

    @cached_property
    def currency_names(self) -> CurrencyNames:
        """Every way to name money; its index is built when somebody first does."""
        return CurrencyNames(self.catalogue)
