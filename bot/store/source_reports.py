"""How each source is doing, for operators: what the worker remembers of it, and when it is polled next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.store import keys
from bot.store.connect import Command, Database
from bot.store.source_states import SourceState, SourceStates


@dataclass(frozen=True, slots=True)
class SourceReport:
    """A source by name; ``next_poll`` is None while it is being polled."""

    name: str
    state: SourceState
    next_poll: datetime | None


class SourceReports:
    """Every source that the workers poll."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._states = SourceStates(database)

    async def all(self) -> list[SourceReport]:
        """All of them, by name. Raises StoreUnavailable."""
        schedule = keys.SOURCE_SCHEDULE
        ranges: list[Command] = [
            ("ZRANGE", key, 0, -1, "WITHSCORES") for key in (schedule.due, schedule.leases)
        ]
        due, leased = await self._database.run_many(ranges)
        polls: dict[str, datetime | None] = {name.decode(): None for name in leased[::2]}
        for name, score in zip(due[::2], due[1::2], strict=True):
            polls.setdefault(name.decode(), datetime.fromtimestamp(float(score) / 1000, UTC))
        names = sorted(polls)
        states = await self._states.get_many(names)
        return [SourceReport(name, state, polls[name]) for name, state in zip(names, states, strict=True)]
