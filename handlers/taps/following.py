"""What a tap on the follow keyboards and the welcome means; see :mod:`handlers.buttons`."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from bot.model import Tag


class View(enum.StrEnum):
    """The message on which a follow button stands, so that it can be drawn again after the tap."""

    WELCOME = "w"
    EVERYTHING = "e"
    SUBSCRIPTIONS = "s"


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
