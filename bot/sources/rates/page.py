"""What a rates format is given besides the bytes: the few things that a page does not say about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RatesPage:
    """The circumstances of one fetched page of rates.

    ``source`` is the name from the sources file; quotes carry it. ``content_type`` is the header as it came.
    ``today`` is the date of the fetch, for pages that name none. ``requested`` is the date that the address
    asked for (``{date:…}``), or None where the address has no date.
    """

    source: str
    content_type: str | None
    today: date
    requested: date | None = None
