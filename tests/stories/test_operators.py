"""An announcement on its way: through the same cursors and limits as stories, counted, stopped, paused."""

from __future__ import annotations

import pytest

from bot.demo.markup import read_text
from bot.demo.people import Someone
from tests.stories.newsroom import Newsroom
from tests.stories.people import stories_in, subscribe

OPERATOR = 900


@pytest.fixture
def operator(newsroom: Newsroom) -> Someone:
    newsroom.env["ADMIN_IDS"] = str(OPERATOR)
    return newsroom.telegram.user(OPERATOR, "Operator")


def announced(person: Someone) -> int:
    return sum("We move" in (message.text or "") for message in person.inbox)


async def say(newsroom: Newsroom, person: Someone, text: str) -> None:
    before = len(person.inbox)
    await person.say(text)
    await newsroom.telegram.wait_for(lambda: len(person.inbox) > before)


async def announce(newsroom: Newsroom, operator: Someone) -> None:
    """Type an announcement with formatting, see how it looks."""
    text = read_text("/announce We move to a <b>new server</b> &amp; <i>back</i>", "HTML")
    before = len(operator.inbox)
    newsroom.telegram.world.say(operator.person, operator.chat, "", formatted=text)
    await newsroom.telegram.wait_for(lambda: len(operator.inbox) > before)


async def test_it_reaches_every_chat_once_whatever_it_follows(newsroom: Newsroom, operator: Someone) -> None:
    follower, briefed, idle = (newsroom.telegram.user(number) for number in (1, 2, 3))
    group = newsroom.telegram.group("Readers", owner=follower)
    async with newsroom.run():
        await subscribe(newsroom, follower, "KZ")
        await subscribe(newsroom, briefed, "KZ")
        await say(newsroom, briefed, "/mode briefing")
        await say(newsroom, idle, "/start")
        await follower.say("/language en", to=group)
        await newsroom.telegram.wait_for(lambda: group.inbox)
        await newsroom.first_poll()
        await announce(newsroom, operator)
        await operator.tap(operator.last, "Send it")
        readers = (follower, briefed, idle)
        await newsroom.telegram.wait_for(lambda: all(announced(reader) for reader in readers))
        await newsroom.telegram.wait_for(lambda: any("We move" in (m.text or "") for m in group.inbox))
        await newsroom.telegram.wait_for(lambda: "Sent to 4 of 4" in (operator.last.text or ""), timeout_s=20)
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: stories_in(follower))
    assert [announced(reader) for reader in readers] == [1, 1, 1]
    received = next(message for message in idle.inbox if "We move" in (message.text or ""))
    assert received.text == "We move to a new server & back"
    assert [entity["type"] for entity in received.entities] == ["bold", "italic"]
    assert not stories_in(briefed)


async def test_newcomers_are_not_told_yesterdays_announcements(newsroom: Newsroom, operator: Someone) -> None:
    old, new = newsroom.telegram.user(1), newsroom.telegram.user(2)
    async with newsroom.run():
        await subscribe(newsroom, old, "KZ")
        await newsroom.first_poll()
        await announce(newsroom, operator)
        await operator.tap(operator.last, "Send it")
        await newsroom.telegram.wait_for(lambda: announced(old))
        await subscribe(newsroom, new, "KZ")
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: stories_in(new))
    assert announced(new) == 0


async def test_pushes_stop_and_go_on_and_what_was_stopped_is_not_sent(
    newsroom: Newsroom, operator: Someone
) -> None:
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        await subscribe(newsroom, reader, "KZ")
        await newsroom.first_poll()
        await say(newsroom, operator, "/pause")
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await announce(newsroom, operator)
        preview = operator.last
        await operator.tap(preview, "Send it")
        await newsroom.telegram.wait_for(lambda: "On its way: 0 of 1" in (operator.last.text or ""))
        await say(newsroom, reader, "/help")
        assert not stories_in(reader), "answers go on, pushes wait"
        await operator.tap(operator.last, "Stop")
        await newsroom.telegram.wait_for(lambda: "Stopped: 0 of 1" in (operator.last.text or ""))
        await say(newsroom, operator, "/resume")
        await newsroom.telegram.wait_for(lambda: stories_in(reader))
    assert announced(reader) == 0
