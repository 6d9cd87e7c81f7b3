"""The nouns of the product, as frozen values. Every other room speaks in these; this one imports nothing of ours.

Stages of a story, named by their place in the flow: a :class:`FeedEntry` is what a source said, an
:class:`Article` is the same after tagging, a :class:`LogEntry` is the article at its place in the log.
Times are aware datetimes, money is :class:`~decimal.Decimal`, log positions are integers.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import NewType, Protocol

Tag = NewType("Tag", str)
"""What a chat can follow: a country by its ISO code (``KZ``) or a topic by its catalogue code (``energy``)."""

Position = NewType("Position", int)
"""A place in the article log: the Unix time in milliseconds at which the entry was appended, made unique."""


# ── who reads ────────────────────────────────────────────────────────────────────────────────────────


class ChatKind(enum.StrEnum):
    """The four kinds of chat that Telegram knows."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Mode(enum.StrEnum):
    """How a chat gets its stories."""

    INSTANT = "instant"
    BRIEFING = "briefing"
    BOTH = "both"

    @property
    def pushes(self) -> bool:
        """Whether each story is pushed as it appears."""
        return self is not Mode.BRIEFING


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where a message goes: a chat, or one topic of a forum group."""

    chat_id: int
    thread_id: int | None = None

    def __str__(self) -> str:
        return str(self.chat_id) if self.thread_id is None else f"{self.chat_id}/{self.thread_id}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read what ``str()`` wrote. Raises ValueError on anything else."""
        chat_id, _, thread_id = text.partition("/")
        return cls(int(chat_id), int(thread_id) if thread_id else None)


class Days(enum.StrEnum):
    """The days on which a briefing goes out are a set of ISO weekdays; these two have names of their own."""

    DAILY = "daily"
    WEEKDAYS = "mon-fri"


@dataclass(frozen=True, slots=True)
class BriefingPlan:
    """A briefing at ``at`` (local time of the chat) on the ISO ``weekdays`` (1 is Monday).

    ``first_day`` is the local date before which none goes out. ``since`` is when the time or the zone was changed
    last: a change never makes today's briefing count as missed. ``skip_empty``: no message on days without news.
    """

    at: time
    weekdays: frozenset[int] = frozenset(range(1, 8))
    first_day: date | None = None
    since: datetime | None = None
    skip_empty: bool = False


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times between which pushes wait; ``start`` later than ``end`` spans midnight."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class RateAlert:
    """Tell the chat when ``currency`` moves by ``percent`` within a day, against USD.

    ``since`` is the log position at which the rule was set: what was logged up to there is not owed.
    """

    currency: str
    percent: Decimal
    since: Position = field(default=Position(0), compare=False)

    @property
    def tag(self) -> Tag:
        """The tag of the log entries that this rule is owed: ``$KZT1%``. Equal rules have equal tags."""
        return Tag(f"${self.currency}{_plain(self.percent)}%")


class Side(enum.StrEnum):
    """The side of a line."""

    ABOVE = ">"
    BELOW = "<"


@dataclass(frozen=True, slots=True)
class RateThreshold:
    """Tell the chat when the rate of ``currency`` crosses ``level`` to ``side``.

    The rate is meant as people say it: units for a dollar (``KZT > 510``), but dollars for a euro or a pound.
    """

    currency: str
    side: Side
    level: Decimal
    since: Position = field(default=Position(0), compare=False)

    @property
    def tag(self) -> Tag:
        """The tag of the log entries that this rule is owed: ``$KZT>510``. Equal rules have equal tags."""
        return Tag(f"${self.currency}{self.side}{_plain(self.level)}")


RateRule = RateAlert | RateThreshold


def _plain(number: Decimal) -> str:
    """One spelling of a number: no zeros that carry nothing, no exponent."""
    return f"{number.normalize():f}"


