"""What a tap on rates, charts and alerts means; see :mod:`handlers.buttons`."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Convert:
    """Show what an amount of one currency is in another."""

    amount: Decimal
    base: str
    quote: str


class Purpose(enum.StrEnum):
    """What a currency is picked for."""

    CONVERT = "c"
    CHART = "g"
    ALERT = "a"


@dataclass(frozen=True, slots=True)
class PickCurrency:
    """Ask which of these currencies (codes with commas) it should be."""

    purpose: Purpose
    codes: str


@dataclass(frozen=True, slots=True)
class SendConversion:
    """The same as :class:`Convert`, as a message of its own."""

    amount: Decimal
    base: str
    quote: str


@dataclass(frozen=True, slots=True)
class ShowChart:
    """Send the chart of the last days, as a message of its own."""

    base: str
    quote: str
    days: int


@dataclass(frozen=True, slots=True)
class TurnChart:
    """Show the chart of another period, in place of the one shown."""

    base: str
    quote: str
    days: int


@dataclass(frozen=True, slots=True)
class OfferAlert:
    """Ask how far a currency should move for an alert."""

    code: str


@dataclass(frozen=True, slots=True)
class SetAlert:
    """Have an alert when a currency moves so far within a day."""

    code: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class DropAlerts:
    """Have no alerts of a currency."""

    code: str
