"""The seam between work and numbers: roles tell a meter what they did, and know nothing of Prometheus or pages.

Every method is cheap, never fails and never waits. A meter is passed in by the assembly; without one nothing is
counted. The names of outcomes, results and commands are few and fixed, so each may become a label.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Protocol

from bot.model import Address, Gone, Lane, Later, Message, Moved, Outcome, Refused, Send, Sent


class Meter(Protocol):
    """What can be counted."""

    def sent(self, lane: Lane, outcome: str, seconds: float) -> None:
        """A message was sent, with this outcome (see :func:`outcome_name`), after ``seconds`` at Telegram."""

    def held(self, lane: Lane, seconds: float) -> None:
        """Telegram answered 429: we are silent for ``seconds``."""

    def polled(self, source: str, result: str, seconds: float) -> None:
        """A source was polled: ``news``, ``rates``, ``unchanged``, ``ended`` or ``failed``."""

    def stored(self, source: str, topics: Iterable[str]) -> None:
        """A new story of a source was stored."""

    def handled(self, command: str, seconds: float) -> None:
        """An update was handled, from its arrival here to the end: a command without slash, ``tap``, ``other``."""

    def lagged(self, seconds: float) -> None:
        """The event loop came back to a timer so much later than it should."""


class Meters:
    """Tells several meters the same; none at all is a meter that counts nothing."""

    def __init__(self, *meters: Meter) -> None:
        self._meters = meters

    def sent(self, lane: Lane, outcome: str, seconds: float) -> None:
        """See :class:`Meter`."""
        for meter in self._meters:
            meter.sent(lane, outcome, seconds)

    def held(self, lane: Lane, seconds: float) -> None:
        """See :class:`Meter`."""
        for meter in self._meters:
            meter.held(lane, seconds)

    def polled(self, source: str, result: str, seconds: float) -> None:
        """See :class:`Meter`."""
        for meter in self._meters:
            meter.polled(source, result, seconds)

    def stored(self, source: str, topics: Iterable[str]) -> None:
        """See :class:`Meter`."""
        for meter in self._meters:
            meter.stored(source, topics)

    def handled(self, command: str, seconds: float) -> None:
        """See :class:`Meter`."""
        for meter in self._meters:
            meter.handled(command, seconds)

    def lagged(self, seconds: float) -> None:
        """See :class:`Meter`."""
        for meter in self._meters:
            meter.lagged(seconds)


NO_METER: Meter = Meters()


def metered(send: Send, meter: Meter) -> Send:
    """``send`` for pushes, with every outcome told to ``meter``."""

    async def send_and_tell(
        address: Address, message: Message, leaving: Callable[[], None] | None = None, /
    ) -> Outcome:
        began_s = time.monotonic()
        outcome = await send(address, message, leaving)
        meter.sent(Lane.PUSH, outcome_name(outcome), time.monotonic() - began_s)
        if isinstance(outcome, Later) and outcome.limited:
            meter.held(Lane.PUSH, outcome.after_s)
        return outcome

    return send_and_tell


def outcome_name(outcome: Outcome) -> str:
    """The outcome in one word."""
    match outcome:
        case Sent():
            return "sent"
        case Later(limited=True):
            return "limited"
        case Later():
            return "later"
        case Moved():
            return "moved"
        case Gone():
            return "gone"
        case Refused():
            return "refused"
