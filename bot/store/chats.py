"""Subscribers: their settings, and who follows what. Handlers read and change chats here.

A change is a pure function from chat to chat. It is saved only if nobody changed the chat meanwhile, together
with everything derived from it (the followers' sets, the first due time), in one script. Many changes at once
(an import) take the same road in batches: two round trips for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from bot.model import Address, Chat, ChatKind, Position, RateRule, Tag
from bot.store import keys
from bot.store.articles import END_OF_LOG, read_end_of_log
from bot.store.chat_record import pack_chat, unpack_chat
from bot.store.connect import Command, Database
from bot.store.rate_moves import note_rules
from bot.store.scripts import ScriptCall, script

Change = Callable[[Chat, Position], Chat]
"""What a person asked for: the chat as it is, and the end of the log, to the chat as it shall be.

The end of the log, and not the time, says exactly what was there before a choice and what comes after it: several
stories of one millisecond have positions that run ahead of the clock.
"""

CHATS_PER_CALL = 100
"""Keeps a call to about a millisecond, so that an import of a million chats delays nobody."""

BUCKETS_PER_READ = 128


@dataclass(frozen=True, slots=True)
class ChatChange:
    """One change to one chat (``new`` if it is unknown), and when the sender should look at it, if it should."""

    new: Chat
    change: Change
    due_in_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Stored:
    """A chat as it was read, with the end of the log and Redis' clock at that moment."""

    packed: bytes
    chat: Chat | None
    bookmark: bytes
    log_end: Position
    clock_ms: int


@dataclass(frozen=True, slots=True)
class _Save:
    """``after`` in the place of what was read; None forgets the chat. ``bookmark`` is that of a new chat."""

    address: Address
    read: _Stored
    after: Chat | None
    bookmark: bytes | Position
    due_in_s: float | None = None


class Chats:
    """All subscribers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, address: Address) -> Chat | None:
        """The chat's settings; None if it has none stored."""
        return (await self._read_one(address)).chat

    async def all(self) -> AsyncIterator[Chat]:
        """Every chat once, bucket by bucket; changes made meanwhile may or may not be seen."""
        homes = [keys.Home(shard, bucket) for shard in range(keys.SHARDS) for bucket in range(keys.BUCKETS)]
        for step in slices(homes, BUCKETS_PER_READ):
            commands: list[Command] = [("HGETALL", keys.records(at)) for at in step]
            for bucket in await self._database.run_many(commands):
                for member, packed in bucket.items():
                    yield unpack_chat(Address.parse(member.decode()), packed)

    async def update(
        self, address: Address, change: Change, *, new: Chat, due_in_s: float | None = None
    ) -> Chat:
        """Change a chat (``new`` if it is unknown) and return it as it is now stored.

        ``change`` may be called again when somebody else was faster. ``due_in_s`` has the sender look at the chat
        at that time, for instance because a briefing is planned. Raises StoreUnavailable.
        """
        wish = ChatChange(new if new.address == address else replace(new, address=address), change, due_in_s)
        return (await self.update_many([wish]))[address]

    async def update_many(self, wishes: Sequence[ChatChange]) -> dict[Address, Chat]:
        """Change many chats, each as :meth:`update` does, and return them as they are now stored.

        Of two changes to one chat the later one is made last. Raises StoreUnavailable; then some may be saved.
        """
        stored: dict[Address, Chat] = {}
        waiting = list(wishes)
        while waiting:
            # One change per chat and round.
            this_round = {wish.new.address: wish for wish in reversed(waiting)}
            refused = await self._update_round(list(this_round.values()), stored)
            done = {id(wish) for wish in this_round.values()} - {id(wish) for wish in refused}
            waiting = [wish for wish in waiting if id(wish) not in done]
        return stored

    async def _update_round(
        self, wishes: Sequence[ChatChange], stored: dict[Address, Chat]
    ) -> list[ChatChange]:
        """Try each change once, note in ``stored`` what is so by now, and return those to try again."""
        saves: list[_Save] = []
        by_address: dict[Address, ChatChange] = {}
        for wish, read in zip(wishes, await self._read([w.new.address for w in wishes]), strict=True):
            address = wish.new.address
            after = wish.change(read.chat or wish.new, read.log_end)
            if after == read.chat:
                stored[address] = after
            else:
                saves.append(_Save(address, read, after, read.log_end, wish.due_in_s))
                by_address[address] = wish
        refused = []
        for save, saved in await self._save(saves):
            if saved and save.after is not None:
                stored[save.address] = save.after
            else:
                refused.append(by_address[save.address])
        return refused

    async def move(self, old: Address, chat_id: int) -> None:
        """A group became a supergroup: its settings and its cursor go with it, then the old ones are forgotten.

        Running it again, or meeting settings under the new id already, changes nothing there.
        """
        new = replace(old, chat_id=chat_id)
        before = await self._read_one(old)
        if before.chat is None:
            return
        chat = replace(before.chat, address=new, kind=ChatKind.SUPERGROUP, gone_since=None)
        nothing = replace(before, packed=b"", chat=None)
        await self._save([_Save(new, nothing, chat, before.bookmark, due_in_s=0)])
        await self.forget(old)

    async def mark_gone(self, addresses: Sequence[Address]) -> None:
        """Telegram refuses us here: nothing is pushed until the chat comes back. Forgotten chats stay forgotten.

        Since when is by Redis' clock; a chat that is gone already keeps its date. Raises StoreUnavailable.
        """
        waiting = list(dict.fromkeys(addresses))
        while waiting:
            saves = [
                _Save(address, read, replace(read.chat, gone_since=moment(read.clock_ms)), read.bookmark)
                for address, read in zip(waiting, await self._read(waiting), strict=True)
                if read.chat is not None and read.chat.gone_since is None
            ]
            waiting = [save.address for save, saved in await self._save(saves) if not saved]

    async def addresses(self, chat_id: int) -> list[Address]:
        """The stored addresses of a chat: itself and the topics that chose something of their own."""
        members = await self._database.run(("HKEYS", keys.records(keys.home(Address(chat_id)))))
        addresses = (Address.parse(member.decode()) for member in members)
        return sorted((a for a in addresses if a.chat_id == chat_id), key=lambda a: a.thread_id or 0)

    async def forget(self, address: Address) -> None:
        """Remove every trace of a chat."""
        while True:
            before = await self._read_one(address)
            ((_, forgotten),) = await self._save([_Save(address, before, None, before.bookmark)])
            if forgotten:
                return

    async def _read_one(self, address: Address) -> _Stored:
        return (await self._read([address]))[0]

    async def _read(self, addresses: Sequence[Address]) -> list[_Stored]:
        groups = list(_by_shard(addresses, lambda address: address))
        shift = self._database.clock_shift_ms()
        calls: list[Command] = []
        for _, group in groups:
            homes = map(keys.home, group)
            names = tuple(name for at in homes for name in (keys.records(at), keys.cursors(at)))
            calls.append(ScriptCall(script("read_chats"), names, (shift, *map(str, group))))
        *answers, newest = await self._database.run_many([*calls, END_OF_LOG])
        log_end = read_end_of_log(newest)
        read: dict[Address, _Stored] = {}
        for (_, group), (now, *fields) in zip(groups, answers, strict=True):
            for address, packed, bookmark in zip(group, fields[::2], fields[1::2], strict=True):
                chat = unpack_chat(address, packed) if packed else None
                read[address] = _Stored(packed, chat, bookmark, log_end, int(now))
        return [read[address] for address in addresses]

    async def _save(self, saves: Sequence[_Save]) -> list[tuple[_Save, bool]]:
        """Save each chat that is still as it was read; False for each that is not."""
        groups = list(_by_shard(saves, lambda save: save.address))
        # Rules are made known before anybody has them: who finds whom a rate concerns goes by rules.
        await self._database.keep_many(note_rules(_new_rules(saves)))
        shift = self._database.clock_shift_ms()
        calls = [_save_call(shard, group, shift) for shard, group in groups]
        answers = await self._database.keep_many(calls)
        return [
            (save, bool(kept))
            for (_, group), answer in zip(groups, answers, strict=True)
            for save, kept in zip(group, answer, strict=True)
        ]


