"""What is read: stories and rates, by their stages.

A :class:`FeedEntry` is what a source said, an :class:`Article` is the same after tagging, a :class:`LogEntry` is the
article at its place in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b

from bot.model.readers import Position, Tag


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a news source, cleaned: plain text, absolute link, aware time, stable identity.

    ``identity`` is the guid, else the canonical link, else title and source. ``published`` is ``None`` where the
    source gives no usable date. ``text`` is the longest plain text that the source carries (may be empty).
    """

    identity: str
    title: str
    link: str | None
    published: datetime | None
    text: str
    categories: tuple[str, ...] = ()
    image_url: str | None = None
    language: str | None = None

    @property
    def raw_mark(self) -> str:
        """A fingerprint of title and text. Entries that are read late have one of what they are read from."""
        return self.said[:8]

    @property
    def said(self) -> str:
        """Sixteen letters and digits that change when title or text does."""
        words = f"{self.title}\0{self.text}".encode("utf-8", "replace")
        return blake2b(words, digest_size=8).hexdigest()

    def whole(self) -> FeedEntry:
        """The entry itself: nothing is left to read."""
        return self


@dataclass(frozen=True, slots=True)
class Article:
    """A story as it is stored and shown: a tagged entry, once, whatever number of sources carry it.

    ``sources`` are those that told the same besides ``source``; ``corrected`` is when ``source`` changed title or text.
    ``said`` is a fingerprint of the source's own words, by which a correction is noticed whatever we make of them.
    ``id`` is short and stable (it fits into button data). ``countries`` and ``topics`` have the main one first.
    ``aliases`` are identities under which the story must not be stored a second time. With a ``move`` it is no story,
    but a rate that moved, tagged with the alerts that it meets.
    """

    id: str
    title: str
    link: str | None
    published: datetime
    source: str
    summary: str
    countries: tuple[Tag, ...] = ()
    topics: tuple[Tag, ...] = ()
    image_url: str | None = None
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    corrected: datetime | None = None
    said: str = ""
    move: RateMove | None = None

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Everything that a chat could follow to get this story."""
        return self.countries + self.topics


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An article at its place in the log. A chat is owed the entries after its cursor that match its follows."""

    position: Position
    article: Article


@dataclass(frozen=True, slots=True)
class Quote:
    """``1 base = value quote``, as ``source`` published it for ``as_of``.

    ``change_percent`` is the change of ``value`` against the fixing before, where it is known.
    """

    base: str
    quote: str
    value: Decimal
    as_of: date
    source: str
    change_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Fixing:
    """The last word of one source: ``quote`` has the dollar on one side, ``previous`` is its fixing of an earlier day.

    ``format`` is how the source writes, which tells whose bank it is.
    """

    quote: Quote
    format: str
    previous: Quote | None = None


@dataclass(frozen=True, slots=True)
class RateMove:
    """The rate that stands for a currency is ``new`` now, and was ``old``; None if there was none.

    ``credit`` is the text that the source of ``new`` asks to be named with.
    """

    new: Quote
    old: Quote | None
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A window of ``articles`` onto a list of ``total``, starting at the zero-based ``offset``."""

    articles: Sequence[Article]
    offset: int
    total: int
