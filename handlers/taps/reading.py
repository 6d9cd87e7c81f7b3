"""What a tap on a list of stories or a briefing means; see :mod:`handlers.buttons`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Tag
from handlers.taps.following import View
from handlers.taps.settings import Section


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
class TurnFound:
    """Show what was found for these words from this offset on, in place of the page shown."""

    offset: int
    words: str


@dataclass(frozen=True, slots=True)
class SendView:
    """Send a follow keyboard as a message of its own."""

    view: View


@dataclass(frozen=True, slots=True)
class SendSection:
    """Send a section of the settings as a message of its own; from below a briefing, which shall stay."""

    section: Section
