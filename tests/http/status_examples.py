"""A status as it might be on a good day, and on others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.http.verdict import Shared
from bot.store.backlog import Backlog
from bot.store.pulse import ProcessNote, Reading, Trouble
from bot.store.source_reports import SourceReport
from bot.store.source_states import SourceState

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

NAMES = (
    "Akorda",
    "Asia-Plus",
    "Astana Times",
    "Central Bank of Uzbekistan",
    "Kun.uz",
    "National Bank of Kazakhstan",
    "The Times of Central Asia",
    "24.kg",
)


def process(*roles: str, hours: float = 5.2, lag_s: float = 0.004) -> ProcessNote:
    """A process that has just been heard of."""
    return ProcessNote("-".join(roles) + str(hours), roles, "0.1.0", NOW - timedelta(hours=hours), NOW, lag_s)


PROCESSES = (
    process("bot"),
    process("bot", hours=5.1),
    process("sender"),
    process("sender", hours=2.1),
    process("sender", hours=5.3),
    process("worker"),
    process("worker", hours=5.4),
)


def hour() -> Mapping[int, Mapping[str, int]]:
    """An hour with two broadcasts in it."""
    last = int(NOW.timestamp() // 60)
    minutes = {}
    for i in range(60):
        wave = max(0.0, math.sin(i / 60 * math.pi * 3 + 0.4)) ** 2
        minutes[last - 59 + i] = {
            "push": int(1700 * wave),
            "answer": 24 + (i * 7) % 19 + (12 if 30 < i < 40 else 0),
            "story": (i * 5) % 4 if i % 3 else 0,
            "again": 3 if i in (22, 23, 41) else 0,
        }
    return minutes


def source(name: str, minutes_ago: float, **state: object) -> SourceReport:
    """A source that was read some minutes ago."""
    read = SourceState(
        url="https://x", filled=True, last_success=NOW - timedelta(minutes=minutes_ago), items=20
    )
    return SourceReport(name, replace(read, **state), NOW + timedelta(minutes=2))  # type: ignore[arg-type]


def sources() -> list[SourceReport]:
    """Eight, one of which fails."""
    found = [source(name, 1.3 * number + 0.6) for number, name in enumerate(NAMES)]
    found[1] = source(NAMES[1], 48, last_error="503 Service Unavailable")
    return found


TROUBLES = (
    Trouble(NOW - timedelta(minutes=3), "source failed: Asia-Plus: 503 Service Unavailable", grave=False),
    Trouble(NOW - timedelta(minutes=9), "source failed: Asia-Plus: 503 Service Unavailable", grave=False),
    Trouble(NOW - timedelta(minutes=37), "leases cannot be renewed: TimeoutError", grave=False),
    Trouble(NOW - timedelta(hours=7), "message set aside: Bad Request: message is too long", grave=True),
)


def shared(**changes: object) -> Shared:
    """What all processes say on a good day."""
    good = Shared(
        reading=Reading(PROCESSES, hour(), TROUBLES),
        backlog=Backlog(due=1284, in_hand=32, oldest_s=41.0, messages_per_second=30),
        sources=sources(),
        pushes_paused=False,
    )
    return replace(good, **changes)  # type: ignore[arg-type]


def well() -> dict[str, str | None]:
    """Checks that find nothing."""
    return {"redis": None, "telegram": None, "roles": None}
