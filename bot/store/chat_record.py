"""A chat's settings as the bytes that Redis keeps, and back: msgpack, short field names, defaults left out.

A subscriber's record takes some forty bytes, which is what lets a million of them live in a bucket's compact
encoding. A field that is missing has its default, so old records stay readable when the model grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgpack

from bot.errors import StoreCorrupted
from bot.model import (
    Address,
    BriefingPlan,
    Chat,
    ChatKind,
    Mode,
    Position,
    QuietHours,
    RateAlert,
    RateRule,
    RateThreshold,
    Side,
    Tag,
)
from bot.store.packing import unpacked

_KINDS = tuple(ChatKind)
_MODES = tuple(Mode)

# Times of follows are kept as milliseconds since 2020 in five bytes: good until 2054.
_EPOCH_MS = 1_577_836_800_000
FIRST_POSITION = Position(_EPOCH_MS)
"""Before every entry of the log."""


def pack_chat(chat: Chat) -> bytes:
    """A chat's settings; its address is the field name under which they are kept."""
    fields: dict[str, Any] = {"k": _KINDS.index(chat.kind), "l": chat.language, "z": chat.timezone}
    if chat.mode is not Mode.INSTANT:
        fields["m"] = _MODES.index(chat.mode)
    if chat.follows:
        fields["f"] = _pack_follows(chat.follows)
    if chat.briefing:
        fields["b"] = _pack_plan(chat.briefing)
    if chat.quiet:
        fields["q"] = [_minutes(chat.quiet.start), _minutes(chat.quiet.end)]
    if chat.alerts:
        fields["a"] = [_pack_rule(rule) for rule in chat.alerts]
    if chat.paused:
        fields["p"] = True
    if chat.gone_since:
        fields["g"] = int(chat.gone_since.timestamp())
    if chat.silent:
        fields["s"] = True
    if chat.signature:
        fields["n"] = chat.signature
    packed: bytes = msgpack.packb(fields)
    return packed


def unpack_chat(address: Address, packed: bytes) -> Chat:
    """The reverse of :func:`pack_chat`. Raises StoreCorrupted."""
    try:
        fields = unpacked(packed, dict)
        briefing, quiet = fields.get("b"), fields.get("q")
        return Chat(
            address=address,
            kind=_KINDS[fields["k"]],
            language=fields["l"],
            timezone=fields["z"],
            mode=_MODES[fields.get("m", 0)],
            follows=_unpack_follows(fields.get("f", b"")),
            briefing=_unpack_plan(*briefing) if briefing else None,
            quiet=QuietHours(_time(quiet[0]), _time(quiet[1])) if quiet else None,
            alerts=tuple(_unpack_rule(*rule) for rule in fields["a"]) if "a" in fields else (),
            paused=fields.get("p", False),
            gone_since=datetime.fromtimestamp(fields["g"], UTC) if "g" in fields else None,
            silent=fields.get("s", False),
            signature=fields.get("n", ""),
        )
    except (ValueError, KeyError, IndexError, ArithmeticError, TypeError, msgpack.UnpackException) as error:
        raise StoreCorrupted(f"the settings of chat {address} cannot be read: {error!r}") from error


def _pack_plan(plan: BriefingPlan) -> list[int | None]:
    days = sum(1 << day for day in plan.weekdays)
    first_day = plan.first_day.toordinal() if plan.first_day else None
    since = int(plan.since.timestamp()) if plan.since else None
    return [_minutes(plan.at), days, first_day, since, int(plan.skip_empty), int(plan.rates)]


def _unpack_plan(
    at: int,
    days: int,
    first_day: int | None = None,
    since: int | None = None,
    skip_empty: int = 0,
    rates: int = 1,
) -> BriefingPlan:
    return BriefingPlan(
        at=_time(at),
        weekdays=_days(days),
        first_day=date.fromordinal(first_day) if first_day else None,
        since=datetime.fromtimestamp(since, UTC) if since else None,
        skip_empty=bool(skip_empty),
        rates=bool(rates),
    )


def _pack_rule(rule: RateRule) -> list[str | int]:
    since = max(0, rule.since - _EPOCH_MS)
    if isinstance(rule, RateAlert):
        return [rule.currency, str(rule.percent), since]
    return [rule.currency, f"{rule.side}{rule.level}", since]


def _unpack_rule(currency: str, limit: str, since: int = 0) -> RateRule:
    position = Position(since + _EPOCH_MS) if since else Position(0)
    if limit[0] in tuple(Side):
        return RateThreshold(currency, Side(limit[0]), Decimal(limit[1:]), position)
    return RateAlert(currency, Decimal(limit), position)


def _pack_follows(follows: Mapping[Tag, Position]) -> bytes:
    parts = (
        bytes([len(tag)]) + tag.encode() + max(0, position - _EPOCH_MS).to_bytes(5, "big")
        for tag, position in follows.items()
    )
    return b"".join(parts)


def _unpack_follows(packed: bytes) -> dict[Tag, Position]:
    follows: dict[Tag, Position] = {}
    at, end = 0, len(packed)
    while at < end:
        tag_end = at + 1 + packed[at]
        tag = _tag(packed[at + 1 : tag_end])
        at = tag_end + 5
        follows[tag] = Position(int.from_bytes(packed[tag_end:at], "big") + _EPOCH_MS)
    return follows


@lru_cache(maxsize=1024)
def _tag(packed: bytes) -> Tag:
    """There are few, and each is read with every chat that follows it."""
    return Tag(packed.decode())


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _days(bits: int) -> frozenset[int]:
    return frozenset(day for day in range(1, 8) if bits >> day & 1)
