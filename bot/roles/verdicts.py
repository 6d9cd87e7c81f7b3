"""What an outcome means for a chat: pure decisions, one table. The settler carries them out.

Order within a chat is kept because the chat is in one sender's hands, and its cursor moves only past what
Telegram took. One way to a double is left, and wanted: when the connection broke after the request was written,
nobody knows whether the message arrived, and a second one is better than none.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Gone, Later, Moved, Outcome, Position, Refused, Sent

BACK_OFF_S = (1.0, 3.0, 10.0, 30.0, 60.0, 300.0)
UNSURE_PAUSE_S = 5.0
MOST_REFUSALS = 3
"""A message that Telegram refused so often, for a reason that we do not know, is set aside; the chat goes on."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a chat goes on: its cursor moves to ``cursor`` (None: the message stays owed), it is due in ``due_in_s``.

    ``failed`` counts the attempt as one that went wrong; ``set_aside`` is the cause of a message given up.
    """

    cursor: Position | None = None
    due_in_s: float | None = None
    failed: bool = False
    set_aside: str | None = None


def judge(outcome: Outcome, served_to: Position, attempts: int) -> Verdict:
    """The verdict on a message up to the log position ``served_to``, after ``attempts`` failed ones before it."""
    match outcome:
        case Sent():
            return Verdict(cursor=served_to)
        case Later(after_s=after_s, limited=True):
            return Verdict(due_in_s=after_s)
        case Later(after_s=after_s, unsure=unsure):
            wait_s = max(after_s, BACK_OFF_S[min(attempts, len(BACK_OFF_S) - 1)])
            return Verdict(due_in_s=max(wait_s, UNSURE_PAUSE_S) if unsure else wait_s, failed=True)
        case Moved() | Gone():
            # Nothing is owed to where nobody is; a chat that moved takes its cursor along.
            return Verdict()
        case Refused(cause=cause):
            if attempts + 1 >= MOST_REFUSALS:
                return Verdict(cursor=served_to, set_aside=cause)
            return Verdict(due_in_s=BACK_OFF_S[min(attempts, len(BACK_OFF_S) - 1)], failed=True)
