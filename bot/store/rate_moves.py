"""Rates that moved, and the alert rules that chats have: what the alert desk reads, and how it says whom that concerns.

A rule has a tag (``$KZT1%``), and who has the rule is among that tag's followers, exactly as with stories; so whom a
move concerns is found by looking at the *rules* of its currency, never at chats. This room knows which rules there
are; the moves come from a stream that a consumer group shares, so that one that was read by a process that died is
read by another.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.errors import StoreCorrupted
from bot.model import RateAlert, RateMove, RateRule, RateThreshold, Side, Tag
from bot.store import keys
from bot.store.connect import Command, Database
from bot.store.packing import unpack_move

TAKE_OVER_AFTER_MS = 30_000
AT_ONCE = 100
UNUSED_FOR_S = 86_400
"""A rule that nobody has is forgotten after that; a day, because it is noted before its chat is saved."""
LOOKED_AT = 20

_RULE = re.compile(r"\$([A-Z]{3})(?:([0-9.]+)%|([<>])([0-9.]+))")


@dataclass(frozen=True, slots=True)
class LoggedMove:
    """A move at its place in the stream."""

    id: str
    move: RateMove


class RateMoves:
    """The moves, as ``consumer`` reads them, and the rules."""

    def __init__(self, database: Database, consumer: str) -> None:
        self._database = database
        self._consumer = consumer
        self._joined = False

    async def read(self) -> list[LoggedMove]:
        """Moves that nobody has dealt with, oldest first. Raises StoreUnavailable."""
        if not self._joined:
            await self._join()
        group = ("GROUP", keys.RATE_MOVES_GROUP, self._consumer)
        fresh, taken_over = await self._database.run_many(
            [
                ("XREADGROUP", *group, "COUNT", AT_ONCE, "STREAMS", keys.RATE_MOVES, ">"),
                ("XAUTOCLAIM", keys.RATE_MOVES, *group[1:], TAKE_OVER_AFTER_MS, "0", "COUNT", AT_ONCE),
            ]
        )
        found = [entry for _, entries in fresh for entry in entries]
        # An entry that was trimmed while it was pending comes back without fields.
        return [
            LoggedMove(entry_id.decode(), unpack_move(fields[b"move"]))
            for entry_id, fields in (*taken_over[1], *found)
            if fields
        ]

    async def _join(self) -> None:
        try:
            await self._database.run(
                ("XGROUP", "CREATE", keys.RATE_MOVES, keys.RATE_MOVES_GROUP, "0", "MKSTREAM")
            )
        except StoreCorrupted as error:
            if "BUSYGROUP" not in str(error):
                raise
        self._joined = True

    async def done(self, moves: Iterable[LoggedMove]) -> None:
        """These are dealt with. Raises StoreUnavailable."""
        ids = [move.id for move in moves]
        if ids:
            await self._database.run(("XACK", keys.RATE_MOVES, keys.RATE_MOVES_GROUP, *ids))

    async def rules(self, currency: str) -> list[RateRule]:
        """The rules that chats have about a currency, each once. Raises StoreUnavailable."""
        tags = await self._database.run(("ZRANGE", keys.alert_rules(currency), 0, -1))
        return [rule for tag in tags if (rule := read_rule(Tag(tag.decode())))]

    async def forget_unused(self, currency: str) -> int:
        """Look at some rules, longest unseen first, and forget those that nobody has. Raises StoreUnavailable."""
        key, now_s = keys.alert_rules(currency), int(time.time())
        found = await self._database.run(
            ("ZRANGEBYSCORE", key, "-inf", now_s - UNUSED_FOR_S, "LIMIT", 0, LOOKED_AT)
        )
        unused = []
        for tag in (Tag(name.decode()) for name in found):
            indexes = [kind(shard, tag).buckets for shard in range(keys.SHARDS) for kind in _KINDS]
            followed = await self._database.run_many([("EXISTS", index) for index in indexes])
            if any(followed):
                await self._database.run(("ZADD", key, "XX", now_s, tag))
            else:
                unused.append(tag)
        if unused:
            await self._database.run(("ZREM", key, *unused))
        return len(unused)


_KINDS = (keys.followers, keys.topic_followers)


def note_rules(rules: Iterable[RateRule]) -> list[Command]:
    """The commands that make rules known, before the first chat has them."""
    now_s = int(time.time())
    return [("ZADD", keys.alert_rules(rule.currency), now_s, rule.tag) for rule in rules]


def read_rule(tag: Tag) -> RateRule | None:
    """The rule of a tag; None for a tag of something else."""
    match = _RULE.fullmatch(tag)
    if not match:
        return None
    currency, percent, side, level = match.groups()
    if percent:
        return RateAlert(currency, Decimal(percent))
    return RateThreshold(currency, Side(side), Decimal(level))


def newly_set(before: Sequence[RateRule], after: Sequence[RateRule]) -> list[RateRule]:
    """The rules that a chat has now and had not."""
    known = {rule.tag for rule in before}
    return [rule for rule in after if rule.tag not in known]
