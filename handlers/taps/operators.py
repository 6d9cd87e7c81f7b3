"""What a tap of an operator means; see :mod:`handlers.buttons`."""

from __future__ import annotations

from dataclasses import dataclass


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
