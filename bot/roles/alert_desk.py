"""The alert desk: a rate moved, so whom does that concern? It looks at rules, and logs the move for who has them.

The entry goes to the same log as stories, tagged with the rules that the move meets: from there on an alert is
delivered as everything else is, by schedule and cursor. The id of the entry comes from the move, so that a desk which
died in the middle and is followed by another logs nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.briefing.rate_alerts import due_alert
from bot.errors import StoreUnavailable
from bot.model import Article, RateMove, RateRule, Tag
from bot.rate_choice import foreign
from bot.roles.outage import Outage
from bot.store.articles import Articles
from bot.store.rate_moves import LoggedMove, RateMoves
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.5


class AlertDesk:
    """A loop beside the worker's own; any number of processes share the work."""

    def __init__(self, moves: RateMoves, articles: Articles, now: Callable[[], datetime]) -> None:
        self._moves = moves
        self._articles = articles
        self._now = now

    async def run(self, stopping: asyncio.Event) -> None:
        """Deal with moves until told to stop."""
        outage = Outage("rate alerts")
        while not stopping.is_set():
            try:
                dealt_with = await self.deal()
                outage.over()
            except StoreUnavailable as error:
                await outage.wait(error, stopping)
                continue
            if not dealt_with:
                await pause(stopping, LOOK_EVERY_S)

    async def deal(self) -> int:
        """Log the moves that somebody waits for, and return how many moves there were. Raises StoreUnavailable."""
        moves = await self._moves.read()
        for logged in moves:
            currency = foreign(logged.move.new)
            tags = met_rules(await self._moves.rules(currency), logged.move)
            if tags:
                await self._articles.log_unlisted([as_entry(logged, tags, self._now())])
                log.info("rate alert", currency=currency, rules=len(tags))
            await self._moves.forget_unused(currency)
        await self._moves.done(moves)
        return len(moves)


def met_rules(rules: Sequence[RateRule], move: RateMove) -> tuple[Tag, ...]:
    """The tags of the rules that a move meets. Pure."""
    return tuple(rule.tag for rule in rules if due_alert([rule], move.old, move.new))


def as_entry(logged: LoggedMove, tags: tuple[Tag, ...], now: datetime) -> Article:
    """The move as an entry of the log."""
    return Article(
        id=f"rate-{logged.id}",
        title="",
        link=None,
        published=now,
        source=logged.move.new.source,
        summary="",
        topics=tags,
        move=logged.move,
    )
