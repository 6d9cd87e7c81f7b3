"""The ways in which Telegram says no, in its own words: an exception that the Bot API turns into an answer.

The texts are the ones that bots see in production, because messengers tell them apart by their wording.
Raised by the world and the methods; caught in one place, ``bot_api``.
"""

from __future__ import annotations

from collections.abc import Mapping


class Refusal(Exception):
    """An answer with ``ok: false``: what the bot reads, and the parameters that it may act upon."""

    def __init__(self, status: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = dict(parameters or {})


def bad_request(why: str) -> Refusal:
    """400: the request makes no sense, and will make none the next time either."""
    return Refusal(400, f"Bad Request: {why}")


def unparsable(why: str) -> Refusal:
    """400: the markup of a text is broken; the part after the colon is the parser's own."""
    return bad_request(f"can't parse entities: {why}")


def forbidden(why: str) -> Refusal:
    """403: this chat does not want to hear from the bot."""
    return Refusal(403, f"Forbidden: {why}")


def conflict(why: str) -> Refusal:
    """409: two ways of getting updates at once."""
    return Refusal(409, f"Conflict: {why}")


def migrated(chat_id: int) -> Refusal:
    """400: the group became a supergroup with a new id."""
    return Refusal(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": chat_id},
    )


def too_many(retry_after_s: int) -> Refusal:
    """429: wait that long."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after_s}", {"retry_after": retry_after_s})
