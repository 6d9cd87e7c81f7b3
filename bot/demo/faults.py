"""What can go wrong between a bot and Telegram, on demand: the weather of the tests.

A test sets ``LocalTelegram.weather`` to a callable that looks at each call before it is handled and names
what happens to it, or to ``RandomWeather`` with a seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.demo.who import Json


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call that has just arrived: the ``number``-th of its method (from 1)."""

    method: str
    params: Json
    chat_id: int | None
    number: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Something else is answered, and the call has no effect."""

    status: int
    body: str
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks: before the call has an effect, or after it (the message did arrive)."""

    arrived: bool


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing happens for a while; then the call is handled as if nothing had been (or not at all)."""

    seconds: float
    arrived: bool = True


Fault = Answer | Reset | Hang
Weather = Callable[[Incoming], Fault | None]

SERVER_ERROR = Answer(500, '{"ok":false,"error_code":500,"description":"Internal Server Error"}')
BAD_GATEWAY_PAGE = Answer(
    502,
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    "text/html",
)
RESET_BEFORE = Reset(arrived=False)
RESET_AFTER = Reset(arrived=True)


def flood_wait(retry_after_s: int) -> Answer:
    """429 as Telegram words it, whatever the limits say."""
    return Answer(
        429,
        f'{{"ok":false,"error_code":429,"description":"Too Many Requests: retry after {retry_after_s}",'
        f'"parameters":{{"retry_after":{retry_after_s}}}}}',
    )


def refusing(status: int, description: str) -> Answer:
    """Any other refusal, by its text."""
    return Answer(status, f'{{"ok":false,"error_code":{status},"description":"{description}"}}')


def fair_weather(call: Incoming) -> None:
    """Nothing goes wrong."""


@dataclass(slots=True)
class RandomWeather:
    """Each call of ``methods`` meets one of ``faults`` with probability ``share``; same seed, same storm."""

    share: float
    seed: int
    faults: Sequence[Fault] = (
        flood_wait(1),
        SERVER_ERROR,
        BAD_GATEWAY_PAGE,
        RESET_BEFORE,
        RESET_AFTER,
        Hang(10),
    )
    methods: frozenset[str] = frozenset(("sendMessage", "sendPhoto"))
    _dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def __call__(self, call: Incoming) -> Fault | None:
        """Roll the dice for one call."""
        if call.method not in self.methods or self._dice.random() >= self.share:
            return None
        return self._dice.choice(list(self.faults))
