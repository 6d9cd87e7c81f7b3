"""The main job, from a page to a phone."""

from __future__ import annotations

from bot.assembly import Patience
from tests.stories.newsroom import Newsroom
from tests.stories.people import last_text, stories_in, subscribe


async def test_a_new_story_reaches_everybody_who_follows_it_once(newsroom: Newsroom) -> None:
    reader = newsroom.telegram.user(1, "Aigul")
    other = newsroom.telegram.user(2, "Bek")
    newsroom.patience = Patience()  # at its usual pace
    async with newsroom.run():
        await subscribe(newsroom, reader, "kazakhstan energy")
        await subscribe(newsroom, other, "TJ")
        await newsroom.first_poll()
        newsroom.feed.publish(
            "Kazakhstan builds a power plant", "Electricity for Almaty, says the ministry of energy."
        )
        await newsroom.telegram.wait_for(lambda: stories_in(reader))
        newsroom.feed.publish("Dushanbe meets", "Tajikistan’s parliament met in Dushanbe.")
        await newsroom.telegram.wait_for(lambda: stories_in(other))
    assert len(stories_in(reader)) == 1
    assert "power plant" in stories_in(reader)[0].words
    assert len(stories_in(other)) == 1


async def test_the_first_poll_pushes_nothing_and_fills_latest(newsroom: Newsroom) -> None:
    reader = newsroom.telegram.user(1)
    async with newsroom.run(frozenset({"bot", "sender"})):
        await subscribe(newsroom, reader, "UZ")
    async with newsroom.run():
        await newsroom.first_poll()
        await reader.say("/latest")
        await newsroom.telegram.wait_for(lambda: "park" in last_text(reader))
    assert len(stories_in(reader)) == 1, "the answer to /latest, and no push"


async def test_stories_while_the_bot_was_down_arrive_merged_after_the_restart(newsroom: Newsroom) -> None:
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        await subscribe(newsroom, reader, "KZ")
        await newsroom.first_poll()
    for number in range(3):
        newsroom.feed.publish(f"Astana, story {number}", "Kazakhstan’s capital again.")
    async with newsroom.run():
        await newsroom.telegram.wait_for(lambda: stories_in(reader))
    (merged,) = stories_in(reader)
    assert all(f"story {number}" in merged.words for number in range(3))
    assert merged.words.index("story 0") < merged.words.index("story 2"), "in order"


async def test_an_unchanged_feed_costs_no_parse(newsroom: Newsroom) -> None:
    async with newsroom.run(frozenset({"worker"})):
        await newsroom.wait_for(lambda: newsroom.feed.not_modified >= 3)
    assert newsroom.feed.requests - newsroom.feed.not_modified == 1
