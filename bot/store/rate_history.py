"""The history of rates: one point for each currency, source and day, a hash for each month.

A month's hash stays in Redis' compact encoding and carries its own lifetime, so nothing has to be trimmed: 400 days
of 450 series take some three megabytes. :class:`bot.store.rates.Rates` writes, charts read.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from bot.errors import StoreCorrupted
from bot.model import Quote
from bot.rate_choice import USD
from bot.store import keys
from bot.store.connect import Command, Database

_TURNED = "/"
"""In front of a value that was published as dollars for a unit."""

History = tuple[tuple[date, Decimal], ...]


class RateHistory:
    """Points of the past."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, currency: str, source: str, first: date, last: date) -> History:
        """The units for a dollar on each day that has a fixing, oldest first, in one round trip.

        Raises StoreUnavailable.
        """
        months = list(_months(first, last))
        commands: list[Command] = [
            ("HGETALL", keys.rate_history(currency, source, month)) for month in months
        ]
        points = [
            (month.replace(day=int(day)), _per_dollar(value.decode()))
            for month, stored in zip(months, await self._database.run_many(commands), strict=True)
            for day, value in stored.items()
        ]
        return tuple(sorted(point for point in points if first <= point[0] <= last))


def history_value(quote: Quote) -> str:
    """A value as history keeps it: units for a dollar, or, marked, dollars for a unit; every digit as published."""
    return f"{quote.value:f}" if quote.base == USD else f"{_TURNED}{quote.value:f}"


def history_end_ms(day: date, kept_days: int) -> int:
    """When the month of ``day`` is forgotten, in ms of Unix time: so long after its last day."""
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=kept_days + 1)
    return int(end.timestamp() * 1000)


def _per_dollar(stored: str) -> Decimal:
    try:
        return 1 / Decimal(stored[1:]) if stored.startswith(_TURNED) else Decimal(stored)
    except InvalidOperation as error:
        raise StoreCorrupted(f"a stored rate cannot be read: {stored!r}") from error


def _months(first: date, last: date) -> Iterator[date]:
    """The first day of every month between the two."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
