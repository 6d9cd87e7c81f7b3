"""What the status page shows, worded: pure functions from what the store says to a :class:`Status`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.http.verdict import Level, Shared, judge
from bot.store.backlog import Backlog
from bot.store.pulse import ProcessNote, Reading, Trouble
from bot.store.source_reports import SourceReport

SHOWN_TROUBLES = 8
LATE_AFTER_S = 3 * 3600.0


@dataclass(frozen=True, slots=True)
class Chart:
    """The last hour of something, a value a minute; ``total`` is their sum in words."""

    title: str
    total: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its name, and a few words on it."""

    title: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source and how it is doing."""

    name: str
    state: Literal["well", "new", "failing", "ended"]
    words: str


@dataclass(frozen=True, slots=True)
class TroubleLine:
    """Something that went wrong, with how often and when last."""

    words: str
    when: str
    grave: bool


@dataclass(frozen=True, slots=True)
class Status:
    """The page."""

    level: Level
    sentence: str
    reasons: tuple[str, ...]
    charts: tuple[Chart, ...]
    facts: tuple[Fact, ...]
    sources: tuple[SourceLine, ...]
    troubles: tuple[TroubleLine, ...]
    processes: tuple[str, ...]
    version: str
    at: str


def status_of(now: datetime, version: str, checks: Mapping[str, str | None], shared: Shared | None) -> Status:
    """Word everything; ``shared`` is None while Redis is away."""
    verdict = judge(checks, shared)
    lines = (_source(source, now) for source in (shared.sources if shared else ()))
    return Status(
        level=verdict.level,
        sentence=verdict.sentence,
        reasons=verdict.reasons,
        charts=_charts(shared.reading) if shared else (),
        facts=_facts(shared.backlog) if shared else (),
        sources=tuple(sorted(lines, key=lambda line: (line.state == "well", line.name))),
        troubles=_troubles(shared.reading.troubles, now) if shared else (),
        processes=_processes(shared.reading.processes, now) if shared else (),
        version=version,
        at=now.isoformat(timespec="seconds"),
    )


def _charts(reading: Reading) -> tuple[Chart, ...]:
    def chart(title: str, *what: str) -> Chart:
        values = tuple(sum(counts.get(kind, 0) for kind in what) for counts in reading.minutes.values())
        return Chart(title, f"{sum(values):,}", values)

    return (
        chart("Delivered", "push"),
        chart("Answers", "answer"),
        chart("New stories", "story"),
        chart("Tried again", "again"),
    )


def _facts(backlog: Backlog) -> tuple[Fact, ...]:
    waiting = "nobody waits" if not backlog.due else f"the last one is served in {length(backlog.wait_s)}"
    oldest = length(backlog.oldest_s) if backlog.due else "–"
    return (
        Fact("Chats in line", f"{backlog.due:,}", waiting),
        Fact("Being served", f"{backlog.in_hand:,}", "in a sender’s hands"),
        Fact("Longest wait", oldest, "of a chat that is due"),
    )


def _source(source: SourceReport, now: datetime) -> SourceLine:
    state = source.state
    if state.ended:
        return SourceLine(source.name, "ended", "ended: its publisher took it down")
    read = f"read {ago(state.last_success, now)}" if state.last_success else "never read yet"
    coming = (
        f"next look in {length((source.next_poll - now).total_seconds())}"
        if source.next_poll
        else "being read"
    )
    if state.last_error:
        return SourceLine(source.name, "failing", f"{state.last_error} · {read}, {coming}")
    if state.last_success is None:
        return SourceLine(source.name, "new", f"not read yet, {coming}")
    items = f"{state.items} items, " if state.items else ""
    return SourceLine(source.name, "well", f"{read}, {items}{coming}")


def _troubles(troubles: Sequence[Trouble], now: datetime) -> tuple[TroubleLine, ...]:
    """The newest first; the same words once, with their number."""
    times: Counter[str] = Counter(trouble.words for trouble in troubles)
    newest: dict[str, Trouble] = {}
    for trouble in sorted(troubles, key=lambda trouble: trouble.at, reverse=True):
        newest.setdefault(trouble.words, trouble)
    return tuple(
        TroubleLine(
            words,
            ago(trouble.at, now) + (f", {times[words]} times" if times[words] > 1 else ""),
            trouble.grave,
        )
        for words, trouble in list(newest.items())[:SHOWN_TROUBLES]
    )


def _processes(notes: Sequence[ProcessNote], now: datetime) -> tuple[str, ...]:
    """``2 × sender, up 3 h``: processes with the same roles together."""
    groups: dict[tuple[str, ...], list[ProcessNote]] = {}
    for note in notes:
        groups.setdefault(note.roles, []).append(note)
    return tuple(
        f"{len(group)} × {' + '.join(roles)}, up {length((now - max(n.started for n in group)).total_seconds())}"
        for roles, group in groups.items()
    )


def ago(moment: datetime, now: datetime) -> str:
    """``5 min ago``."""
    seconds = (now - moment).total_seconds()
    return "just now" if seconds < 5 else f"{length(seconds)} ago"


def length(seconds: float) -> str:
    """A length of time in its largest fitting unit."""
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size or (seconds >= size and unit != "min"):
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0, seconds):.0f} s"
