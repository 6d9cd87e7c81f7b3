"""Rates that the outlier guard holds back: for operators to see, and to be judged again when others have spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import msgpack

from bot.errors import StoreCorrupted
from bot.model import Quote
from bot.rate_choice import foreign
from bot.store import keys
from bot.store.connect import Command, Database
from bot.store.packing import pack_quote, unpack_quote

LIFETIME_S = 14 * 86_400
"""After that nothing of today confirms it any more."""


@dataclass(frozen=True, slots=True)
class HeldRate:
    """``quote`` of a source of ``format`` is ``moved_percent`` away from ``compared_with``."""

    quote: Quote
    format: str
    compared_with: Quote
    moved_percent: Decimal

    @property
    def name(self) -> str:
        """What there can be one of: a currency, source and day."""
        return f"{foreign(self.quote)}|{self.quote.source}|{self.quote.as_of.isoformat()}"


class HeldRates:
    """Everything that is held back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[HeldRate]:
        """All of it, newest day first. Raises StoreUnavailable."""
        stored = await self._database.run(("HGETALL", keys.HELD_RATES))
        held = [_unpack(packed) for packed in stored.values()]
        return sorted(held, key=lambda rate: (rate.quote.as_of, rate.name), reverse=True)

    async def change(self, hold: Sequence[HeldRate], release: Sequence[HeldRate]) -> None:
        """Hold these back, and those no longer. Raises StoreUnavailable."""
        commands: list[Command] = []
        if release:
            commands.append(("HDEL", keys.HELD_RATES, *(rate.name for rate in release)))
        if hold:
            flat = [part for rate in hold for part in (rate.name, _pack(rate))]
            commands += [("HSET", keys.HELD_RATES, *flat), ("EXPIRE", keys.HELD_RATES, LIFETIME_S)]
        await self._database.run_many(commands)


def _pack(held: HeldRate) -> bytes:
    packed: bytes = msgpack.packb(
        [pack_quote(held.quote), held.format, pack_quote(held.compared_with), str(held.moved_percent)]
    )
    return packed


def _unpack(packed: bytes) -> HeldRate:
    try:
        quote, source_format, compared_with, moved = msgpack.unpackb(packed)
        return HeldRate(unpack_quote(quote), source_format, unpack_quote(compared_with), Decimal(moved))
    except (ValueError, ArithmeticError, TypeError, msgpack.UnpackException) as error:
        raise StoreCorrupted(f"a held rate cannot be read: {error!r}") from error