Item = TypeVar("Item")


def _by_shard(
    items: Iterable[Item], address_of: Callable[[Item], Address]
) -> Iterator[tuple[int, Sequence[Item]]]:
    """The items of each shard, at most ``CHATS_PER_CALL`` together."""
    shards: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        shards[keys.home(address_of(item)).shard].append(item)
    for shard, group in shards.items():
        for part in slices(group, CHATS_PER_CALL):
            yield shard, part


def slices(items: Sequence[Item], length: int) -> Iterator[Sequence[Item]]:
    """The items, ``length`` at a time."""
    return (items[at : at + length] for at in range(0, len(items), length))


def _new_rules(saves: Iterable[_Save]) -> Iterator[RateRule]:
    """The alert rules that chats get by being saved; the same one many times only once."""
    found: dict[Tag, RateRule] = {}
    for save in saves:
        if save.after and save.after.alerts:
            had = save.read.chat.owed_since if save.read.chat else {}
            found |= {rule.tag: rule for rule in save.after.alerts if rule.tag not in had}
    yield from found.values()


def _save_call(shard: int, saves: Iterable[_Save], shift_ms: int) -> ScriptCall:
    schedule = keys.chat_schedule(shard)
    names = [schedule.due, schedule.held, schedule.leases, schedule.attempts, keys.gone(shard)]
    args: list[str | int | bytes] = [shift_ms]
    for save in saves:
        at = keys.home(save.address)
        old_tags = save.read.chat.owed_since if save.read.chat else {}
        new_tags = save.after.owed_since if save.after else {}
        joined = [tag for tag in new_tags if tag not in old_tags]
        left = [tag for tag in old_tags if tag not in new_tags]
        names += (keys.records(at), keys.cursors(at))
        kept = keys.followers if save.address.thread_id is None else keys.topic_followers
        for tag in (*joined, *left):
            followers = kept(shard, tag)
            names += (followers.members(at.bucket), followers.buckets)
        due_in_ms = "" if save.due_in_s is None else int(save.due_in_s * 1000)
        after = pack_chat(save.after) if save.after else b""
        args += (str(save.address), save.read.packed, after, save.bookmark, due_in_ms, at.bucket)
        gone_since = save.after.gone_since if save.after else None
        args += (int(gone_since.timestamp() * 1000) if gone_since else "", len(joined), len(left))
    return ScriptCall(script("save_chats"), tuple(names), tuple(args))


def moment(clock_ms: int) -> datetime:
    """Redis' clock as a time, in whole seconds (as records keep it)."""
    return datetime.fromtimestamp(clock_ms // 1000, UTC)