@dataclass(frozen=True, slots=True)
class Chat:
    """A subscriber and everything it chose.

    ``follows`` maps each followed tag to the log position since which it is followed: what was appended up
    to there is not owed. ``gone_since`` is set while Telegram refuses us (blocked, kicked, deactivated).
    ``silent``: pushes arrive without a sound. ``signature`` is a line below each push; both are meant for channels.
    """

    address: Address
    kind: ChatKind
    language: str
    timezone: str
    mode: Mode = Mode.INSTANT
    follows: Mapping[Tag, Position] = field(default_factory=dict)
    briefing: BriefingPlan | None = None
    quiet: QuietHours | None = None
    alerts: tuple[RateRule, ...] = ()
    paused: bool = False
    gone_since: datetime | None = None
    silent: bool = False
    signature: str = ""

    @property
    def reachable(self) -> bool:
        """Whether anything may be pushed to this chat at all."""
        return not self.paused and self.gone_since is None

    @property
    def pushed_tags(self) -> frozenset[Tag]:
        """The tags whose new log entries make this chat due at once."""
        return frozenset(self.owed_since)

    @property
    def owed_since(self) -> Mapping[Tag, Position]:
        """Of which tags the chat is owed the log entries, and since when: stories if it has pushes, and rate alerts."""
        if not self.reachable:
            return {}
        stories = self.follows if self.mode.pushes else {}
        return {**stories, **{rule.tag: rule.since for rule in self.alerts}}


# ── what is read ─────────────────────────────────────────────────────────────────────────────────────


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
    """The rate that stands for a currency is ``new`` now, and was ``old``; None if there was none."""

    new: Quote
    old: Quote | None


@dataclass(frozen=True, slots=True)
class Page:
    """A window of ``articles`` onto a list of ``total``, starting at the zero-based ``offset``."""

    articles: Sequence[Article]
    offset: int
    total: int


# ── what is said ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: ``data`` comes back to the bot (at most 64 bytes), ``url`` opens a page."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What a person will see: Telegram HTML that fits the limits, rows of buttons, at most one link preview."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    preview_url: str | None = None
    silent: bool = False


# ── what became of a message ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram accepted the message."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Later:
    """Not now. The message stays owed, and may be tried again after ``after_s`` seconds.

    ``limited`` tells a 429 (which holds the chat for exactly that long) from trouble on the way.
    ``unsure`` says that the request had been written when the connection broke: it may have arrived.
    """

    after_s: float
    cause: str
    limited: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup: same people, new id."""

    chat_id: int


class GoneReason(enum.StrEnum):
    """Why an address cannot be written to; the last two concern one forum topic, the others the whole chat."""

    BLOCKED = "blocked"
    KICKED = "kicked"
    DEACTIVATED = "deactivated"
    NOT_FOUND = "not found"
    NO_RIGHTS = "no rights"
    FORBIDDEN = "forbidden"
    TOPIC_CLOSED = "topic closed"
    TOPIC_DELETED = "topic deleted"


@dataclass(frozen=True, slots=True)
class Gone:
    """The address cannot be written to any more; the cause is Telegram's description."""

    cause: str
    reason: GoneReason = GoneReason.FORBIDDEN


class RefusedReason(enum.StrEnum):
    """What Telegram did not like about a message. Only ``UNKNOWN`` says nothing about how to mend it."""

    MARKUP = "markup"
    KEYBOARD = "keyboard"
    TOO_LONG = "too long"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will not take this message, in this form, from us; the cause is Telegram's description."""

    cause: str
    reason: RefusedReason = RefusedReason.UNKNOWN


Outcome = Sent | Later | Moved | Gone | Refused


# ── seams: protocols by which rooms use each other without knowing each other ────────────────────────


class Lane(enum.StrEnum):
    """Answers go ahead of pushes."""

    ANSWER = "answer"
    PUSH = "push"


class AnswerPermits(Protocol):
    """Where an answer gets leave to be sent; the store's rate limiter keeps this promise."""

    async def answer(self, chat_id: int | None) -> float:
        """Book the next free slot for an answer and return the seconds to wait before using it.

        ``chat_id`` is ``None`` for calls that write to no chat (answers to button taps).
        Raises StoreUnavailable.
        """

    async def hold(self, chat_id: int | None, retry_after_s: float) -> None:
        """Obey a 429: nothing goes to this chat (or, after a second chat was refused, to any) until then."""
