"""Is all well? One sentence, decided from what is known; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.store.backlog import Backlog
from bot.store.pulse import Reading
from bot.store.source_reports import SourceReport

Level = Literal["well", "strained", "ill"]

ROLES = ("worker", "bot", "sender")
STUCK_AFTER_S = 120.0
LAGS_AFTER_S = 1.0
QUIET_MINUTES = 3


@dataclass(frozen=True, slots=True)
class Shared:
    """What all processes share: their notes, the line of chats, the sources, the operators' switch."""

    reading: Reading
    backlog: Backlog
    sources: Sequence[SourceReport]
    pushes_paused: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """How things are; ``reasons`` say more where something is not well."""

    level: Level
    sentence: str
    reasons: tuple[str, ...] = ()


def judge(checks: Mapping[str, str | None], shared: Shared | None) -> Verdict:
    """The verdict; the gravest finding gives the sentence, all others are reasons."""
    if shared is None:
        return Verdict("ill", "Redis does not answer: nothing is read, sent or answered until it does.")
    grave = [*_roles_missing(shared.reading), *_standing_still(shared)]
    mild = [
        *(["Pushes are stopped by an operator; /resume starts them again."] if shared.pushes_paused else []),
        *(f"{name}: {reason}" for name, reason in checks.items() if reason),
        *_sources_failing(shared.sources),
        *_slow_loops(shared.reading),
    ]
    if grave:
        return Verdict("ill", grave[0], (*grave[1:], *mild))
    if mild:
        return Verdict("strained", "Stories go out, but something needs a look.", tuple(mild))
    if shared.backlog.due:
        return Verdict("well", "All is well: a story is on its way to its readers.")
    return Verdict("well", "All is well.")


def _roles_missing(reading: Reading) -> list[str]:
    running = {role for note in reading.processes for role in note.roles}
    consequences = {
        "worker": "No worker is running: no source is read.",
        "bot": "No bot is running: nobody is answered.",
        "sender": "No sender is running: nothing is delivered.",
    }
    return [consequences[role] for role in ROLES if role not in running]


def _standing_still(shared: Shared) -> list[str]:
    lately = list(shared.reading.minutes.values())[-QUIET_MINUTES:]
    sent = sum(counts.get("push", 0) for counts in lately)
    late = shared.backlog.due and shared.backlog.oldest_s > STUCK_AFTER_S
    if late and not sent and not shared.pushes_paused:
        return [f"{shared.backlog.due:,} chats wait, and nothing has been delivered for minutes."]
    return []


def _sources_failing(sources: Sequence[SourceReport]) -> list[str]:
    failing = sum(bool(source.state.last_error) and not source.state.ended for source in sources)
    return (
        [f"{failing} of {len(sources)} sources cannot be read at the moment."]
        if failing * 4 > len(sources)
        else []
    )


def _slow_loops(reading: Reading) -> list[str]:
    slow = [note for note in reading.processes if note.lag_s > LAGS_AFTER_S]
    return [f"{' + '.join(note.roles)}: busy, timers were {note.lag_s:.1f} s late." for note in slow]
