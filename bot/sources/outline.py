"""An entry as far as it takes to know it again: :class:`Outline`, and the one that a feed's item makes.

A poll brings a hundred entries of which ninety-nine are known. Turning the HTML of each into plain text costs fifty
times what reading the feed costs, so it waits until somebody asks for the :meth:`Outline.whole` entry: the news desk
does for what is new or edited. Pages whose entries are read in one go give :class:`~bot.model.FeedEntry`, which is an
outline too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any, Protocol

from bot.model import FeedEntry
from bot.sources import feed_entry

Raw = Mapping[str, Any]

_PIECE = 65_536  # characters; a text of megabytes is not copied as a whole


class Outline(Protocol):
    """What tells an entry from all others, and whether its source still says the same."""

    @property
    def identity(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def link(self) -> str | None: ...  # noqa: D102
    @property
    def published(self) -> datetime | None: ...  # noqa: D102
    @property
    def raw_mark(self) -> str:
        """A fingerprint of title and text as the source spells them: the same mark, the same words."""
        ...

    def whole(self) -> FeedEntry:
        """The entry with its text, picture and categories; long texts take milliseconds."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an item does not say itself: where its links start from, whose it is, when it was read, its language."""

    base: str
    source: str
    now: datetime
    language: str | None = None


class RawOutline:
    """An item in feedparser's shape, read as far as it is asked for, and each part once."""

    def __init__(self, raw: Raw, around: Surroundings) -> None:
        self._raw = raw
        self._around = around

    @cached_property
    def identity(self) -> str:
        """The id that the source gives, else what stays when the story is edited."""
        given = feed_entry.given_id(self._raw)
        if given or self.link:
            return given or feed_entry.fallback_identity(self.title, self.link, "", self._around.source)
        return self.whole().identity

    @cached_property
    def title(self) -> str:
        """One plain line, or nothing."""
        return feed_entry.title_of(self._raw)

    @cached_property
    def link(self) -> str | None:
        """The absolute address of the page to read."""
        return feed_entry.link_of(self._raw, self._around.base)

    @cached_property
    def published(self) -> datetime | None:
        """When, aware and not in the future."""
        return feed_entry.published_of(self._raw, self._around.now)

    @cached_property
    def raw_mark(self) -> str:
        """Eight letters and digits of when the source edited it, where it says so, else of its title and bodies."""
        edited = self._raw.get("edited")
        said = (self.title, *feed_entry.bodies_of(self._raw)) if edited is None else (str(edited),)
        mark = blake2b(digest_size=4)
        for number, part in enumerate(said):
            mark.update(b"\0" if number else b"")
            for start in range(0, len(part), _PIECE):
                mark.update(part[start : start + _PIECE].encode("utf-8", "replace"))
        return mark.hexdigest()

    def whole(self) -> FeedEntry:
        """Everything, read now (see :func:`bot.sources.feed_entry.read_entry`), and not kept: texts are long."""
        around = self._around
        return feed_entry.read_entry(
            self._raw, base=around.base, source=around.source, now=around.now, language=around.language
        )
