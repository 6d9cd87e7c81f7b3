"""What a listing page says of one story, before it becomes an entry like any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ListedStory:
    """A card of a listing page. ``truncated``: the excerpt ends in an ellipsis, so there is more to read."""

    title: str | None
    link: str | None
    excerpt: str
    truncated: bool
    published: datetime | None = None
    image_url: str | None = None
