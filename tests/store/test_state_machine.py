"""Any interleaving of everything that can happen to a subscriber, against a model of what must come of it.

The machine drives the store as two senders and a crowd of handlers would: stories, choices, fan-outs that stop in
the middle, claims, crashes, lost leases, time. The model knows only numbers of stories. Checked at each look at
a chat: it is owed exactly what the model says. Checked at the end: everything owed was delivered, in order, once
(again only where a sender died or stood still between a send and its settlement), to nobody who did not follow,
and no key without a lifetime is left that is not meant to last.

Redis' clock runs while the machine does, so rules have no preconditions on what it decides: a rule that finds
nothing to do does nothing. ``STATE_MACHINE_EXAMPLES=2000`` looks longer.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.errors import StoreUnavailable
from bot.model import Address, ChatKind, Position, Tag
from bot.store import outbox as outbox_module
from bot.store.articles import Articles
from bot.store.chats import Chats
from bot.store.clients import make_client
from bot.store.connect import Command, Database
from bot.store.fanout import Fanout, NewEntry
from bot.store.log_tail import LogTail
from bot.store.outbox import LEASE_S, DueChat, Outbox, Served
from bot.store.rate_limiter import RateLimiter
from bot.store.schedule import Settlement
from handlers import choices
from tests.conftest import Clock
from tests.redis_server import RedisServer
from tests.store.leaks import leaked_keys
from tests.store.samples import a_chat, an_article

T = TypeVar("T")

READERS = (Address(1), Address(33), Address(2), Address(-7), Address(-1005, 3), Address(-1005, 9))
TAGS = (Tag("KZ"), Tag("UZ"), Tag("energy"))
SENDERS = (0, 1)
MOVED_BY = -10_000

readers = st.sampled_from(READERS)
tags = st.sampled_from(TAGS)
senders = st.sampled_from(SENDERS)
batches = st.lists(st.frozensets(tags, min_size=1), min_size=1, max_size=4)
outcomes = st.sampled_from(["sent", "sent", "lost answer", "later", "limited", "moved", "gone"])


class TiredDatabase(Database):
    """A database that can be told to be away after some more round trips."""

    round_trips_left: int | None = None

    async def run_many(self, commands: Sequence[Command]) -> list[Any]:
        self._get_tired()
        return await super().run_many(commands)

    async def keep_many(self, commands: Sequence[Command]) -> list[Any]:
        self._get_tired()
        return await super().keep_many(commands)

    def _get_tired(self) -> None:
        if self.round_trips_left is not None:
            if self.round_trips_left == 0:
                raise StoreUnavailable("told to be away")
            self.round_trips_left -= 1


@dataclass
class ModelChat:
    """What one reader follows (since which story) and got."""

    follows: dict[Tag, int] = field(default_factory=dict)
    served_to: int = 0
    gone: bool = False
    known: bool = False
    delivered: list[int] = field(default_factory=list)
    excused: Counter[int] = field(default_factory=Counter)

    def owed(self, stories: Sequence[frozenset[Tag]]) -> list[int]:
        if self.gone:
            return []
        return [
            number
            for number, story_tags in enumerate(stories, 1)
            if number > self.served_to
            and any(number > since for tag, since in self.follows.items() if tag in story_tags)
        ]


@dataclass
class InHand:
    """A chat as a sender has it; ``sent`` are the stories that are out and not written down."""

    due: DueChat
    token: int
    owed: list[int]
    served_to: Position
    safe_until_ms: int
    sent: list[int] | None = None


@dataclass
class SenderProcess:
    fanout: Fanout
    tail: LogTail
    outbox: Outbox
    gathered: dict[Position, NewEntry] = field(default_factory=dict)
    hands: dict[Address, InHand] = field(default_factory=dict)


class Newsroom(RuleBasedStateMachine):
    server: RedisServer

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = Clock()
        self.database = TiredDatabase(make_client(self.server.url), lambda: self.clock.shift_ms)
        self.articles = Articles(self.database, retention_s=86_400)
        self.chats = Chats(self.database)
        self.stories: list[frozenset[Tag]] = []
        self.model: dict[Address, ModelChat] = defaultdict(ModelChat)
        self.born = 0
        self.senders = [self.new_sender() for _ in SENDERS]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def new_sender(self) -> SenderProcess:
        self.born += 1
        tail = LogTail(self.database, self.articles)
        outbox = Outbox(self.database, RateLimiter(self.database, 1000), tail)
        return SenderProcess(Fanout(self.database, f"sender-{self.born}", take_over_after_s=0), tail, outbox)

    @initialize(followed=st.lists(st.tuples(readers, tags), min_size=3, max_size=8))
    def begin(self, followed: list[tuple[Address, Tag]]) -> None:
        """Empty, but for a few who follow something: interesting things begin at once."""
        self.run(self.database.run(("FLUSHALL",)))
        for reader, tag in followed:
            self.follow_tag(reader, tag)

    # ── people and sources ────────────────────────────────────────────────────────────────────────

    @rule(batch=batches)
    def stories_appear(self, batch: list[frozenset[Tag]]) -> None:
        self.stories_appear_now(batch)

    def stories_appear_now(self, batch: list[frozenset[Tag]]) -> None:
        first = len(self.stories) + 1
        articles = [an_article(*sorted(found), id=f"s{n}", minutes=n) for n, found in enumerate(batch, first)]
        assert len(self.run(self.articles.append(articles)).new) == len(batch)
        self.stories += batch

    @rule(reader=readers, tag=tags)
    def follow(self, reader: Address, tag: Tag) -> None:
        self.come_back_now(reader)
        self.follow_tag(reader, tag)

    def follow_tag(self, reader: Address, tag: Tag) -> None:
        chat = self.model[reader]
        self.change(reader, lambda stored, end: choices.follow(stored, [tag], end))
        chat.follows.setdefault(tag, len(self.stories))

    @rule(reader=readers, tag=tags)
    def unfollow(self, reader: Address, tag: Tag) -> None:
        self.change(reader, lambda stored, _: choices.unfollow(stored, [tag]))
        self.model[reader].follows.pop(tag, None)

    @rule(reader=readers)
    def come_back(self, reader: Address) -> None:
        self.come_back_now(reader)

    def come_back_now(self, reader: Address) -> None:
        chat = self.model[reader]
        self.change(reader, choices.come_back)
        if chat.gone:
            chat.gone = False
            chat.follows = dict.fromkeys(chat.follows, len(self.stories))

    @rule(reader=readers)
    def delete(self, reader: Address) -> None:
        self.run(self.chats.forget(reader))
        old = self.model[reader]
        self.model[reader] = ModelChat(delivered=old.delivered, excused=old.excused)

    def change(self, reader: Address, change: Any) -> None:
        chat = self.model[reader]
        if not chat.known:
            chat.served_to, chat.known = len(self.stories), True
        self.run(self.chats.update(reader, change, new=a_chat(reader.chat_id, thread_id=reader.thread_id)))

    # ── senders, side one ─────────────────────────────────────────────────────────────────────────

    @rule(number=senders, round_trips=st.none() | st.integers(0, 40))
    def fan_out(self, number: int, round_trips: int | None) -> None:
        self.fan_out_now(number, round_trips)

    def fan_out_now(self, number: int, round_trips: int | None = None) -> None:
        """All the way, or until Redis goes away in the middle."""
        sender = self.senders[number]
        sender.gathered |= {entry.position: entry for entry in self.run(sender.fanout.read())}
        if not sender.gathered:
            return
        self.database.round_trips_left = round_trips
        try:
            self.run(sender.fanout.mark(list(sender.gathered.values())))
            sender.gathered.clear()
        except StoreUnavailable:
            pass
        finally:
            self.database.round_trips_left = None

    # ── senders, side two ─────────────────────────────────────────────────────────────────────────

    @rule(number=senders, limit=st.integers(1, 4))
    def claim(self, number: int, limit: int) -> None:
        self.take(self.senders[number], limit)

    @rule(
        number=senders,
        batch=batches,
        results=st.lists(outcomes, min_size=1, max_size=6),
        writes_down=st.booleans(),
    )
    def stories_go_out(
        self, number: int, batch: list[frozenset[Tag]], results: list[str], writes_down: bool
    ) -> None:
        """The usual way in one step, so that much happens in few: and then it is written down, or not yet."""
        sender = self.senders[number]
        self.stories_appear_now(batch)
        self.fan_out_now(number)
        self.time_passes_now(1.1)  # a private chat gets a message a second
        self.take(sender, len(results))
        for outcome in results:
            self.serve_one(sender, outcome)
        if writes_down:
            self.write_down_now(sender)

    def take(self, sender: SenderProcess, limit: int) -> None:
        claims = [
            c for c in self.run(sender.outbox.claim(limit)) if Address.parse(c.member) not in sender.hands
        ]
        prepared = self.run(sender.outbox.prepare(claims)) if claims else None
        for due in prepared.chats if prepared else ():
            self.look_at(sender, due)

    def look_at(self, sender: SenderProcess, due: DueChat) -> None:
        chat = self.model[due.address]
        positions = sender.tail.index.owed(due.chat.follows, due.cursor) if due.chat else []
        owed = [int(sender.tail.index.ids[position].removeprefix("s")) for position in positions]
        if due.chat is None or due.chat.gone_since:
            owed = []
        assert owed == chat.owed(self.stories), f"{due.address} is owed something else"
        hand = InHand(
            due, due.claim.token, owed, sender.tail.position, due.claim.token - int(LEASE_S / 6 * 1000)
        )
        sender.hands[due.address] = hand
        if not owed:
            self.settle(sender, hand, moves=True)
            return
        (permit,) = self.run(sender.outbox.permits([due])).permits
        if not permit.granted:
            self.settle(sender, hand, due_in_s=permit.wait_s)

    @rule(number=senders, outcome=outcomes)
    def serve(self, number: int, outcome: str) -> None:
        self.serve_one(self.senders[number], outcome)

    def serve_one(self, sender: SenderProcess, outcome: str) -> None:
        hand = next((hand for hand in sender.hands.values() if hand.sent is None), None)
        if hand is None:
            return
        address = hand.due.address
        if self.now_ms() >= hand.safe_until_ms:
            del sender.hands[address]
            return
        if outcome in ("sent", "lost answer"):
            self.model[address].delivered += hand.owed
            hand.sent = hand.owed
        if outcome == "lost answer":
            # Telegram has it, we do not know: the one wanted way to a double.
            self.model[address].excused.update(hand.owed)
            self.settle(sender, hand, due_in_s=5)
        elif outcome == "later":
            self.settle(sender, hand, due_in_s=3)
        elif outcome == "limited":
            self.run(RateLimiter(self.database, 1000).hold(address.chat_id, 2))
            self.settle(sender, hand, due_in_s=2)
        elif outcome == "gone":
            self.run(self.chats.mark_gone([address]))
            self.model[address].gone = self.model[address].known
            self.settle(sender, hand)
        elif outcome == "moved" and hand.due.chat and hand.due.chat.kind is not ChatKind.PRIVATE:
            self.group_moves(address)
            self.settle(sender, hand)

    def group_moves(self, address: Address) -> None:
        self.run(self.chats.move(address, address.chat_id + MOVED_BY))
        new = Address(address.chat_id + MOVED_BY, address.thread_id)
        old = self.model[address]
        if old.known and not self.model[new].known:
            self.model[new].follows, self.model[new].served_to = old.follows, old.served_to
            self.model[new].known = True
        self.model[address] = ModelChat(delivered=old.delivered, excused=old.excused)

    @rule(number=senders)
    def write_down(self, number: int) -> None:
        self.write_down_now(self.senders[number])

    def write_down_now(self, sender: SenderProcess) -> None:
        for hand in [hand for hand in sender.hands.values() if hand.sent is not None]:
            self.settle(sender, hand, moves=True)

    def settle(
        self, sender: SenderProcess, hand: InHand, *, moves: bool = False, due_in_s: float | None = None
    ) -> None:
        del sender.hands[hand.due.address]
        settlement = Settlement(hand.due.claim.member, hand.token, due_in_s, hold=due_in_s is not None)
        cursor = hand.served_to if moves else None
        self.run(sender.outbox.settle([Served(cursor, settlement)]))
        chat = self.model[hand.due.address]
        if moves and chat.known:
            chat.served_to = max(chat.served_to, int(sender.tail.index.ids[cursor][1:]) if cursor else 0)

    @rule(number=senders)
    def crash(self, number: int) -> None:
        self.crash_now(number)

    def crash_now(self, number: int) -> None:
        for address, hand in self.senders[number].hands.items():
            self.model[address].excused.update(hand.sent or ())
        self.senders[number] = self.new_sender()

    @rule(number=senders)
    def renew(self, number: int) -> None:
        sender = self.senders[number]
        claims = [hand.due.claim._replace(token=hand.token) for hand in sender.hands.values()]
        tokens = self.run(sender.outbox.renew(claims))
        for hand in sender.hands.values():
            token = tokens[hand.due.claim.member]
            if token is not None:
                hand.token = token
                hand.safe_until_ms = token - int(LEASE_S / 6 * 1000)
            else:
                hand.safe_until_ms = 0

    # ── time ──────────────────────────────────────────────────────────────────────────────────────

    @rule(seconds=st.sampled_from([0.3, 2, 6, LEASE_S + 1, 3600]))
    def time_passes(self, seconds: float) -> None:
        self.time_passes_now(seconds)

    def time_passes_now(self, seconds: float) -> None:
        self.clock.advance(seconds)
        for sender in self.senders:
            for address, hand in sender.hands.items():
                if self.now_ms() >= hand.token:
                    # A process that stands still between a send and its settlement is as good as dead.
                    self.model[address].excused.update(hand.sent or ())

    def now_ms(self) -> int:
        seconds, micros = self.run(self.database.run(("TIME",)))
        return int(seconds * 1000 + micros // 1000) + self.clock.shift_ms

    # ── what must hold ────────────────────────────────────────────────────────────────────────────

    @invariant()
    def nobody_gets_a_story_twice_without_excuse(self) -> None:
        for address, chat in self.model.items():
            for number, times in Counter(chat.delivered).items():
                assert times <= 1 + chat.excused[number], f"story {number} came {times} times to {address}"

    def teardown(self) -> None:
        try:
            self.drain()
            for address, chat in self.model.items():
                assert chat.owed(self.stories) == [], f"{address} never got what it is owed"
                first_times = list(dict.fromkeys(chat.delivered))
                assert first_times == sorted(first_times), f"{address} got stories out of order"
            assert self.run(leaked_keys(self.database)) == []
        finally:
            self.run(self.database.aclose())
            self.runner.close()

    def drain(self) -> None:
        """All senders die; a new one finds everything in Redis."""
        for number in SENDERS:
            self.crash_now(number)
        sender = self.senders[0]
        self.fan_out_now(0)
        quiet_rounds = 0
        while quiet_rounds < 3:
            self.clock.advance(LEASE_S + 1)
            self.take(sender, 100)
            quiet_rounds = 0 if sender.hands else quiet_rounds + 1
            while sender.hands:
                self.serve_one(sender, "sent")
                self.write_down_now(sender)


def test_everything_owed_is_delivered_whatever_happens(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis_server.start()
    monkeypatch.setattr(outbox_module, "LOOK_EVERY_S", -1.0)
    monkeypatch.setattr(Newsroom, "server", redis_server, raising=False)
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=int(os.environ.get("STATE_MACHINE_EXAMPLES", "40")),
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
