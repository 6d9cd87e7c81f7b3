"""The briefing, by Redis' clock moved by hand: once a day at the chat's hour, whatever it was told in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.demo.nouns import Message
from bot.demo.people import Someone
from bot.model import Address, BriefingPlan, Chat, ChatKind, Mode, Position, QuietHours, Tag
from bot.store.chats import Chats
from bot.store.connect import Database
from tests.stories.newsroom import Newsroom
from tests.stories.people import stories_in, subscribe

KZ = Tag("KZ")


def a_reader(chat_id: int, **settings: object) -> Chat:
    chat = Chat(Address(chat_id), ChatKind.PRIVATE, "en", "Asia/Almaty", follows={KZ: Position(1)})
    return replace(chat, **settings)  # type: ignore[arg-type]


def briefings_of(reader: Someone) -> list[Message]:
    return [message for message in reader.inbox if message.words.startswith("☀️")]


async def test_a_briefing_that_was_due_while_everything_was_down_comes_late_and_once(
    newsroom: Newsroom, database: Database
) -> None:
    reader = newsroom.telegram.user(1)
    await reader.say("/start")
    newsroom.feed.started -= timedelta(hours=1)
    newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
    an_hour_ago = (
        (datetime.now(ZoneInfo("Asia/Almaty")) - timedelta(hours=1)).time().replace(second=0, microsecond=0)
    )
    chat = a_reader(1, mode=Mode.BRIEFING, briefing=BriefingPlan(an_hour_ago))
    await Chats(database).update(chat.address, lambda _, now: chat, new=a_reader(1), due_in_s=5)
    for _ in range(2):
        async with newsroom.run():
            await newsroom.telegram.wait_for(lambda: briefings_of(reader), timeout_s=20)
            await reader.say("/subscriptions")
            answers = len(reader.inbox)
            await newsroom.telegram.wait_for(lambda: len(reader.inbox) > answers)  # noqa: B023
    assert len(briefings_of(reader)) == 1
    assert "Astana grows" in briefings_of(reader)[0].words


async def test_a_briefing_missed_by_more_than_three_hours_is_skipped(
    newsroom: Newsroom, database: Database
) -> None:
    reader = newsroom.telegram.user(1)
    long_ago = datetime.now(ZoneInfo("Asia/Almaty")) - timedelta(hours=3, minutes=5)
    plan = BriefingPlan(long_ago.time().replace(second=0, microsecond=0))
    chat = a_reader(1, mode=Mode.BRIEFING, briefing=plan)
    await Chats(database).update(chat.address, lambda _, now: chat, new=a_reader(1), due_in_s=0)
    async with newsroom.run():
        await newsroom.first_poll()
        await reader.say("/subscriptions")
        await newsroom.telegram.wait_for(lambda: reader.inbox)
    assert len(reader.inbox) == 1, "the answer, and no briefing"


async def test_pushes_wait_for_the_end_of_the_quiet_hours_and_arrive_merged(
    newsroom: Newsroom, database: Database
) -> None:
    reader = newsroom.telegram.user(1)
    now = datetime.now(UTC)
    quiet = QuietHours((now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time())
    quiet = QuietHours(
        quiet.start.replace(second=0, microsecond=0), quiet.end.replace(second=0, microsecond=0)
    )
    async with newsroom.run():
        await subscribe(newsroom, reader, "KZ")
        await Chats(database).update(
            Address(1), lambda chat, _: replace(chat, quiet=quiet, timezone="UTC"), new=a_reader(1)
        )
        await newsroom.first_poll()
        for number in range(2):
            newsroom.feed.publish(f"Astana, story {number}", "Kazakhstan’s capital again.")
        await newsroom.wait_for(lambda: newsroom.feed.requests - newsroom.feed.not_modified >= 2)
        await reader.say("/subscriptions")
        await newsroom.telegram.wait_for(lambda: len(reader.inbox) == 2)
        assert not stories_in(reader)
        await Chats(database).update(
            Address(1), lambda chat, _: replace(chat, quiet=None), new=a_reader(1), due_in_s=0
        )
        await newsroom.telegram.wait_for(lambda: stories_in(reader), timeout_s=20)
    (merged,) = stories_in(reader)
    assert "story 0" in merged.words
    assert "story 1" in merged.words
