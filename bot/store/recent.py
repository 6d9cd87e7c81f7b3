"""The articles of the last day and a half as every sender holds them: briefings are chosen from these.

Read anew once a minute at most, in three round trips, and only the articles that are not known yet; all chats share
them, so a briefing asks Redis for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.model import Article, Quote
from bot.store.articles import Articles
from bot.store.rates import Rates

FRESH = timedelta(minutes=1)


class Recent:
    """Articles published within ``window``, and the newest quotes."""

    def __init__(self, articles: Articles, rates: Rates, window: timedelta) -> None:
        self._articles = articles
        self._rates = rates
        self._window = window
        self._known: dict[str, Article] = {}
        self._read_at: datetime | None = None
        self.articles: Sequence[Article] = ()
        self.quotes: Mapping[str, Quote] = {}
        self.credits: Mapping[str, str] = {}
        """What sources of quotes ask to be named with, by source."""
        self.edition = 0
        """Grows with each reading, so that whoever sorts the articles knows when to sort again."""

    async def refresh(self, now: datetime) -> None:
        """Read what is new, unless that was done within a minute of ``now``. Raises StoreUnavailable."""
        if self._read_at is not None and abs(now - self._read_at) < FRESH:
            return
        ids = await self._articles.ids_since(now - self._window)
        missing = [article_id for article_id in ids if article_id not in self._known]
        fetched = await self._articles.get(missing)
        self._known = {article_id: self._known[article_id] for article_id in ids if article_id in self._known}
        self._known |= {article.id: article for article in fetched if article}
        self.articles = tuple(self._known.values())
        self.quotes = await self._rates.latest()
        self.credits = await self._rates.credits()
        self.edition += 1
        self._read_at = now
