"""What the bot did, call by call and delivery by delivery: what tests look at afterwards."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass

from bot.demo.who import Json


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of the Bot API and what became of it. Times are the loop's monotonic seconds.

    ``status`` is 0 where the connection was cut instead of answered. ``description`` is Telegram's refusal.
    """

    method: str
    params: Json
    chat_id: int | None
    status: int
    received_s: float
    answered_s: float
    description: str = ""

    @property
    def ok(self) -> bool:
        """Whether the call was answered with a result."""
        return self.status == 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message of the bot that reached a chat, as it was first sent (later edits are not in it)."""

    chat_id: int
    message_id: int
    thread_id: int | None
    text: str
    silent: bool
    at_s: float


class Journal:
    """Keeps the newest ``keep`` calls and deliveries (``None``: all of them), and counts for ever."""

    def __init__(self, keep: int | None) -> None:
        self.calls: deque[ApiCall] = deque(maxlen=keep)
        self.answers: Counter[tuple[str, int]] = Counter()
        self.delivered = 0
        self._keep = keep
        self._deliveries: defaultdict[int, list[Delivery]] = defaultdict(list)

    def write(self, call: ApiCall) -> None:
        """Note a finished call."""
        self.calls.append(call)
        self.answers[call.method, call.status] += 1

    def arrived(self, delivery: Delivery) -> None:
        """Note a message that arrived, whether or not the bot came to know."""
        self.delivered += 1
        if self._keep is None:
            self._deliveries[delivery.chat_id].append(delivery)

    def of(self, method: str) -> list[ApiCall]:
        """The kept calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def with_status(self, status: int) -> list[ApiCall]:
        """The kept calls that were answered so, oldest first."""
        return [call for call in self.calls if call.status == status]

    def deliveries(self, chat_id: int) -> list[Delivery]:
        """What reached a chat, oldest first (empty if the journal keeps a limited number)."""
        return list(self._deliveries.get(chat_id, ()))

    def every_delivery(self) -> list[Delivery]:
        """What reached anybody, in order of arrival."""
        everything = (delivery for chat in self._deliveries.values() for delivery in chat)
        return sorted(everything, key=lambda delivery: delivery.at_s)
