"""What an outcome means for a chat: pure decisions, one table. The settler carries them out.

Order within a chat is kept because the chat is in one sender's hands, and its cursor moves only past what
Telegram took. One way to a double is left, and wanted: when the connection broke after the request was written,
nobody knows whether the message arrived, and a second one is better than none. It comes after a pause, because
what broke the line (a restart, a gateway) may still be about to deliver the first.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from bot.model import Gone, Later, Moved, Outcome, Position, Refused, Sent
from bot.store.schedule import Claim

BACK_OFF_S = (1.0, 3.0, 10.0, 30.0, 60.0, 300.0)
UNSURE_PAUSE_S = 5.0
MOST_REFUSALS = 3
"""A message that Telegram refused so often, for a reason that we do not know, is set aside; the chat goes on."""


class Service(NamedTuple):
    """What a message does for a chat once it is sent, and when to look at the chat again after that.

    ``announcement`` is the id of the announcement that it is, if it is one.
    """

    cursor: Position | None = None
    briefed: date | None = None
    look_again_s: float | None = None
    announcement: str | None = None


class Verdict(NamedTuple):
    """How a chat goes on: its cursor moves to ``cursor`` (None: the message stays owed), it is due in ``due_in_s``.

    ``briefed`` is the local date of a briefing that is done with. ``hold`` makes ``due_in_s`` a floor: whatever
    happens meanwhile waits for it. ``attempts`` and ``refusals`` are the failures to remember; ``set_aside`` is the
    cause of a message given up.
    """

    cursor: Position | None = None
    briefed: date | None = None
    due_in_s: float | None = None
    hold: bool = False
    attempts: int = 0
    refusals: int = 0
    set_aside: str | None = None


def judge(outcome: Outcome, service: Service, claim: Claim) -> Verdict:
    """The verdict on a message that was to do ``service`` to a chat that was taken by ``claim``."""
    match outcome:
        case Sent():
            return done(service)
        case Later(after_s=after_s, limited=True):
            # Exactly what Telegram asked for, and no failure: it says nothing about the message.
            return put_off(claim, after_s)
        case Later(after_s=after_s, unsure=unsure):
            wait_s = max(after_s, back_off_s(claim.attempts))
            return _failed(claim, max(wait_s, UNSURE_PAUSE_S) if unsure else wait_s)
        case Moved() | Gone():
            # Nothing is owed to where nobody is; a chat that moved takes its cursor along.
            return Verdict()
        case Refused(cause=cause):
            if claim.refusals + 1 >= MOST_REFUSALS:
                return done(service)._replace(set_aside=cause)
            return _failed(claim, back_off_s(claim.attempts), refused=1)


def put_off(claim: Claim, after_s: float) -> Verdict:
    """The verdict on a chat that must wait for a limit: nothing was tried, no failure is forgotten."""
    return Verdict(due_in_s=after_s, hold=True, attempts=claim.attempts, refusals=claim.refusals)


def done(service: Service) -> Verdict:
    """The verdict on a chat that has what it was owed, sent or not worth sending."""
    return Verdict(service.cursor, service.briefed, service.look_again_s)


def back_off_s(attempts: int) -> float:
    """How long to leave a chat alone after one more attempt went wrong, ``attempts`` having done so before."""
    return BACK_OFF_S[min(attempts, len(BACK_OFF_S) - 1)]


def _failed(claim: Claim, after_s: float, refused: int = 0) -> Verdict:
    return Verdict(
        due_in_s=after_s, hold=True, attempts=claim.attempts + 1, refusals=claim.refusals + refused
    )
