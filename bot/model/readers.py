"""Who reads: a chat, and everything that it chose."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import NewType

Tag = NewType("Tag", str)
"""What a chat can follow: a country by its ISO code (``KZ``) or a topic by its catalogue code (``energy``)."""

Position = NewType("Position", int)
"""A place in the article log: the Unix time in milliseconds at which the entry was appended, made unique."""


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
    ``rates``: exchange rates stand below the stories.
    """

    at: time
    weekdays: frozenset[int] = frozenset(range(1, 8))
    first_day: date | None = None
    since: datetime | None = None
    skip_empty: bool = False
    rates: bool = True


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
        if not self.alerts:
            return stories
        return {**stories, **{rule.tag: rule.since for rule in self.alerts}}
