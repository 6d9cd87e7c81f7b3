"""Keyboards stay in chats for ever: what a tap on an old one does, when everything has changed meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.demo.nouns import Message
from bot.demo.people import Someone
from bot.model import Address, Chat, QuietHours
from bot.store.chats import Chats
from bot.store.connect import Database
from tests.stories.newsroom import Newsroom
from tests.stories.people import last_text


async def ask(newsroom: Newsroom, reader: Someone, question: str) -> Message:
    before = len(reader.inbox)
    await reader.say(question)
    await newsroom.telegram.wait_for(lambda: len(reader.inbox) > before)
    return reader.last


async def stored(database: Database, reader: Someone) -> Chat | None:
    return await Chats(database).get(Address(reader.id))


async def test_an_old_keyboard_does_what_it_says_and_shows_what_holds_today(
    newsroom: Newsroom, database: Database
) -> None:
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        keyboard = await ask(newsroom, reader, "/quiet")
        await ask(newsroom, reader, "/language ru")
        await ask(newsroom, reader, "/briefing 06:30")
        await ask(newsroom, reader, "/quiet 20:15-05:45")
        answer = await reader.tap(keyboard, "22:00–07:00")
        assert "Тихие часы: 22:00–07:00" in answer.text, "in the language of today"
        await newsroom.telegram.wait_for(lambda: "✅ 22:00–07:00" in str(reader.inbox[0].labels))
    chat = await stored(database, reader)
    assert chat is not None
    assert chat.quiet == QuietHours(dt.time(22), dt.time(7))
    assert chat.briefing is not None
    assert (chat.language, chat.briefing.at) == ("ru", dt.time(6, 30)), "the tap changed one thing"


async def test_the_question_of_delete_answered_twice_and_late(newsroom: Newsroom, database: Database) -> None:
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        await ask(newsroom, reader, "/subscribe KZ")
        first, second = await ask(newsroom, reader, "/delete"), await ask(newsroom, reader, "/delete")
        await reader.tap(first, "Yes")
        await newsroom.telegram.wait_for(lambda: "all forgotten" in first.words)
        await reader.tap(second, "No")
        await newsroom.telegram.wait_for(lambda: "Nothing changed" in second.words)
        assert await stored(database, reader) is None, "keeping what is forgotten brings nothing back"


@pytest.mark.parametrize("command", ["/subscriptions", "/mode", "/quiet"])
async def test_looking_around_on_an_old_keyboard_after_delete_stores_nothing(
    newsroom: Newsroom, database: Database, command: str
) -> None:
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        await ask(newsroom, reader, "/subscribe KZ")
        keyboard = await ask(newsroom, reader, command)
        await reader.tap(await ask(newsroom, reader, "/delete"), "Yes")
        await newsroom.telegram.wait_for(lambda: "all forgotten" in last_text(reader))
        await reader.tap(keyboard, "Settings")
        await newsroom.telegram.wait_for(lambda: "nothing yet" in keyboard.words)
    assert await stored(database, reader) is None


async def test_a_button_of_a_bot_that_is_no_more_says_so_and_changes_nothing(
    newsroom: Newsroom, database: Database
) -> None:
    """Of an earlier version, of a country that is followed no longer, of a briefing whose stories are gone."""
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        keyboard = await ask(newsroom, reader, "/subscribe KZ")
        before = await stored(database, reader)
        for data in ("Z:1", "f:SU:e", "z:Europe/Atlantis", "a:eo", "B:29000000:1", "T:1:2:x"):
            tap = reader.send_data(keyboard, data)
            await newsroom.telegram.wait_for(lambda: tap.answer)  # noqa: B023
            assert tap.answer is not None
            assert "out of date" in tap.answer.text, data
        tap = reader.send_data(keyboard, "c:0123456789")
        await newsroom.telegram.wait_for(lambda: tap.answer)
        assert tap.answer is not None
        assert "too old" in tap.answer.text
        assert await stored(database, reader) == before
        assert len(reader.inbox) == 1
