"""Numbers and dates as banks print them: ``1 560,02``, ``0.4``, ``+0.02``, ``25.04.2026``, ``2026-04-25``.

Text in, :class:`~decimal.Decimal` or :class:`~datetime.date` out, exactly as printed; None for anything else.
The formats of this room call it; nothing here knows a bank.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_AMOUNT = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,20})?", re.ASCII)
_DATE_DOTTED = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})", re.ASCII)
_DATE_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_SPACES = re.compile(r"\s")


def read_amount(printed: str) -> Decimal | None:
    """The number, with comma or dot as its decimal sign and spaces between its thousands.

    Where both signs appear the later one is the decimal sign. Longer numbers than any rate needs are refused.
    """
    tight = _SPACES.sub("", printed)
    grouping = "," if tight.rfind(",") < tight.rfind(".") else "."
    plain = tight.replace(grouping, "") if "," in tight and "." in tight else tight
    plain = plain.replace(",", ".")
    return Decimal(plain) if _AMOUNT.fullmatch(plain) else None


def read_day(printed: str) -> date | None:
    """The date, written ``dd.mm.yyyy`` or ISO."""
    printed = printed.strip()
    if dotted := _DATE_DOTTED.fullmatch(printed):
        day, month, year = (int(part) for part in dotted.groups())
    elif iso := _DATE_ISO.fullmatch(printed):
        year, month, day = (int(part) for part in iso.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None  # the 31st of February and its kind
