"""What handlers work with, handed to them in one value. The assembly makes it; nothing here is global."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.catalogue import Catalogue
from bot.language import Tongues
from bot.model import Address, Article, Chat, Page, Position, Quote, Tag

Change = Callable[[Chat, Position], Chat]
"""A decision of :mod:`handlers.choices`: chat as it is, log position of now → chat as it shall be."""


class Chats(Protocol):
    """Subscribers, as :class:`bot.store.chats.Chats` keeps them. Everything raises StoreUnavailable."""

    async def get(self, address: Address) -> Chat | None:
        """Give the settings of a chat, or None if it has none stored."""

    async def update(
        self, address: Address, change: Change, *, new: Chat, due_in_s: float | None = None
    ) -> Chat:
        """Change a chat (``new`` if unknown) in one step, have the sender look at it at ``due_in_s``."""

    async def forget(self, address: Address) -> None:
        """Remove every trace of a chat."""


class Articles(Protocol):
    """Stories, as :class:`bot.store.articles.Articles` keeps them. Everything raises StoreUnavailable."""

    async def latest(self, tag: Tag | None, *, offset: int, limit: int) -> Page:
        """Give a page of the stories of a tag (None: of all), newest publication first."""

    async def get(self, ids: Sequence[str]) -> list[Article | None]:
        """Give stories by id; None where one is not kept any more."""


class Rates(Protocol):
    """Exchange rates, as :class:`bot.store.rates.Rates` keeps them. Everything raises StoreUnavailable."""

    async def latest(self) -> Mapping[str, Quote]:
        """Give the current quote against USD (in either direction) of each currency that has one."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the operator set for new chats."""

    language: str
    timezone: str
    briefing_time: dt.time


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a handler may use."""

    chats: Chats
    articles: Articles
    rates: Rates
    catalogue: Catalogue
    tongues: Tongues
    defaults: Defaults
    now: Callable[[], dt.datetime]
