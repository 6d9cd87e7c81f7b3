"""Invented exchange rates for the demo: a bank's table with a year of history, and a newspaper's ticker.

Pure functions of the time: who asks twice for one time gets the same, so the past does not change behind a chart.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

IN_DOLLARS = {
    "KGS": Decimal("0.01144"),
    "KZT": Decimal("0.00198"),
    "TJS": Decimal("0.10870"),
    "UZS": Decimal("0.0000829"),
    "TMT": 1 / Decimal("3.5"),
}
DOLLARS_FOR_A_EURO = Decimal("1.1500")
OTHERS = {"RUB": Decimal("0.0125"), "CNY": Decimal("0.1389"), "GBP": Decimal("1.3400")}
HISTORY_DAYS = 400
FIXED_AT = time(9)  # UTC
DAY_S = 86_400

# How rates sway: the period in days, and how far, in parts of the rate.
_WAVES = ((211, 0.035), (47, 0.012), (9, 0.006), (1, 0.002))


@dataclass(frozen=True, slots=True)
class SampleRates:
    """Rates that drift a little from hour to hour."""

    def ticker(self, now: datetime) -> str:
        """Lines as a newspaper's ticker prints them: ``KZT/USD = 0.00198 -0%``."""
        lines = [f"{now:%d %B %Y}", ""]
        for code, base in IN_DOLLARS.items():
            value = base * (1 + _drift(code, now))
            change = (_drift(code, now) - _drift(code, now - timedelta(days=1))) * 100
            lines.append(f"{code}/USD = {value:.4g} {change:+.2f}%")
        return "\n".join(lines) + "\n"

    def table(self, now: datetime) -> str:
        """Every weekday of the last HISTORY_DAYS and today, as the European Central Bank's CSV has it."""
        lines = ["CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE"]
        for at in _fixings(now):
            euro = DOLLARS_FOR_A_EURO * (1 + _drift("EUR", at))
            lines.append(f"USD,EUR,{at:%Y-%m-%d},{euro:.4f}")
            for code, base in (IN_DOLLARS | OTHERS).items():
                for_a_euro = round(euro, 4) / (base * (1 + _drift(code, at)))
                lines.append(f"{code},EUR,{at:%Y-%m-%d},{for_a_euro:.7g}")
        return "\n".join(lines) + "\n"


def _fixings(now: datetime) -> Iterator[datetime]:
    """When the bank looked at the market: each weekday in the morning, and today at the full hour."""
    for age in range(HISTORY_DAYS, 0, -1):
        day = now.date() - timedelta(days=age)
        if day.isoweekday() <= 5:
            yield datetime.combine(day, FIXED_AT, now.tzinfo)
    yield now.replace(minute=0, second=0, microsecond=0)


def _drift(code: str, at: datetime) -> Decimal:
    if code == "TMT":
        return Decimal(0)  # the manat is pegged
    seeds = hashlib.sha256(code.encode()).digest()
    days = at.timestamp() / DAY_S
    sway = sum(
        size * math.sin(2 * math.pi * (days / period + seeds[number] / 256))
        for number, (period, size) in enumerate(_WAVES)
    )
    return Decimal(f"{sway + _whim(code, at):.6f}")


def _whim(code: str, at: datetime) -> float:
    """What no wave explains: up to a quarter of a per cent either way, another each day."""
    return (hashlib.sha256(f"{code} {at:%Y-%m-%d}".encode()).digest()[0] / 255 - 0.5) * 0.005
