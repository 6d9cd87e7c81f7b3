"""Subscribers: their settings, and who follows what. Handlers read and change chats here.

A change is a pure function from chat to chat. It is saved only if nobody changed the chat meanwhile, together
with everything derived from it (the followers' sets, the first due time), in one script.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.model import Address, Chat, ChatKind, Position, Tag
from bot.store import keys
from bot.store.connect import Database
from bot.store.packing import pack_chat, unpack_chat
from bot.store.scripts import ScriptCall, script

Change = Callable[[Chat, Position], Chat]
"""What a person asked for: the chat as it is, and the log position of now, to the chat as it shall be."""


class Chats:
    """All subscribers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, address: Address) -> Chat | None:
        """The chat's settings; None if it has none stored."""
        packed, _ = await self._read(address)
        return unpack_chat(address, packed) if packed else None

    async def update(
        self, address: Address, change: Change, *, new: Chat, due_in_s: float | None = None
    ) -> Chat:
        """Change a chat (``new`` if it is unknown) and return it as it is now stored.

        ``change`` may be called again when somebody else was faster. ``due_in_s`` has the sender look at the chat
        at that time, for instance because a briefing is planned. Raises StoreUnavailable.
        """
        while True:
            packed, now = await self._read(address)
            before = unpack_chat(address, packed) if packed else None
            after = change(before or new, now)
            if after == before:
                return after
            if await self._save(address, packed, before, after, now, due_in_s):
                return after

    async def move(self, old: Address, chat_id: int) -> None:
        """A group became a supergroup: its settings and its cursor go with it, then the old ones are forgotten.

        Running it again, or meeting settings under the new id already, changes nothing there.
        """
        new = replace(old, chat_id=chat_id)
        at = keys.home(old)
        packed, _ = await self._read(old)
        if not packed:
            return
        cursor = await self._database.run(("HGET", keys.cursors(at), str(old)))
        chat = replace(unpack_chat(old, packed), address=new, kind=ChatKind.SUPERGROUP, gone_since=None)
        await self._save(new, b"", None, chat, Position(int(cursor or 0)), 0)
        await self.forget(old)

    async def forget(self, address: Address) -> None:
        """Remove every trace of a chat."""
        while True:
            packed, now = await self._read(address)
            before = unpack_chat(address, packed) if packed else None
            if await self._save(address, packed, before, None, now, None):
                return

    async def _read(self, address: Address) -> tuple[bytes, Position]:
        at = keys.home(address)
        now, packed, _ = await self._database.run(
            ScriptCall(
                script("read_chats"),
                (keys.records(at), keys.cursors(at)),
                (self._database.clock_shift_ms(), str(address)),
            )
        )
        return packed, Position(int(now))

    async def _save(
        self,
        address: Address,
        packed: bytes,
        before: Chat | None,
        after: Chat | None,
        cursor: Position,
        due_in_s: float | None,
    ) -> bool:
        at = keys.home(address)
        schedule = keys.chat_schedule(at.shard)
        old_tags = before.pushed_tags if before else frozenset[Tag]()
        new_tags = after.pushed_tags if after else frozenset[Tag]()
        joined = sorted(new_tags - old_tags)
        sets: list[str] = []
        for tag in [*joined, *sorted(old_tags - new_tags)]:
            kept = keys.followers_like(address, tag)
            sets += [kept.members(at.bucket), kept.buckets]
        call = ScriptCall(
            script("save_chat"),
            (
                keys.records(at),
                keys.cursors(at),
                schedule.due,
                schedule.held,
                schedule.leases,
                schedule.attempts,
                *sets,
            ),
            (
                self._database.clock_shift_ms(),
                str(address),
                packed,
                pack_chat(after) if after else b"",
                cursor,
                "" if due_in_s is None else int(due_in_s * 1000),
                len(joined),
                at.bucket,
            ),
        )
        return bool(await self._database.run(call))
