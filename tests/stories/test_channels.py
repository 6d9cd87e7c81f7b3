"""What a channel posts: a story each with its preview, silent and signed if so wished, in its own language."""

from __future__ import annotations

import pytest

from bot.demo.people import Place, Someone
from tests.stories.newsroom import Newsroom
from tests.stories.test_groups import posts


@pytest.fixture
def editor(newsroom: Newsroom) -> Someone:
    return newsroom.telegram.user(5, "Editor")


@pytest.fixture
def channel(newsroom: Newsroom, editor: Someone) -> Place:
    return newsroom.telegram.channel("Steppe Daily", username="steppe_daily", owner=editor)


async def tell(newsroom: Newsroom, editor: Someone, command: str) -> None:
    before = len(editor.inbox)
    await editor.say(f"/channel @steppe_daily {command}")
    await newsroom.telegram.wait_for(lambda: len(editor.inbox) > before)


async def test_a_post_for_each_story_with_its_preview(
    newsroom: Newsroom, editor: Someone, channel: Place
) -> None:
    async with newsroom.run():
        await tell(newsroom, editor, "subscribe KZ")
        await tell(newsroom, editor, "language ru")
        await tell(newsroom, editor, "signature Read us: @steppe_daily & <friends>")
        await newsroom.first_poll()
        for number in range(3):
            newsroom.feed.publish(f"Astana, story {number}", "Kazakhstan’s capital again.")
        await newsroom.telegram.wait_for(lambda: len(posts(channel)) == 3)
    assert [f"story {number}" in (post.text or "") for number, post in enumerate(posts(channel))] == [
        True
    ] * 3
    for number, post in enumerate(posts(channel), 2):
        assert (post.preview_options or {}).get("url") == f"https://news.example/{number}"
        assert (post.text or "").endswith("\n\nRead us: @steppe_daily & <friends>")
        assert not post.keyboard, "what is below a post would be everybody's to tap"
        assert not post.silent
        assert "назад" in (post.text or "")


async def test_a_silent_channel_posts_without_a_sound(
    newsroom: Newsroom, editor: Someone, channel: Place
) -> None:
    async with newsroom.run():
        await tell(newsroom, editor, "subscribe KZ")
        await tell(newsroom, editor, "signature")
        await editor.tap(editor.last, "Silent")
        await newsroom.first_poll()
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: posts(channel))
    assert posts(channel)[0].silent


async def test_a_channel_that_fell_behind_gets_the_rest_merged(
    newsroom: Newsroom, editor: Someone, channel: Place
) -> None:
    async with newsroom.run():
        await tell(newsroom, editor, "subscribe KZ")
        await newsroom.first_poll()
    for number in range(8):
        newsroom.feed.publish(f"Astana, story {number}", "Kazakhstan’s capital again.")
    async with newsroom.run():
        await newsroom.telegram.wait_for(lambda: posts(channel))
    assert "story 0" in (posts(channel)[0].text or "")
    assert "story 7" in (posts(channel)[0].text or "")
