"""Buttons in a private chat that mean a channel: the data of an ordinary button behind the channel's number.

The handlers know nothing of it: what they answer is rewritten here on its way out, and what comes back is taken
apart before they see it. A channel's id takes nine characters, so that all settings fit into Telegram's 64 bytes.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.model import Message
from handlers.buttons import MOST_BYTES

CHANNEL_IDS = range(-1_997_852_516_352, -1_000_000_000_000)
"""Where Telegram keeps the ids of channels and supergroups (core.telegram.org/api/bots/ids)."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_REMOTE = re.compile(r"@([0-9a-z]{1,10}):(.*)", re.DOTALL)


def for_channel(message: Message, channel_id: int) -> Message:
    """Make every button of a message mean the channel. Raises ValueError where one gets too long."""
    prefix = f"@{_in_base_36(-channel_id)}:"
    rows = tuple(
        tuple(button if button.data is None else replace(button, data=prefix + button.data) for button in row)
        for row in message.buttons
    )
    for row in rows:
        for button in row:
            if len((button.data or "").encode()) > MOST_BYTES:
                raise ValueError(f"cannot be written as button data: {button.data!r}")
    return replace(message, buttons=rows)


def read_channel(data: str) -> tuple[int | None, str]:
    """Take the data of a button apart: the channel that it means (None: the chat where it is), and the rest."""
    match = _REMOTE.fullmatch(data)
    channel_id = -int(match[1], 36) if match else 0
    return (channel_id, match[2]) if match and channel_id in CHANNEL_IDS else (None, data)


def _in_base_36(number: int) -> str:
    digits = ""
    while number > 0:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
