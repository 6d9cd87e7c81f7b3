"""The main job when things go wrong: nothing is lost, nobody is written to twice, people are told in one line."""

from __future__ import annotations

import pytest

from bot.model import Address
from tests.stories.newsroom import ROLES, Feed, Newsroom, Page
from tests.stories.people import last_text, stories_in, subscribe


async def test_a_killed_bot_delivers_after_its_restart_exactly_once(newsroom: Newsroom) -> None:
    readers = [newsroom.telegram.user(number) for number in range(1, 9)]
    process = await newsroom.start_hasty_process(*ROLES)
    for reader in readers:
        await subscribe(newsroom, reader, "KZ")
    await newsroom.first_poll()
    await newsroom.kill(process)
    newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
    await newsroom.start_hasty_process(*ROLES)
    await newsroom.telegram.wait_for(lambda: all(stories_in(reader) for reader in readers), timeout_s=20)
    newsroom.feed.publish("Almaty grows", "Kazakhstan’s largest city has more people.")
    await newsroom.telegram.wait_for(lambda: all(len(stories_in(r)) > 1 for r in readers), timeout_s=20)
    assert [len(stories_in(reader)) for reader in readers] == [2] * len(readers)
    log = (newsroom.folder / "log").read_text()
    assert "started" in log
    assert newsroom.telegram.token.partition(":")[2] not in log


async def test_a_killed_redis_loses_no_subscriber_and_no_story(newsroom: Newsroom) -> None:
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        await subscribe(newsroom, reader, "KZ")
        await newsroom.first_poll()
        newsroom.redis.kill()
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await reader.say("/subscriptions")
        await newsroom.telegram.wait_for(lambda: "try again in a minute" in last_text(reader))
        newsroom.redis.start()
        await newsroom.telegram.wait_for(lambda: stories_in(reader), timeout_s=60)
        await reader.say("/subscriptions")
        await newsroom.telegram.wait_for(lambda: "Kazakhstan" in last_text(reader))
    assert len(stories_in(reader)) == 1


async def test_redis_unreachable_at_the_start_is_waited_for(
    newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = newsroom.telegram.user(1)
    newsroom.redis.kill()
    async with newsroom.run():
        await reader.say("/latest")
        await newsroom.telegram.wait_for(lambda: "try again in a minute" in last_text(reader))
        newsroom.redis.start()
        await newsroom.first_poll()
        await reader.say("/latest")
        await newsroom.telegram.wait_for(lambda: "park" in last_text(reader))
    said = [line for line in capsys.readouterr().out.splitlines() if "Redis does not answer" in line]
    assert len(said) == len({line.split("waiting=")[1] for line in said}), "each loop says it once"


async def test_a_chat_that_blocks_the_bot_is_left_alone_and_the_others_are_served(newsroom: Newsroom) -> None:
    readers = [newsroom.telegram.user(number) for number in range(1, 5)]
    async with newsroom.run():
        for reader in readers:
            await subscribe(newsroom, reader, "KZ")
        await newsroom.first_poll()
        readers[0].block()
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: all(stories_in(reader) for reader in readers[1:]))
        newsroom.feed.publish("Almaty grows", "Kazakhstan’s largest city has more people.")
        await newsroom.telegram.wait_for(lambda: all(len(stories_in(reader)) == 2 for reader in readers[1:]))
        # None, if the bot had been told of the block before the first story came.
        assert newsroom.telegram.journal.answers["sendMessage", 403] <= 1


BROKEN_PAGES = {
    "not-there": Page(status=404),
    "broken": Page(status=500),
    "a-web-page": Page(b"<html><body><p>Welcome</p></body></html>", content_type="text/html"),
    "empty": Page(b""),
    "half": Page(b"<rss version='2.0'><channel><title>T</title><item><title>Ha"),
}


async def test_sources_that_fail_neither_stop_nor_delay_the_others(newsroom: Newsroom) -> None:
    newsroom.pages |= {f"/{name}": page for name, page in BROKEN_PAGES.items()}
    newsroom.extra_sources = "".join(
        f'[[news]]\nname = "{name}"\nurl = "{newsroom.another_host()}/{name}"\nformat = "feed"\nevery = "1s"\n'
        for name in BROKEN_PAGES
    )
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        await subscribe(newsroom, reader, "KZ")
        await newsroom.first_poll()
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: stories_in(reader))
        await newsroom.wait_for(lambda: all(page.requests for page in BROKEN_PAGES.values()))


TITLES = [
    "A < B && C > D in Kazakhstan",
    '"Kazakhstan" & «Astana» <b>bold</b> <script>alert(1)</script>',
    "\u202eAstana\u202c turns right to left \u0000 in Kazakhstan",
    "Kazakhstan " + "very " * 80 + "long",
]


async def test_whatever_a_title_holds_arrives_as_plain_text(newsroom: Newsroom) -> None:
    reader = newsroom.telegram.user(1)
    async with newsroom.run():
        await subscribe(newsroom, reader, "KZ")
        await newsroom.first_poll()
        for number, title in enumerate(TITLES, 1):
            newsroom.feed.publish(title.replace("\u0000", ""))
            await newsroom.telegram.wait_for(lambda: len(stories_in(reader)) == number)  # noqa: B023
        await reader.say("/latest")
        await newsroom.telegram.wait_for(lambda: "of 5" in last_text(reader))
    assert "A < B && C > D" in stories_in(reader)[0].words
    assert newsroom.telegram.journal.answers["sendMessage", 400] == 0
    assert newsroom.telegram.journal.answers["sendMessage", 429] == 0


def items_without(what: str) -> bytes:
    parts = {
        "title": "<title>Kazakhstan has a title</title>",
        "link": "<link>https://news.example/without</link>",
        "date": "<pubDate>Fri, 20 Nov 2026 06:00:00 GMT</pubDate>",
        "text": "<description>Kazakhstan has a text, and Astana too.</description>",
    }
    kept = "".join(part for name, part in parts.items() if name != what)
    return f"<rss version='2.0'><channel><title>T</title><item>{kept}</item></channel></rss>".encode()


@pytest.mark.parametrize("what", ["title", "link", "date"])
async def test_an_article_without(what: str, newsroom: Newsroom) -> None:
    reader = newsroom.telegram.user(1)
    newsroom.pages["/feed"] = newsroom.feed = Feed(items_without(what))
    async with newsroom.run():
        await newsroom.first_poll()
        await reader.say("/latest KZ")
        await newsroom.telegram.wait_for(lambda: "Kazakhstan has a t" in last_text(reader))


async def test_a_group_that_became_a_supergroup_keeps_its_settings(newsroom: Newsroom) -> None:
    owner = newsroom.telegram.user(1)
    group = newsroom.telegram.group("Readers", owner=owner)
    async with newsroom.run():
        await owner.say("/subscribe KZ", to=group)
        await newsroom.telegram.wait_for(lambda: newsroom.telegram.deliveries(group.chat.id))
        await newsroom.first_poll()
        supergroup = newsroom.telegram.migrate(group, owner)
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(
            lambda: any("Astana" in d.text for d in newsroom.telegram.deliveries(supergroup.chat.id))
        )
    assert Address(group.chat.id) != Address(supergroup.chat.id)
