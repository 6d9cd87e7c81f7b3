"""What is said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: ``data`` comes back to the bot (at most 64 bytes), ``url`` opens a page."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What a person will see: Telegram HTML that fits the limits, rows of buttons, at most one link preview."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    preview_url: str | None = None
    silent: bool = False
