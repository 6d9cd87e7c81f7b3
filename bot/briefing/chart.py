"""A rate's history as a picture that a person would share: PNG, 1200 × 800, readable on a phone.

Numbers and words in, bytes out. :func:`draw_chart` is the plain way; a bot that draws many keeps its easels,
off the event loop: :class:`~bot.briefing.chart_studio.ChartStudio`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.briefing.chart_easel import Easel
from bot.language import Tongue

DRAWING = 2
"""The version of the drawing: raise it when the picture changes, so that no old one is sent again."""


@dataclass(frozen=True, slots=True)
class ChartOrder:
    """What to draw: ``history`` from the oldest day to the newest, ``title`` and ``footer`` already worded.

    ``unit`` stands after the last value ("KZT"). The values must be above zero.
    """

    history: tuple[tuple[date, Decimal], ...]
    title: str
    unit: str
    footer: str = ""

    def content_key(self, language: str) -> str:
        """A short name of the picture: equal keys, equal pixels. Good for remembering a Telegram file_id by."""
        content = repr((DRAWING, language, self.title, self.unit, self.footer, self.history))
        return hashlib.blake2b(content.encode(), digest_size=12).hexdigest()


def draw_chart(order: ChartOrder, tongue: Tongue, easel: Easel | None = None) -> bytes:
    """The picture, PNG. Raises ValueError for an empty history.

    Takes some 50 ms of a thread, and half a second more the first time. ``easel`` is one to be used again; nobody
    else may draw on it meanwhile.
    """
    if not order.history:
        raise ValueError("a chart needs at least one day")
    return (easel or Easel()).draw(order.history, order.title, order.unit, order.footer, tongue)
