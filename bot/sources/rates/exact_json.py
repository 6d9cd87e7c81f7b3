"""JSON with every number kept as the characters that were printed: ``0.1`` stays ``0.1``, ``1e-05`` is exact.

Bytes in, plain values out; the ``cbu``, ``ecb`` and ``er-api`` formats call it. The standard library reads it, because
the faster parsers turn numbers into binary floats on the way.
"""

from __future__ import annotations

import json
from decimal import Decimal

from bot.errors import FormatError

_LONGEST_NUMBER = 40


def read_json(body: bytes) -> object:
    """The document, its numbers as strings. Raises FormatError."""
    try:
        value: object = json.loads(body, parse_float=_number, parse_int=_number, parse_constant=_number)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"no readable JSON: {error}") from error
    return value


def _number(printed: str) -> str:
    """Exponents written out, so that one reader serves all; senseless numbers left alone."""
    if len(printed) > _LONGEST_NUMBER or not {"e", "E"} & set(printed):
        return printed
    number = Decimal(printed)
    return f"{number:f}" if abs(number.adjusted()) <= _LONGEST_NUMBER else printed
