"""Telegram's speed limits, kept to the letter: sliding windows, and 429 for what is too much.

The published limits (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this): 30
messages a second overall, one a second in a chat, 20 a minute in a group. The real Telegram is lenient about
bursts and edits; this one is not, so that a bot which draws no 429 here draws none there. A refused call
counts for nothing.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from bot.demo.refusals import Refusal, too_many

WRITING = frozenset(
    (
        "sendMessage",
        "sendPhoto",
        "editMessageText",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
    )
)
"""What counts in a chat and overall."""
OVERALL_ONLY = frozenset(("answerCallbackQuery", "answerInlineQuery"))
"""What counts overall, because it writes to no chat."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is allowed; ``None`` switches a limit off. ``NO_LIMITS`` is all of them off."""

    overall_per_s: int | None = 30
    private_per_s: int | None = 1
    group_per_minute: int | None = 20
    writing: frozenset[str] = WRITING
    overall_only: frozenset[str] = OVERALL_ONLY


NO_LIMITS = Limits(None, None, None)


class _Window:
    """At most ``most`` events in any ``length_s`` seconds."""

    __slots__ = ("length_s", "moments", "most")

    def __init__(self, most: int, length_s: float) -> None:
        self.most = most
        self.length_s = length_s
        self.moments: deque[float] = deque()

    def wait_s(self, now_s: float) -> float:
        """Seconds until one more fits; 0 if it fits now."""
        while self.moments and self.moments[0] <= now_s - self.length_s:
            self.moments.popleft()
        return 0.0 if len(self.moments) < self.most else self.moments[0] + self.length_s - now_s


class Policeman:
    """Watches one bot.

    ``refused`` counts the answers of 429; ``busiest_second`` is the most calls that were let through in one.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.refused = 0
        self.busiest_second = 0
        self._overall = _Window(limits.overall_per_s or 1, 1.0)
        self._chats: dict[int, _Window] = {}

    def check(self, method: str, chat_id: int | None, now_s: float) -> Refusal | None:
        """Let the call through (and count it) or say how long to wait. ``chat_id`` is negative for groups."""
        limits = self.limits
        counts_in_chat = method in limits.writing
        if not counts_in_chat and method not in limits.overall_only:
            return None
        windows = [self._overall] if limits.overall_per_s is not None else []
        if counts_in_chat and chat_id is not None and (window := self._window_of(chat_id)):
            windows.append(window)
        wait_s = max((window.wait_s(now_s) for window in windows), default=0.0)
        if wait_s > 0:
            self.refused += 1
            return too_many(max(1, math.ceil(wait_s)))
        for window in windows:
            window.moments.append(now_s)
        self.busiest_second = max(self.busiest_second, len(self._overall.moments))
        return None

    def _window_of(self, chat_id: int) -> _Window | None:
        most = self.limits.private_per_s if chat_id > 0 else self.limits.group_per_minute
        if most is None:
            return None
        window = self._chats.get(chat_id)
        if window is None:
            window = self._chats[chat_id] = _Window(most, 1.0 if chat_id > 0 else 60.0)
        return window
