"""The outlier guard: is a new rate news, or a slip of somebody's finger?

Banks do publish wrong figures: Uzbekistan's printed the Turkmen manat at 4037.68 sum on 1 April 2026 and at
3471.38 two days later, while nothing had happened. :func:`judge` is a pure decision; the worker asks it for
every new quote, stores what is accepted, shows operators what is held, and asks again when another source or
the next fixing has spoken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from bot.model import Quote

LIMIT_PERCENT = Decimal(10)
_FRESH = timedelta(days=7)  # a witness from last month proves nothing about today


@dataclass(frozen=True, slots=True)
class Accepted:
    """The quote may be stored and shown."""

    quote: Quote


@dataclass(frozen=True, slots=True)
class Held:
    """The quote waits for a witness: it is ``moved_percent`` away from ``compared_with``."""

    quote: Quote
    compared_with: Quote
    moved_percent: Decimal


def judge(
    new: Quote,
    previous: Quote | None,
    witnesses: Iterable[Quote] = (),
    limit_percent: Decimal = LIMIT_PERCENT,
) -> Accepted | Held:
    """Decide about ``new``, given the last accepted quote of the same source and pair.

    ``witnesses`` are what else is known of the pair, in either direction: quotes of other sources, pegs, and
    quotes of the same source that were held on other days. One that agrees within half the limit confirms any
    move. With no ``previous``, witnesses that all disagree hold the very first quote back.
    """
    if previous is not None and abs(_moved(new.value, previous.value)) <= limit_percent:
        return Accepted(new)
    testimonies = [told for witness in witnesses if (told := _testimony(witness, new))]
    nearest = min(testimonies, key=lambda told: abs(_moved(new.value, told.value)), default=None)
    if nearest and abs(_moved(new.value, nearest.value)) <= limit_percent / 2:
        return Accepted(new)
    against = previous or nearest
    if against is None or abs(moved := _moved(new.value, against.value)) <= limit_percent:
        return Accepted(new)
    return Held(new, against, moved)


def _testimony(witness: Quote, new: Quote) -> Quote | None:
    """The witness in the direction of ``new``; None where it is of another pair, time, or is ``new``."""
    same_page = (witness.source, witness.as_of) == (new.source, new.as_of)
    if same_page or abs(witness.as_of - new.as_of) > _FRESH or witness.value <= 0:
        return None
    if (witness.base, witness.quote) == (new.base, new.quote):
        return witness
    if (witness.base, witness.quote) == (new.quote, new.base):
        return replace(witness, base=new.base, quote=new.quote, value=1 / witness.value, change_percent=None)
    return None


def _moved(value: Decimal, before: Decimal) -> Decimal:
    return (value / before - 1) * 100
