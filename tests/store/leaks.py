"""The key-leak check: what has no lifetime must be on the list of lasting keys, or it would stay for ever."""

from __future__ import annotations

import re

from bot.store.connect import Database

_LASTING: tuple[str, ...] = (
    r"\{a\}:(log|edition)",
    r"\{a\}:latest:.+",
    r"\{r\}:(newest|revision|moves|rules:.+)",
    r"\{l\}:paused",
    r"\{s\}:(due|leases|held|attempts)",
    r"\{u\}:(due|leases|tries|lane:.+)",
    r"\{p\}:webhook-secret",
    r"\{c\d+\}:(chats|cursors):\d+",
    r"\{c\d+\}:(f|ft):\d+:.+",
    r"\{c\d+\}:(fb|ftb):.+",
    r"\{c\d+\}:(due|leases|held|attempts|gone)",
)
"""The keys of the table in :mod:`bot.store.keys` that may be without a lifetime: what is in them is trimmed, or leaves
when served."""


async def leaked_keys(database: Database) -> list[str]:
    """The keys without a lifetime that are none of these."""
    names = await database.run(("KEYS", "*"))
    lifetimes = await database.run_many([("PTTL", name) for name in names])
    return sorted(
        name.decode()
        for name, lifetime in zip(names, lifetimes, strict=True)
        if lifetime == -1 and not any(re.fullmatch(pattern, name.decode()) for pattern in _LASTING)
    )


_READ_BY: dict[bytes, tuple[str | int, ...]] = {
    b"string": ("GET", "{}"),
    b"hash": ("HGETALL", "{}"),
    b"set": ("SMEMBERS", "{}"),
    b"zset": ("ZRANGE", "{}", 0, -1, "WITHSCORES"),
    b"list": ("LRANGE", "{}", 0, -1),
    b"stream": ("XRANGE", "{}", "-", "+"),
}


async def everything(database: Database) -> dict[str, str]:
    """All that is stored, key by key, in no promised order within a key."""
    names = await database.run(("KEYS", "*"))
    kinds = await database.run_many([("TYPE", name) for name in names])
    reads = [
        tuple(name if word == "{}" else word for word in _READ_BY[kind])
        for name, kind in zip(names, kinds, strict=True)
    ]
    return {
        name.decode(): repr(value) for name, value in zip(names, await database.run_many(reads), strict=True)
    }
