"""What a listing page says of one story, before it becomes an entry like any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ListedStory:
    """A card of a listing page. ``truncated``: the excerpt ends in an ellipsis, so there is more to read.

    ``when`` are the words of a card that is dated from the reader's day ("2 hours ago"); see
    :mod:`bot.sources.relative_time`.
    """

    title: str | None
    link: str | None
    excerpt: str
    truncated: bool
    published: datetime | None = None
    image_url: str | None = None
    when: str = ""
