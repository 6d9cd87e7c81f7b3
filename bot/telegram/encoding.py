"""From a ``Message`` to the JSON of ``sendMessage``, in two pieces: what all share, and who it is for.

The shared piece is encoded once however many chats get it; putting an address in front is a concatenation of
bytes.
"""

from __future__ import annotations

import html
import re
from typing import Any

import orjson

from bot.model import Address, Button, Message, RefusedReason

GENERAL_TOPIC = 1
"""Telegram calls a forum's General topic 1, and refuses messages that say so: they must name no topic."""

TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def parameters_of(message: Message, paid: bool) -> dict[str, Any]:
    """Spell out what ``sendMessage`` needs besides the address. ``paid``: above the free limit, for Stars."""
    preview = {"is_disabled": True} if message.preview_url is None else {"url": message.preview_url}
    parameters: dict[str, Any] = {"text": message.html, "parse_mode": "HTML", "link_preview_options": preview}
    if message.buttons:
        parameters["reply_markup"] = {
            "inline_keyboard": [[_button(b) for b in row] for row in message.buttons]
        }
    if message.silent:
        parameters["disable_notification"] = True
    if paid:
        parameters["allow_paid_broadcast"] = True
    return parameters


def shared_part(parameters: dict[str, Any]) -> bytes:
    """Encode the parameters as the second half of a JSON object, to be put behind an address."""
    return b"," + orjson.dumps(parameters)[1:]


def addressed(address: Address, shared: bytes) -> bytes:
    """Put ``address`` in front of a shared part: a whole JSON document."""
    if address.thread_id is None or address.thread_id == GENERAL_TOPIC:
        return b'{"chat_id":%d%b' % (address.chat_id, shared)
    return b'{"chat_id":%d,"message_thread_id":%d%b' % (address.chat_id, address.thread_id, shared)


def simplified(parameters: dict[str, Any], reason: RefusedReason) -> dict[str, Any] | None:
    """Leave out what Telegram refused: formatting, or buttons. ``None`` where that would not help."""
    if reason is RefusedReason.MARKUP:
        kept = {name: value for name, value in parameters.items() if name != "parse_mode"}
        return kept | {"text": plain_text(parameters["text"]), "link_preview_options": {"is_disabled": True}}
    if reason is RefusedReason.KEYBOARD and "reply_markup" in parameters:
        return {name: value for name, value in parameters.items() if name != "reply_markup"}
    return None


def plain_text(markup: str) -> str:
    """Take the tags out of Telegram HTML and read its entities; in broken HTML a lone ``<`` stays."""
    return html.unescape(TAG.sub("", markup))


def _button(button: Button) -> dict[str, str]:
    action = {"url": button.url} if button.url is not None else {"callback_data": button.data or ""}
    return {"text": button.label, **action}
