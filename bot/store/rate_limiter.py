"""Telegram's limits, kept exactly, by any number of processes together.

The limits are ``MESSAGES_PER_SECOND`` for the whole bot, one a second in a private chat and twenty a minute in a
group or channel. All buckets live in one slot and one script (permits.lua) takes from every bucket concerned or
from none: at most a thousand permits a second exist at all, so one slot carries them.

A strict server counts sliding windows as messages *arrive*. Every window here is :data:`MARGIN` wider than
Telegram's, which lets a message be that much faster or slower on its way than the one N before it; a sender that
was held up tells (:meth:`RateLimiter.late`). benchmarks/limits.py measures what is needed. Pushes have a second
bucket, a tenth of the limit in a bit less than a tenth of a second: without it they would go out in bursts of a whole
second's worth, and an answer would wait for the next. It is the faster of the two, so that being late for one tenth
does not add up to a smaller share of all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.model import Lane
from bot.store import keys
from bot.store.connect import Database
from bot.store.scripts import ScriptCall, script

MARGIN = 0.03
"""By how much windows are wider than the limits': 30 ms in a second, that is 2.9 % of the limit left unused."""

WINDOW_MS = 1000 * (1 + MARGIN)
PRIVATE_WINDOW_MS = WINDOW_MS
"""A private chat gets one message in it."""

GROUP = (20, 60_000 + 1000 * MARGIN)
"""A group or channel: so many, in so many ms."""


PUSH_HASTE = 0.9

MOST_TOLD = 128
"""More free permits than this are not counted (permits.lua)."""


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer for one chat: send after ``wait_s``; zero is a permit. ``chat_limited`` says whose limit it was."""

    wait_s: float
    chat_limited: bool = False

    @property
    def granted(self) -> bool:
        """Whether the message may be sent now."""
        return self.wait_s == 0


GRANTED = Permit(0.0)


class Late(NamedTuple):
    """A message that left ``late_s`` after the time ``permit_ms`` that its permit carries."""

    chat_id: int
    permit_ms: float
    late_s: float


@dataclass(frozen=True, slots=True)
class Permits:
    """The answer to one request for pushes; ``free`` more could be had now, else the next in ``next_in_s``.

    ``time_ms`` is the time that all of these permits carry, by Redis' clock.
    """

    permits: tuple[Permit, ...]
    free: int
    next_in_s: float
    time_ms: float

    @property
    def plenty(self) -> bool:
        """Whether so many are left that it does not matter when exactly these are used."""
        return self.free >= MOST_TOLD


class RateLimiter:
    """The permits of one bot."""

    def __init__(self, database: Database, messages_per_second: int) -> None:
        self._database = database
        self._bot = (messages_per_second, WINDOW_MS)
        tenth = max(1, messages_per_second // 10)
        self._pushes = (tenth, PUSH_HASTE * WINDOW_MS * tenth / messages_per_second)

    async def pushes(self, chat_ids: Sequence[int]) -> Permits:
        """Ask leave to push to each of these chats, all buckets or none for each."""
        return read_permits(await self._database.run(self.pushes_call(chat_ids)))

    def pushes_call(self, chat_ids: Sequence[int]) -> ScriptCall:
        """:meth:`pushes` as a call for a pipeline; :func:`read_permits` reads the answer."""
        return self._call(Lane.PUSH, chat_ids)

    async def answer(self, chat_id: int | None) -> float:
        """Book a slot for an answer: the seconds to wait before sending it (``AnswerPermits`` in the model).

        The bot's next free slot is booked, ahead of all pushes. A chat that had its share waits here first: a
        slot booked behind a busy group's minute would block everybody else's.
        """
        while True:
            call = self._call(Lane.ANSWER, [] if chat_id is None else [chat_id])
            permit = read_permits(await self._database.run(call)).permits[0]
            if not permit.chat_limited:
                return permit.wait_s
            await asyncio.sleep(permit.wait_s)

    def _call(self, lane: Lane, chat_ids: Sequence[int]) -> ScriptCall:
        chat_keys: list[str] = []
        for chat_id in chat_ids:
            chat_keys += (keys.chat_permits(chat_id), keys.chat_hold(chat_id))
        kinds = "".join(["p" if chat_id > 0 else "g" for chat_id in chat_ids])
        return ScriptCall(
            script("permits"),
            (keys.BOT_PERMITS, keys.PUSH_PERMITS, keys.BOT_HOLD, keys.PUSHES_PAUSED, *chat_keys),
            (
                self._database.clock_shift_ms(),
                lane.value,
                *self._bot,
                *self._pushes,
                *GROUP,
                PRIVATE_WINDOW_MS,
                kinds,
            ),
        )

    async def late(self, messages: Sequence[Late]) -> None:
        """Count these from when they left. Raises StoreUnavailable."""
        if not messages:
            return
        args: list[str] = []
        for item in messages:
            left_ms = item.permit_ms + item.late_s * 1000
            args += (f"{item.permit_ms:.3f}", f"{left_ms:.3f}", "p" if item.chat_id > 0 else "g")
        chat_keys = [keys.chat_permits(item.chat_id) for item in messages]
        await self._database.run(
            ScriptCall(script("late"), (keys.BOT_PERMITS, keys.PUSH_PERMITS, *chat_keys), tuple(args))
        )

    async def hold(self, chat_id: int | None, retry_after_s: float) -> None:
        """Obey a 429 to the millisecond: this chat is silent until then.

        When a second chat is refused within ten seconds, or the call concerned no chat, the whole bot is.
        """
        hold = () if chat_id is None else (keys.chat_hold(chat_id),)
        await self._database.run(
            ScriptCall(
                script("hold"),
                (keys.BOT_HOLD, keys.REFUSED_CHAT, *hold),
                (self._database.clock_shift_ms(), max(1, int(retry_after_s * 1000)), chat_id or ""),
            )
        )


def read_permits(answer: Sequence[bytes]) -> Permits:
    """What permits.lua answered."""
    free, next_in_ms, time_ms, *each = answer
    permits = tuple(
        Permit(float(wait) / 1000, whose == b"chat") if wait else GRANTED
        for wait, whose in zip(each[::2], each[1::2], strict=True)
    )
    return Permits(permits, int(free), float(next_in_ms) / 1000, float(time_ms))
