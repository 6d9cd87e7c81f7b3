"""What became of a message. Expected ends are values: no send raises."""

from __future__ import annotations

import enum
from dataclasses import dataclass


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
