"""What is on for a chat now: its briefing, its pushes, or quiet; and when to look at it again. Pure decisions.

The delivery loop asks for every chat that it has claimed, by Redis' clock. A briefing goes before the stories that
wait, and goes out in quiet hours too: its time is the reader's own wish.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.briefing.digest import WINDOW
from bot.briefing.timetable import due_at, quiet_until, turn
from bot.model import BriefingPlan, Chat, Mode


@dataclass(frozen=True, slots=True)
class DueBriefing:
    """The briefing of the local date ``day``, with what came out between two moments.

    ``since`` is when the one before was due, ``at`` when this one is: one that goes out late says nothing that the next
    one would say again.
    """

    day: date
    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Agenda:
    """``briefing`` is the one that is due, if one is. ``quiet_s``: pushes wait that long (zero: they do not).

    ``look_again_s`` is when the next briefing will be due; None if none is planned.
    """

    briefing: DueBriefing | None = None
    quiet_s: float = 0.0
    look_again_s: float | None = None


NOTHING_ON = Agenda()


def agenda(chat: Chat, briefed: date | None, now: datetime) -> Agenda:
    """Decide for a chat whose last briefing was that of the local date ``briefed``."""
    if not chat.reachable:
        return NOTHING_ON
    if chat.quiet is None and chat.briefing is None:
        return NOTHING_ON
    zone = ZoneInfo(chat.timezone)
    quiet_end = quiet_until(chat.quiet, zone, now)
    quiet_s = (quiet_end - now).total_seconds() if quiet_end else 0.0
    if chat.briefing is None or chat.mode is Mode.INSTANT:
        return Agenda(None, quiet_s, None)
    next_turn = turn(chat.briefing, zone, chat.address, briefed, now)
    due = None
    if next_turn.due:
        at = due_at(chat.briefing, zone, chat.address, next_turn.due) or now
        due = DueBriefing(next_turn.due, _looks_back_to(chat, chat.briefing, zone, briefed, at), at)
    look_again_s = (next_turn.next_at - now).total_seconds()
    # A hold for the quiet hours must not hold back the briefing that lies in them.
    return Agenda(due, min(quiet_s, look_again_s), look_again_s)


def _looks_back_to(
    chat: Chat, plan: BriefingPlan, zone: ZoneInfo, briefed: date | None, at: datetime
) -> datetime:
    """When the briefing of ``briefed`` was due. If the hour was another one then, the beginning of that day: rather a
    story twice than never."""
    if briefed is None:
        return at - WINDOW
    if plan.since and plan.since.astimezone(zone).date() >= briefed:
        return datetime.combine(briefed, time(), zone)
    return due_at(plan, zone, chat.address, briefed) or at - WINDOW
