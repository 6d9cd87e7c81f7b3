"""From an answer of the Bot API to an ``Outcome``: a pure function over the table in ``refusals``.

Whatever arrives is one of five things: sent, later, moved, gone, refused. What nobody understands is never
taken for success, and never loses a message: it is tried later, and only Telegram's plain "no" counts against
a message.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import orjson

from bot.model import Gone, GoneReason, Later, Moved, Outcome, Refused, RefusedReason, Sent
from bot.telegram.refusals import OPERATOR_PAUSE_S, REFUSALS, Pause, Row

SENT = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\s*,\s*"result"\s*:\s*\{\s*"message_id"\s*:\s*(\d+)\s*[,}]')
"""The way a sent message is answered. Reading the number here takes 1 µs, building PTB's Message 140."""

TROUBLE_PAUSE_S = 5.0
"""After an error on Telegram's side or on the way; the sender lengthens it when the trouble goes on."""

UNNAMED_PAUSE_S = 5.0
"""After a 429 that does not say how long."""

CAUSE_LENGTH = 200


def read_outcome(status: int, body: bytes, retry_after: str | None = None) -> Outcome:
    """Read the answer to a ``sendMessage``; ``retry_after`` is the HTTP header of that name."""
    if status == HTTPStatus.OK and (sent := SENT.match(body)):
        return Sent(int(sent[1]))
    reply = read_json(body)
    if reply is None:
        return _not_from_a_bot_api(status, retry_after)
    if reply.get("ok") is True:
        return _read_success(reply.get("result"))
    return _read_refusal(status, reply, retry_after)


def read_json(body: bytes) -> dict[str, Any] | None:
    """Read a JSON object; ``None`` for anything else, which a Bot API never sends."""
    try:
        reply = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return reply if isinstance(reply, dict) else None


def find_refusal(description: str) -> Row | None:
    """Find the row of the table that a description of the Bot API falls under."""
    folded = description.casefold()
    return next((row for row in REFUSALS if row.text.casefold() in folded), None)


def pause_asked_for(reply: dict[str, Any], header: str | None) -> float:
    """Read how many seconds a 429 asks for: its ``retry_after``, else the HTTP header, else a guess."""
    parameters = reply.get("parameters")
    wishes = (parameters.get("retry_after") if isinstance(parameters, dict) else None, header)
    for wish in wishes:
        try:
            # The header may be a date by its specification; no Bot API sends one.
            if (seconds := float(wish or 0)) > 0:
                return seconds
        except (TypeError, ValueError):
            continue
    return UNNAMED_PAUSE_S


def _read_success(result: object) -> Outcome:
    message_id = result.get("message_id") if isinstance(result, dict) else None
    if isinstance(message_id, int):
        return Sent(message_id)
    return Later(TROUBLE_PAUSE_S, "accepted, but the answer holds no message", unsure=True)


def _read_refusal(status: int, reply: dict[str, Any], retry_after: str | None) -> Outcome:
    code = reply.get("error_code")
    code = code if isinstance(code, int) else status
    description = str(reply.get("description") or f"status {code}")[:CAUSE_LENGTH]
    parameters = reply.get("parameters")
    if isinstance(parameters, dict) and isinstance(new_id := parameters.get("migrate_to_chat_id"), int):
        return Moved(new_id)
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return Later(pause_asked_for(reply, retry_after), description, limited=True)
    if row := find_refusal(description):
        return _apply(row, description)
    if code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        return Later(OPERATOR_PAUSE_S, f"Telegram does not know our token: {description}")
    if code == HTTPStatus.FORBIDDEN:
        return Gone(description)
    if HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refused(description)
    return Later(TROUBLE_PAUSE_S, description, unsure=code == HTTPStatus.GATEWAY_TIMEOUT)


def _apply(row: Row, description: str) -> Outcome:
    match row.verdict:
        case GoneReason() as reason:
            return Gone(description, reason)
        case RefusedReason() as reason:
            return Refused(description, reason)
        case Pause(after_s):
            return Later(after_s, description)


def _not_from_a_bot_api(status: int, retry_after: str | None) -> Outcome:
    """Judge an answer without JSON: a gateway's error page, a captive portal, half a body."""
    cause = f"the answer is not from a Bot API: status {status} without JSON"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Later(pause_asked_for({}, retry_after), cause, limited=True)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Refused(cause, RefusedReason.TOO_LONG)
    # An unreadable 200 may be Telegram's own yes, cut short; a gateway that timed out had asked it.
    unsure = status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.GATEWAY_TIMEOUT
    return Later(TROUBLE_PAUSE_S, cause, unsure=unsure)
