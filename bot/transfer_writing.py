"""A subscriber as one line of an export. The format is a promise (CONTRACT 2); :mod:`bot.transfer_line` reads it back.

Beyond the promised fields, ``silent``, ``signature`` and a briefing's ``skip_empty`` and ``rates`` are written where
chosen, and ``gone_since`` where Telegram refuses us.
"""

from __future__ import annotations

from typing import Any

import orjson

from bot.model import BriefingPlan, Chat, RateAlert, RateRule, Side
from handlers.reading import EVERY_DAY, WORKDAYS

_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def write_line(chat: Chat) -> bytes:
    """The chat as a line, with its end."""
    fields: dict[str, Any] = {
        "chat_id": chat.address.chat_id,
        "thread_id": chat.address.thread_id,
        "type": chat.kind,
        "language": chat.language,
        "timezone": chat.timezone,
        "mode": chat.mode,
        "subscriptions": list(chat.follows),
        "briefing": _written_plan(chat.briefing) if chat.briefing else None,
        "quiet": f"{chat.quiet.start:%H:%M}-{chat.quiet.end:%H:%M}" if chat.quiet else None,
        "alerts": [_written_rule(rule) for rule in chat.alerts],
        "paused": chat.paused,
    }
    if chat.silent:
        fields["silent"] = True
    if chat.signature:
        fields["signature"] = chat.signature
    if chat.gone_since:
        fields["gone_since"] = chat.gone_since
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)


def _written_rule(rule: RateRule) -> dict[str, str]:
    if isinstance(rule, RateAlert):
        return {"currency": rule.currency, "percent": f"{rule.percent:f}"}
    side = "above" if rule.side is Side.ABOVE else "below"
    return {"currency": rule.currency, side: f"{rule.level:f}"}


def _written_plan(plan: BriefingPlan) -> dict[str, Any]:
    named = {EVERY_DAY: "daily", WORKDAYS: "mon-fri"}
    days = named.get(plan.weekdays) or ",".join(_DAY_NAMES[day - 1] for day in sorted(plan.weekdays))
    written: dict[str, Any] = {"time": f"{plan.at:%H:%M}", "days": days}
    written |= {"skip_empty": True} if plan.skip_empty else {}
    return written if plan.rates else written | {"rates": False}
