"""The key-leak check: what has no lifetime must be on the list of lasting keys, or it would stay for ever."""

from __future__ import annotations

from bot.store import keys
from bot.store.connect import Database


async def leaked_keys(database: Database) -> list[str]:
    """The keys without a lifetime that ``keys.LASTING`` does not name."""
    names = await database.run(("KEYS", "*"))
    lifetimes = await database.run_many([("PTTL", name) for name in names])
    return sorted(
        name.decode()
        for name, lifetime in zip(names, lifetimes, strict=True)
        if lifetime == -1 and not keys.lasts(name.decode())
    )
