"""Announcements: a draft becomes an entry of the log once, and can be taken back; nobody need follow anything."""

from __future__ import annotations

from bot.model import Address, Position
from bot.store import keys
from bot.store.announcements import ANNOUNCEMENT, Announcements, State
from bot.store.articles import Articles
from bot.store.chats import Chats
from bot.store.connect import Database
from bot.store.fanout import Fanout
from bot.store.log_tail import LogTail
from bot.store.outbox import Outbox
from bot.store.rate_limiter import RateLimiter
from bot.store.statistics import ChatCensus
from tests.store.samples import a_chat

NOWHERE = Position(0)


def tail_of(database: Database) -> LogTail:
    return LogTail(database, Articles(database, 86_400))


async def test_a_published_announcement_is_owed_once_and_is_in_no_list(database: Database) -> None:
    announcements, tail = Announcements(database), tail_of(database)
    drafted = await announcements.draft("<b>Hello</b>", 3)
    await tail.refresh()
    assert not tail.index.by_tag
    sending = await announcements.publish(drafted)
    assert sending.state is State.SENDING
    await announcements.publish(drafted)  # a second tap
    await tail.refresh()
    (position,) = tail.index.owed({ANNOUNCEMENT: NOWHERE}, NOWHERE)
    await tail.load([position])
    (entry,) = tail.entries([position])
    assert entry.article.summary == "<b>Hello</b>"
    assert (await Articles(database, 86_400).latest(None, offset=0, limit=5)).total == 0


async def test_taken_back_it_is_owed_to_nobody_not_even_by_senders_that_know_it(database: Database) -> None:
    announcements, knowing, fresh = Announcements(database), tail_of(database), tail_of(database)
    sending = await announcements.publish(await announcements.draft("Hello", 3))
    await knowing.refresh()
    await announcements.count_sent(sending.id, 2)
    withdrawn = await announcements.withdraw(sending)
    assert (withdrawn.state, withdrawn.sent) == (State.WITHDRAWN, 2)
    for tail in (knowing, fresh):
        await tail.refresh()
        assert tail.index.owed({ANNOUNCEMENT: NOWHERE}, NOWHERE) == []
    assert (await announcements.publish(withdrawn)).state is State.WITHDRAWN


async def test_a_draft_that_is_dropped_never_reaches_the_log(database: Database) -> None:
    announcements, tail = Announcements(database), tail_of(database)
    drafted = await announcements.draft("Hello", 3)
    assert (await announcements.withdraw(drafted)).state is State.WITHDRAWN
    await announcements.publish(drafted)
    await tail.refresh()
    assert not tail.index.ids


async def test_the_fanout_meets_everybody_who_has_settings(database: Database) -> None:
    chats, announcements = Chats(database), Announcements(database)
    everybody = {Address(1), Address(2), Address(-5), Address(-1001234567890, 7)}
    for address in everybody:
        chat = a_chat(address.chat_id, thread_id=address.thread_id)
        await chats.update(address, lambda chat, _now: chat, new=chat)
    fanout = Fanout(database, "one")
    await fanout.read()
    await announcements.publish(await announcements.draft("Hello", 4))
    entries = await fanout.read()
    assert await fanout.mark(entries) == 4
    due = [
        await database.run(("ZRANGE", keys.chat_schedule(shard).due, 0, -1)) for shard in range(keys.SHARDS)
    ]
    assert {Address.parse(member.decode()) for members in due for member in members} == everybody


async def test_of_a_groups_topics_the_first_hears_announcements(database: Database) -> None:
    chats = Chats(database)
    outbox = Outbox(database, RateLimiter(database, 30), tail_of(database))
    for thread_id in (9, 4):
        chat = a_chat(-1001234567890, thread_id=thread_id)
        await chats.update(chat.address, lambda chat, _now: chat, new=chat)
    assert await outbox.is_first_of_group(Address(-1001234567890, 4))
    assert not await outbox.is_first_of_group(Address(-1001234567890, 9))
    counts = await ChatCensus(chats).counts()
    assert (counts.total, counts.reachable) == (1, 1)
