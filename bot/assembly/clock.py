"""The clock that everything here is given."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The time, by this machine."""
    return datetime.now(UTC)
