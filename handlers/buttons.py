"""What a tap means: each kind of button is a small value, and its data carries the whole of it.

``encode`` makes the data of a button (at most 64 bytes, Telegram's limit), ``decode`` reads it back. No
state is kept between the two, so any process can answer any button, however old; data that nobody here
wrote decodes to None. A tap says what shall be (follow, unfollow), never "the other way round": tapping
twice is harmless.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from dataclasses import dataclass
from decimal import Decimal

from bot.model import Mode, Tag
from handlers.button_fields import readers_of, written

MOST_BYTES = 64
_SEPARATOR = ":"


class View(enum.StrEnum):
    """The message on which a follow button stands, so that it can be drawn again after the tap."""

    WELCOME = "w"
    EVERYTHING = "e"
    SUBSCRIPTIONS = "s"


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
class Follow:
    """Follow a country or topic."""

    tag: Tag
    view: View


@dataclass(frozen=True, slots=True)
class Unfollow:
    """Stop following a country or topic."""

    tag: Tag
    view: View


@dataclass(frozen=True, slots=True)
class Show:
    """Turn the message into another view."""

    view: View


@dataclass(frozen=True, slots=True)
class MorningBriefing:
    """Have the briefing at the default time, besides the stories as they appear; from the welcome."""


@dataclass(frozen=True, slots=True)
class NoBriefing:
    """The reverse of :class:`MorningBriefing`; from the welcome."""


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Show the latest stories of a tag (None: of all) from this offset on, in place of the page shown."""

    tag: Tag | None
    offset: int


@dataclass(frozen=True, slots=True)
class ShowLatest:
    """Send the first page of the latest stories of a tag (None: of all) as a message of its own."""

    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class ShowRest:
    """Send what a briefing left out as a message of its own: it looked back to minute ``since``, until ``until``.

    Both are minutes since 1970.
    """

    since: int
    until: int


@dataclass(frozen=True, slots=True)
class TurnRest:
    """Show another page of it, in place of the page shown."""

    since: int
    until: int
    offset: int


@dataclass(frozen=True, slots=True)
class ShowStory:
    """Send the card of a story as a message of its own."""

    article_id: str


@dataclass(frozen=True, slots=True)
class SendSection:
    """Send a section of the settings as a message of its own; from below a briefing, which shall stay."""

    section: Section


@dataclass(frozen=True, slots=True)
class SendView:
    """Send a follow keyboard as a message of its own."""

    view: View


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
class Forget:
    """Forget everything about this chat: the second step of /delete."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Do not forget, after all."""


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
class TurnFound:
    """Show what was found for these words from this offset on, in place of the page shown."""

    offset: int
    words: str


@dataclass(frozen=True, slots=True)
class Announce:
    """Send the announcement that was previewed; for operators."""

    announcement: str


@dataclass(frozen=True, slots=True)
class DropAnnouncement:
    """Do not send the announcement, or stop sending it; for operators."""

    announcement: str


@dataclass(frozen=True, slots=True)
class WatchAnnouncement:
    """Show how far an announcement has come, for a while; for operators."""

    announcement: str


@dataclass(frozen=True, slots=True)
class Convert:
    """Show what an amount of one currency is in another."""

    amount: Decimal
    base: str
    quote: str


class Purpose(enum.StrEnum):
    """What a currency is picked for."""

    CONVERT = "c"
    CHART = "g"
    ALERT = "a"


@dataclass(frozen=True, slots=True)
class PickCurrency:
    """Ask which of these currencies (codes with commas) it should be."""

    purpose: Purpose
    codes: str


@dataclass(frozen=True, slots=True)
class SendConversion:
    """The same as :class:`Convert`, as a message of its own."""

    amount: Decimal
    base: str
    quote: str


@dataclass(frozen=True, slots=True)
class ShowChart:
    """Send the chart of the last days, as a message of its own."""

    base: str
    quote: str
    days: int


@dataclass(frozen=True, slots=True)
class TurnChart:
    """Show the chart of another period, in place of the one shown."""

    base: str
    quote: str
    days: int


@dataclass(frozen=True, slots=True)
class OfferAlert:
    """Ask how far a currency should move for an alert."""

    code: str


@dataclass(frozen=True, slots=True)
class SetAlert:
    """Have an alert when a currency moves so far within a day."""

    code: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class DropAlerts:
    """Have no alerts of a currency."""

    code: str


Tap = (
    Follow
    | Unfollow
    | Show
    | MorningBriefing
    | NoBriefing
    | TurnPage
    | ShowLatest
    | ShowRest
    | TurnRest
    | ShowStory
    | SendSection
    | SendView
    | Open
    | SetMode
    | PlanBriefing
    | StopBriefing
    | SkipEmptyDays
    | BriefEveryDay
    | SetQuiet
    | NoQuiet
    | SetTimezone
    | SetLanguage
    | Forget
    | Keep
    | Convert
    | PickCurrency
    | SendConversion
    | ShowChart
    | TurnChart
    | OfferAlert
    | SetAlert
    | DropAlerts
    | PostSilently
    | PostAloud
    | NoSignature
    | Pause
    | Resume
    | TurnFound
    | Announce
    | DropAnnouncement
    | WatchAnnouncement
)

# The letters are what is written on buttons in people's chats: never reuse one for another meaning.
_KINDS: dict[str, type[Tap]] = {
    "f": Follow,
    "u": Unfollow,
    "v": Show,
    "b": MorningBriefing,
    "n": NoBriefing,
    "p": TurnPage,
    "l": ShowLatest,
    "c": ShowStory,
    "e": SendSection,
    "w": SendView,
    "o": Open,
    "m": SetMode,
    "t": PlanBriefing,
    "x": StopBriefing,
    "E": SkipEmptyDays,
    "G": BriefEveryDay,
    "B": ShowRest,
    "T": TurnRest,
    "q": SetQuiet,
    "y": NoQuiet,
    "z": SetTimezone,
    "a": SetLanguage,
    "d": Forget,
    "k": Keep,
    "r": Convert,
    "C": PickCurrency,
    "V": SendConversion,
    "Y": ShowChart,
    "U": TurnChart,
    "O": OfferAlert,
    "H": SetAlert,
    "D": DropAlerts,
    "S": PostSilently,
    "L": PostAloud,
    "N": NoSignature,
    "P": Pause,
    "R": Resume,
    "F": TurnFound,
    "A": Announce,
    "X": DropAnnouncement,
    "W": WatchAnnouncement,
}
_LETTERS = {kind: letter for letter, kind in _KINDS.items()}


def encode(tap: Tap) -> str:
    """Write a tap as button data. Raises ValueError if it does not fit, which is a mistake of ours."""
    values = (getattr(tap, field.name) for field in dataclasses.fields(tap))
    parts = [_LETTERS[type(tap)], *map(written, values)]
    data = _SEPARATOR.join(parts)
    if len(data.encode()) > MOST_BYTES or any(_SEPARATOR in part for part in parts):
        raise ValueError(f"cannot be written as button data: {tap!r}")
    return data


def decode(data: str) -> Tap | None:
    """Read button data; None for what ``encode`` never wrote."""
    letter, *parts = data.split(_SEPARATOR)
    kind = _KINDS.get(letter)
    if kind is None:
        return None
    readers = readers_of(kind)
    if len(parts) != len(readers):
        return None
    try:
        return kind(*(read(part) for read, part in zip(readers, parts, strict=True)))
    except ValueError:
        return None
