"""What is kept of rates, on every kind of Redis: last words, history, moves told once, what is held back, rules."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.model import Address, Fixing, Position, Quote, RateAlert, RateMove, RateRule, RateThreshold, Side
from bot.roles.alert_desk import AlertDesk
from bot.roles.rates_desk import RatesDesk
from bot.store import keys
from bot.store.articles import Articles
from bot.store.chats import ChatChange, Chats
from bot.store.connect import Database
from bot.store.fanout import Fanout
from bot.store.held_rates import HeldRate, HeldRates
from bot.store.log_tail import LogTail
from bot.store.rate_history import RateHistory
from bot.store.rate_moves import UNUSED_FOR_S, RateMoves, read_rule
from bot.store.rates import Rates, RatesNews
from tests.store.samples import a_chat

TODAY = datetime.now(UTC).date()
ABOVE_510 = RateThreshold("KZT", Side.ABOVE, Decimal(510))
ONE_PERCENT = RateAlert("KZT", Decimal(1))


def now() -> datetime:
    return datetime.now(UTC)


def tenge(value: str, age: int = 0, source: str = "Bank") -> Quote:
    return Quote("USD", "KZT", Decimal(value), TODAY - timedelta(days=age), source)


def news(quote: Quote, old: Quote | None = None) -> RatesNews:
    return RatesNews([Fixing(quote, "nbk", old)], [quote], [RateMove(quote, old)])


async def take_in(database: Database, *quotes: Quote) -> None:
    desk = RatesDesk(Rates(database), HeldRates(database), {}, now)
    await desk.take_in("Bank", "nbk", None, list(quotes))


async def have(database: Database, chat_id: int, *rules: RateRule) -> None:
    chat = replace(a_chat(chat_id), alerts=rules)
    await Chats(database).update_many([ChatChange(chat, lambda chat, _: chat)])


# ── last words and history ───────────────────────────────────────────────────────────────────────────


async def test_what_was_kept_is_read_by_another_process_to_the_last_digit(database: Database) -> None:
    exact = replace(tenge("505.123456789012345678"), change_percent=Decimal("-0.31"))
    assert await Rates(database).commit("0", news(exact, tenge("506", 1)))
    assert (await Rates(database).latest())["KZT"] == exact


async def test_of_two_who_decided_by_the_same_revision_only_the_faster_is_kept(database: Database) -> None:
    one, other = Rates(database), Rates(database)
    revisions = [(await rates.snapshot()).revision for rates in (one, other)]
    won = await asyncio.gather(
        one.commit(revisions[0], news(tenge("505"))), other.commit(revisions[1], news(tenge("506")))
    )
    assert sorted(won) == [False, True]
    assert len(await RateMoves(database, "me").read()) == 1, "so a move is told once"


async def test_many_workers_with_the_same_page_tell_one_move(database: Database) -> None:
    await asyncio.gather(*(take_in(database, tenge("505")) for _ in range(5)))
    assert [logged.move.new.value for logged in await RateMoves(database, "me").read()] == [Decimal(505)]


async def test_history_has_a_point_for_each_day_and_source_and_ends_by_itself(database: Database) -> None:
    first = date(2026, 1, 30)
    points = [replace(tenge(str(500 + n)), as_of=first + timedelta(days=n)) for n in range(4)]
    turned = Quote("KZT", "USD", Decimal("0.002"), first, "Ticker")
    kept = [
        *points,
        replace(points[0], value=Decimal(499)),
        turned,
    ]  # a correction takes the place of the first
    assert await Rates(database).commit("0", RatesNews(points=kept))
    history = RateHistory(database)
    found = await history.read("KZT", "Bank", first, first + timedelta(days=2))
    assert [(day.day, str(value)) for day, value in found] == [(30, "499"), (31, "501"), (1, "502")]
    assert await history.read("KZT", "Ticker", first, first) == ((first, Decimal(500)),)
    key = keys.rate_history("KZT", "Bank", first)
    lifetime_days = (await database.run(("PTTL", key))) / 86_400_000
    age_days = (TODAY - date(2026, 1, 31)).days
    assert 400 <= lifetime_days + age_days <= 402


# ── held back ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_wild_rate_is_held_for_operators_and_comes_through_when_confirmed(database: Database) -> None:
    await take_in(database, tenge("500", 2))
    await take_in(database, tenge("600", 1))
    (held,) = await HeldRates(database).all()
    assert (held.quote.value, round(held.moved_percent)) == (Decimal(600), 20)
    assert (await Rates(database).latest())["KZT"].value == 500
    await take_in(database, tenge("603"))
    assert await HeldRates(database).all() == []
    assert (await Rates(database).latest())["KZT"].value == 603


async def test_held_rates_are_read_newest_first(database: Database) -> None:
    rates = [HeldRate(tenge("600", age), "nbk", tenge("500", 9), Decimal(20)) for age in (3, 1, 2)]
    await HeldRates(database).change(rates, [])
    assert [rate.quote.as_of for rate in await HeldRates(database).all()] == [
        TODAY - timedelta(days=age) for age in (1, 2, 3)
    ]


# ── rules, and whom a move concerns ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rule", [ABOVE_510, ONE_PERCENT, RateThreshold("UZS", Side.BELOW, Decimal("0.5"))])
def test_a_rule_is_its_tag(rule: RateRule) -> None:
    assert read_rule(rule.tag) == rule


async def test_a_move_makes_only_those_due_whom_it_concerns(database: Database) -> None:
    await have(database, 1, ABOVE_510)
    await have(database, 2, RateThreshold("KZT", Side.ABOVE, Decimal(520)))
    await have(database, 3, RateAlert("UZS", Decimal(1)))
    await have(database, 4, ONE_PERCENT, ABOVE_510)
    await take_in(database, tenge("505", 1))
    desk = AlertDesk(RateMoves(database, "me"), Articles(database, 86_400), now)
    assert await desk.deal() == 1, "a first fixing concerns nobody"
    await take_in(database, tenge("511"))
    assert await desk.deal() == 1
    assert await desk.deal() == 0
    fanout = Fanout(database, "me")
    (entry,) = await fanout.read()
    await fanout.mark([entry])
    schedules = [keys.chat_schedule(shard).due for shard in range(keys.SHARDS)]
    due = [name for key in schedules for name in await database.run(("ZRANGE", key, 0, -1))]
    assert sorted(due) == [b"1", b"4"]


async def test_the_logged_move_is_read_as_it_was(database: Database) -> None:
    await have(database, 1, ABOVE_510)
    articles = Articles(database, 86_400)
    await take_in(database, tenge("505", 1))
    await take_in(database, tenge("511"))
    await AlertDesk(RateMoves(database, "me"), articles, now).deal()
    tail = LogTail(database, articles)
    await tail.refresh()
    owed = tail.index.owed({ABOVE_510.tag: Position(0)}, Position(0))
    await tail.load(owed)
    (entry,) = tail.entries(owed)
    move = entry.article.move
    assert move is not None
    assert (move.old and move.old.value, move.new.value) == (Decimal(505), Decimal(511))


async def test_a_desk_that_died_in_the_middle_is_followed_by_one_that_logs_nothing_twice(
    database: Database,
) -> None:
    await have(database, 1, ABOVE_510)
    await take_in(database, tenge("505", 1))
    await take_in(database, tenge("511"))

    class Dying(RateMoves):
        async def done(self, moves: object) -> None:
            """Killed before it could say so."""

    articles = Articles(database, 86_400)
    assert await AlertDesk(Dying(database, "first"), articles, now).deal() == 2
    await database.run(("XGROUP", "SETID", keys.RATE_MOVES, keys.RATE_MOVES_GROUP, "0"))
    assert await AlertDesk(RateMoves(database, "second"), articles, now).deal() == 2
    assert await database.run(("XLEN", keys.LOG)) == 1


async def test_a_rule_that_nobody_has_is_forgotten_after_a_day(database: Database) -> None:
    await have(database, 1, ABOVE_510)
    await have(database, 2, ONE_PERCENT)
    chat = await Chats(database).get(Address(2))
    assert chat is not None
    await Chats(database).update(chat.address, lambda old, _: replace(old, alerts=()), new=chat)
    moves = RateMoves(database, "me")
    assert await moves.forget_unused("KZT") == 0, "it may just have been noted, and its chat is being saved"
    names = [rule.tag for rule in await moves.rules("KZT")]
    for name in names:
        await database.run(("ZINCRBY", keys.alert_rules("KZT"), -UNUSED_FOR_S - 1, name))
    assert await moves.forget_unused("KZT") == 1
    assert await moves.rules("KZT") == [ABOVE_510]
