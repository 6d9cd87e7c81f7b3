"""How many digits of an amount a person wants to see, and of how many units a rate reads best.

Decimals in and out; the reader's :class:`~bot.language.Tongue` writes them. (For a unit price see
:func:`bot.briefing.rates_table.presentable`.)
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_LOTS = (1, 10, 100, 1000, 10_000, 100_000)
_SMALLEST_READABLE = Decimal("0.1")
_CENT = Decimal("0.01")
_SIGNIFICANT = 3  # digits of an amount below one cent's reach


def money(value: Decimal) -> Decimal:
    """An amount as in a bill: two decimals; three significant digits where two decimals would hide it.

    12345.678 → 12345.68, 0.5 → 0.50, 0.01 → 0.01, 0.0123 → 0.0123, 0.000081234 → 0.0000812.
    """
    small = 0 < abs(value) < _SMALLEST_READABLE
    places = _SIGNIFICANT - 1 - value.adjusted() if small else 2
    shown = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP).normalize()
    exponent = shown.as_tuple().exponent
    return shown.quantize(_CENT) if isinstance(exponent, int) and exponent > -2 else shown


def readable_lot(value: Decimal) -> int:
    """The round number of units whose price is no string of zeros: 100 for 0.00198 ("100 KZT = 0.20 USD")."""
    return next((lot for lot in _LOTS if value * lot >= _SMALLEST_READABLE), _LOTS[-1])
