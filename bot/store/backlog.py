"""How long the line is: chats that are due, measured over all shards in one round trip, whatever their number.

The sender widens its merging window by it (:mod:`bot.roles.merging`); ``/stats``, the status page and the metrics
show it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.store import keys
from bot.store.connect import Command, Database
from bot.store.scripts import ScriptCall, script


@dataclass(frozen=True, slots=True)
class Backlog:
    """The line of chats: ``due`` wait, ``in_hand`` are being served, the first one has waited ``oldest_s``.

    ``wait_s`` is how long a chat that joins the line now will wait: what comes for it meanwhile is merged into
    its one message. At the limit the line moves by ``messages_per_second``.
    """

    due: int
    in_hand: int
    oldest_s: float
    messages_per_second: float

    @property
    def wait_s(self) -> float:
        """Seconds from the end of the line to its head."""
        return self.due / self.messages_per_second


class BacklogMeter:
    """Measures the line of a bot that may send ``messages_per_second``."""

    def __init__(self, database: Database, messages_per_second: float) -> None:
        self._database = database
        self._messages_per_second = messages_per_second

    async def measure(self) -> Backlog:
        """The line as it is now. Raises StoreUnavailable."""
        shift = self._database.clock_shift_ms()
        calls: list[Command] = []
        for shard in range(keys.SHARDS):
            schedule = keys.chat_schedule(shard)
            calls.append(ScriptCall(script("backlog"), (schedule.due, schedule.leases), (shift,)))
        answers = await self._database.run_many(calls)
        return Backlog(
            due=sum(due for due, _, _ in answers),
            in_hand=sum(in_hand for _, in_hand, _ in answers),
            oldest_s=max(float(oldest_ms) for _, _, oldest_ms in answers) / 1000,
            messages_per_second=self._messages_per_second,
        )
