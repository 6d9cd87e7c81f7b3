"""What a tap on the settings means; see :mod:`handlers.buttons`."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from bot.model import Mode


class Section(enum.StrEnum):
    """A part of the settings that has a view of its own; ALL is the overview."""

    ALL = "a"
    MODE = "m"
    BRIEFING = "b"
    QUIET = "q"
    TIMEZONE = "z"
    LANGUAGE = "l"
    POSTS = "p"


@dataclass(frozen=True, slots=True)
class Open:
    """Turn the message into a section of the settings."""

    section: Section


@dataclass(frozen=True, slots=True)
class SetMode:
    """Choose how stories come."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class PlanBriefing:
    """Have the briefing at this local time on these ISO weekdays."""

    at: dt.time
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class StopBriefing:
    """Have no briefing; from the settings."""


@dataclass(frozen=True, slots=True)
class SkipEmptyDays:
    """Get no briefing on days without news."""


@dataclass(frozen=True, slots=True)
class BriefWithRates:
    """Exchange rates below the briefing."""


@dataclass(frozen=True, slots=True)
class BriefWithoutRates:
    """No exchange rates below it."""


@dataclass(frozen=True, slots=True)
class BriefEveryDay:
    """Get a line and the rates on such days."""


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """Let pushes wait between these local times."""

    start: dt.time
    end: dt.time


@dataclass(frozen=True, slots=True)
class NoQuiet:
    """Have no quiet hours."""


@dataclass(frozen=True, slots=True)
class SetTimezone:
    """Live by the clock of this IANA zone."""

    zone: str


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Speak this language."""

    code: str


@dataclass(frozen=True, slots=True)
class PostSilently:
    """Let a channel's posts arrive without a sound."""


@dataclass(frozen=True, slots=True)
class PostAloud:
    """Let them arrive with one."""


@dataclass(frozen=True, slots=True)
class NoSignature:
    """Have no line below a channel's posts."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Post nothing until further notice."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Post again, from now on."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget everything about this chat: the second step of /delete."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Do not forget, after all."""
