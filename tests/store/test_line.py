"""The line of due chats: how long it is, who stands where, and that nobody waits for ever however long it gets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.model import Address, Chat, Position, Tag
from bot.store import outbox as outbox_module
from bot.store.articles import Articles
from bot.store.backlog import BacklogMeter
from bot.store.chats import ChatChange, Chats
from bot.store.connect import Database
from bot.store.fanout import Fanout
from bot.store.log_tail import LogTail
from bot.store.outbox import Outbox, Served
from bot.store.rate_limiter import RateLimiter
from bot.store.schedule import Claim, Settlement
from tests.conftest import Clock
from tests.store.samples import a_chat, an_article


class Desk:
    """A sender's store: followers, stories, claims."""

    def __init__(self, database: Database) -> None:
        self.chats = Chats(database)
        self.articles = Articles(database, 10 * 86_400)
        self.fanout = Fanout(database, "desk")
        self.tail = LogTail(database, self.articles)
        self.outbox = Outbox(database, RateLimiter(database, 1000), self.tail)

    async def subscribe(self, chat_ids: Iterable[int]) -> None:
        def follow(chat: Chat, end: Position) -> Chat:
            return replace(chat, follows={Tag("KZ"): end})

        await self.chats.update_many([ChatChange(a_chat(chat_id), follow) for chat_id in chat_ids])

    async def publish(self) -> Position:
        await self.articles.append([an_article("KZ")])
        entries = await self.fanout.read()
        await self.fanout.mark(entries)
        await self.tail.refresh()
        return entries[-1].position

    async def claim_all(self) -> list[Claim]:
        claims: list[Claim] = []
        while found := await self.outbox.claim(1000):
            claims += found
        return sorted(claims, key=lambda claim: claim.due_ms)

    async def settle(self, claims: Iterable[Claim], served_to: Position) -> None:
        await self.outbox.settle([Served(served_to, Settlement(c.member, c.token)) for c in claims])


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(outbox_module, "LOOK_EVERY_S", -1.0)
    return Desk(database)


async def test_the_line_is_measured_with_who_is_in_hand_and_how_long_the_first_has_waited(
    desk: Desk, database: Database, clock: Clock
) -> None:
    meter = BacklogMeter(database, messages_per_second=2)
    empty = await meter.measure()
    assert (empty.due, empty.in_hand, empty.oldest_s, empty.wait_s) == (0, 0, 0.0, 0.0)
    await desk.subscribe(range(1, 101))
    await desk.publish()
    clock.advance(60)
    claimed = len(await desk.outbox.claim(10))
    line = await meter.measure()
    assert (line.due, line.in_hand) == (100 - claimed, claimed)
    assert line.wait_s == line.due / 2
    assert line.oldest_s == pytest.approx(60, abs=2)


async def test_who_is_due_later_does_not_stand_in_the_line(desk: Desk, database: Database) -> None:
    await desk.chats.update(
        Address(1), lambda chat, _: replace(chat, language="ru"), new=a_chat(1), due_in_s=60
    )
    assert (await BacklogMeter(database, 1).measure()).due == 0


async def test_groups_and_channels_stand_ahead_of_private_chats(desk: Desk, clock: Clock) -> None:
    await desk.subscribe([*range(1, 61), *range(-60, 0), *range(-1_000_000_000_060, -1_000_000_000_000)])
    await desk.publish()
    clock.advance(1)
    order = [int(claim.member) for claim in await desk.claim_all()]
    assert len(order) == 180
    assert all(chat_id < 0 for chat_id in order[:120])
    assert all(chat_id > 0 for chat_id in order[120:])


async def test_no_follower_is_always_last(desk: Desk, clock: Clock) -> None:
    await desk.subscribe(range(1, 101))
    last_tenth: Counter[int] = Counter()
    places: dict[int, list[int]] = defaultdict(list)
    for _ in range(20):
        position = await desk.publish()
        clock.advance(7)
        claims = await desk.claim_all()
        order = [int(claim.member) for claim in claims]
        last_tenth.update(order[-10:])
        for place, chat_id in enumerate(order):
            places[chat_id].append(place)
        await desk.settle(claims, position)
    assert max(last_tenth.values()) <= 8, "twenty stories, and nobody is among the last for half of them"
    means = [sum(found) / len(found) for found in places.values()]
    assert max(means) < 75, "on average nobody stands far behind"


async def test_who_stands_in_line_keeps_the_place_when_more_comes(desk: Desk, clock: Clock) -> None:
    await desk.subscribe(range(1, 21))
    first = await desk.publish()
    clock.advance(100)
    await desk.subscribe(range(21, 41))
    await desk.publish()
    clock.advance(1)
    claims = await desk.claim_all()
    assert len(claims) == 40, "one place each, however much is owed"
    assert {int(claim.member) for claim in claims[:20]} == set(range(1, 21))
    assert all(claim.due_ms <= first + 2 for claim in claims[:20])


async def test_under_a_line_of_hours_everybody_is_served_once_a_round_and_no_story_gets_older(
    desk: Desk, clock: Clock, database: Database
) -> None:
    """1,200 chats at a message in five seconds: a round takes 100 minutes, and a story comes every ten."""
    chats, at_once, per_s = 1200, 8, 0.2
    await desk.subscribe(range(1, chats + 1))
    oldest_s: list[float] = []
    served: Counter[str] = Counter()
    position = Position(0)
    for step in range(3 * chats // at_once):
        if step % 15 == 0:
            position = await desk.publish()
        claims = await desk.outbox.claim(at_once)
        served.update(claim.member for claim in claims)
        now_ms = claims[0].token - outbox_module.LEASE_S * 1000
        oldest_s.append((now_ms - min(claim.due_ms for claim in claims)) / 1000)
        await desk.settle(claims, position)
        if step == 20:
            assert (await BacklogMeter(database, per_s).measure()).wait_s > 3600
        clock.advance(len(claims) / per_s)
    assert set(served.values()) <= {2, 3, 4}, "three rounds: a message each, give or take what shards differ"
    # How many are a turn early or late depends on how often the sender looks at all shards while hours are leapt over.
    assert Counter(served.values())[3] > 0.6 * chats
    assert max(oldest_s) <= 1.2 * chats / per_s, "no story waits longer than a round"
    assert max(oldest_s[-150:]) <= 1.1 * max(oldest_s[:160]), "and it gets no worse"


async def test_a_sender_that_comes_late_moves_no_cursor_back(desk: Desk, clock: Clock) -> None:
    await desk.subscribe([1])
    early = await desk.publish()
    clock.advance(1)
    late_claims = await desk.claim_all()
    clock.advance(outbox_module.LEASE_S + 1)
    later = await desk.publish()
    clock.advance(1)
    await desk.settle(await desk.claim_all(), later)
    await desk.settle(late_claims, early)
    await desk.publish()
    clock.advance(2)
    (due,) = (await desk.outbox.prepare(await desk.claim_all())).chats
    assert due.cursor == later
