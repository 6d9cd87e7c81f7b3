"""How long stories are gathered before they are fanned out together: two seconds, and more under a long line.

Chats stand in line by the time of the oldest story that they are owed, once each, however many they are owed; the
first in line is served first. So the line is never longer than there are readers, a chat waits for
``chats in line / limit`` at most, everything that comes meanwhile is merged into its one message, and no order of
serving could make the oldest story younger (it is the one with the earliest deadline). That merging window widens
by itself. What does not is the work of the fan-out, which walks over all followers for each story to put in line
those who stand there already: when the line is longer than an hour, stories are gathered longer, too. That costs
the few who are not in line seconds, and saves Redis nine tenths of the walks.
"""

from __future__ import annotations

GATHER_S = 2.0
"""Stories that arrive within this time are fanned out together, and so reach a chat in one message."""

LONG_WAIT_S = 3600.0

LONGEST_GATHER_S = 20.0
"""Less than the time after which another sender takes a fan-out for abandoned (:mod:`bot.store.fanout`)."""


def merging_window_s(wait_s: float, least_s: float = GATHER_S) -> float:
    """How long to gather stories when who joins the line waits ``wait_s``: two seconds for each hour, in bounds."""
    return min(max(least_s, GATHER_S * wait_s / LONG_WAIT_S), LONGEST_GATHER_S)
