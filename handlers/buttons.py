"""What a tap means: each kind of button is a small value (:mod:`handlers.taps`), and its data carries the whole of it.

``encode`` makes the data of a button (at most 64 bytes, Telegram's limit), ``decode`` reads it back. No
state is kept between the two, so any process can answer any button, however old; data that nobody here
wrote decodes to None. A tap says what shall be (follow, unfollow), never "the other way round": tapping
twice is harmless.
"""

from __future__ import annotations

import dataclasses

from handlers.button_fields import readers_of, written
from handlers.taps.following import (
    Follow,
    MorningBriefing,
    NoBriefing,
    Show,
    Unfollow,
    View,
)
from handlers.taps.operators import (
    Announce,
    DropAnnouncement,
    WatchAnnouncement,
)
from handlers.taps.rates import (
    Convert,
    DropAlerts,
    OfferAlert,
    PickCurrency,
    Purpose,
    SendConversion,
    SetAlert,
    ShowChart,
    TurnChart,
)
from handlers.taps.reading import (
    SendSection,
    SendView,
    ShowLatest,
    ShowRest,
    ShowStory,
    TurnFound,
    TurnPage,
    TurnRest,
)
from handlers.taps.settings import (
    BriefEveryDay,
    BriefWithoutRates,
    BriefWithRates,
    Forget,
    Keep,
    NoQuiet,
    NoSignature,
    Open,
    Pause,
    PlanBriefing,
    PostAloud,
    PostSilently,
    Resume,
    Section,
    SetLanguage,
    SetMode,
    SetQuiet,
    SetTimezone,
    SkipEmptyDays,
    StopBriefing,
)

__all__ = [
    "MOST_BYTES",
    "Announce",
    "BriefEveryDay",
    "BriefWithRates",
    "BriefWithoutRates",
    "Convert",
    "DropAlerts",
    "DropAnnouncement",
    "Follow",
    "Forget",
    "Keep",
    "MorningBriefing",
    "NoBriefing",
    "NoQuiet",
    "NoSignature",
    "OfferAlert",
    "Open",
    "Pause",
    "PickCurrency",
    "PlanBriefing",
    "PostAloud",
    "PostSilently",
    "Purpose",
    "Resume",
    "Section",
    "SendConversion",
    "SendSection",
    "SendView",
    "SetAlert",
    "SetLanguage",
    "SetMode",
    "SetQuiet",
    "SetTimezone",
    "Show",
    "ShowChart",
    "ShowLatest",
    "ShowRest",
    "ShowStory",
    "SkipEmptyDays",
    "StopBriefing",
    "Tap",
    "TurnChart",
    "TurnFound",
    "TurnPage",
    "TurnRest",
    "Unfollow",
    "View",
    "WatchAnnouncement",
    "decode",
    "encode",
]

MOST_BYTES = 64
_SEPARATOR = ":"

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
    | BriefWithRates
    | BriefWithoutRates
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
    "I": BriefWithRates,
    "J": BriefWithoutRates,
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
