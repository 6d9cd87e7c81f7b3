"""One story once, whoever tells it: what the news desk stores, folds and corrects. A real Redis, no network."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape

import pytest

from bot.catalogue import load_catalogue
from bot.model import FeedEntry, Position, Tag
from bot.roles.news_desk import NewsDesk
from bot.sources.articles import identities_of
from bot.sources.feed import parse_feed
from bot.sources.fetching import Fetcher
from bot.sources.full_text import MOST_PAGES, FullText
from bot.sources.outline import Outline
from bot.sources.sources_file import NewsSource
from bot.sources.wordpress import parse_posts
from bot.store.articles import Articles, Sighting
from bot.store.connect import Database
from bot.store.log_tail import LogTail
from bot.store.tellings import Tellings
from bot.tagging import Tagger
from tests.sources.conftest import Publisher, fetcher, publisher, session

__all__ = ["fetcher", "publisher", "session"]

NOW = datetime.now(UTC).replace(microsecond=0)
_TAGGER = Tagger(load_catalogue())
FERRY = FeedEntry(
    "https://a.example/1",
    "Ferry Runs Aground Off Aktau With 61 Aboard",
    "https://a.example/1",
    NOW - timedelta(hours=5),
    "A ferry on its way from Alat to Kuryk ran onto a sandbank off Aktau at night with 61 passengers and 23 trucks. "
    "Tugs pulled it free after nine hours. Nobody was hurt, the port said; two trucks slid and were damaged.",
)
RETOLD = FeedEntry(
    "https://b.example/2",
    "Sandbank Holds Caspian Ferry for a Night",
    "https://b.example/2",
    NOW - timedelta(hours=2),
    "Some sixty passengers slept on deck chairs after the Alat ferry got stuck within sight of Kuryk. It took "
    "tugs nine hours to free the vessel, which carried 23 trucks. The port of Aktau reports damage to two vehicles.",
)
OTHER = FeedEntry(
    "https://b.example/3",
    "Wolves Kill Forty Sheep Near Karkaraly",
    "https://b.example/3",
    NOW - timedelta(hours=1),
    "Herders near Karkaraly lost forty sheep to wolves in the night, the district akimat said. It pays 15,000 tenge.",
)


def source(name: str) -> NewsSource:
    return NewsSource.model_validate({"name": name, "url": "https://a.example/feed", "format": "feed"})


MN = Tag("MN")
A, B, C = source("A"), source("B"), source("C")


@pytest.fixture
def articles(database: Database) -> Articles:
    return Articles(database, retention_s=90 * 86_400)


@pytest.fixture
def desk(articles: Articles, database: Database) -> NewsDesk:
    return NewsDesk(articles, Tellings(database), _TAGGER, lambda: NOW)


async def pushed(database: Database, articles: Articles) -> int:
    tail = LogTail(database, articles)
    await tail.refresh()
    return len(tail.index.ids)


async def test_a_story_that_another_source_retells_is_stored_and_pushed_once(
    desk: NewsDesk, articles: Articles, database: Database
) -> None:
    await desk.take_in(A, [FERRY], filled=True)
    taken = await desk.take_in(B, [RETOLD, OTHER], filled=True)
    assert [article.title for article in taken.folded] == [RETOLD.title]
    assert [article.title for article in taken.new] == [OTHER.title]
    page = await articles.latest(None, offset=0, limit=6)
    assert [(story.source, story.sources) for story in page.articles] == [("B", ()), ("A", ("B",))]
    assert await pushed(database, articles) == 2


async def test_a_follower_of_what_only_the_second_telling_is_about_is_owed_the_story_once(
    desk: NewsDesk, articles: Articles, database: Database
) -> None:
    radio = NewsSource.model_validate(
        {"name": "Radio", "url": "https://b.example/feed", "format": "feed", "countries": ["MN"]}
    )
    await desk.take_in(A, [FERRY], filled=True)
    (stored,) = (await articles.latest(None, offset=0, limit=6)).articles
    assert MN not in stored.tags
    for _ in range(2):
        await desk.take_in(radio, [RETOLD], filled=True)
    tail = LogTail(database, articles)
    await tail.refresh()
    first, second = tail.index.ids
    before, cursor = Position(1), Position(2)
    assert tail.index.owed({MN: before}, cursor) == [second]
    assert tail.index.owed({MN: before}, second) == []
    assert tail.index.owed({MN: before, stored.tags[0]: before}, cursor) == [first]
    assert tail.index.owed({MN: before, stored.tags[0]: before}, first) == []
    assert tail.index.owed({MN: before, stored.tags[0]: first}, first) == [
        second
    ]  # followed after it was told
    assert (await articles.latest(MN, offset=0, limit=6)).total == 1
    await desk.take_in(A, [replace(FERRY, title="Ferry Runs Aground Off Aktau With 63 Aboard")], filled=True)
    (corrected,) = (await articles.latest(MN, offset=0, limit=6)).articles
    assert corrected.corrected is not None
    assert MN in corrected.countries


async def test_the_first_poll_of_a_second_source_owes_nobody_its_tags(
    desk: NewsDesk, articles: Articles, database: Database
) -> None:
    radio = NewsSource.model_validate(
        {"name": "Radio", "url": "https://b.example/feed", "format": "feed", "countries": ["MN"]}
    )
    await desk.take_in(A, [FERRY], filled=True)
    await desk.take_in(radio, [RETOLD], filled=False)
    assert await pushed(database, articles) == 1
    assert (await articles.latest(MN, offset=0, limit=6)).total == 1


async def test_taking_in_the_same_pages_again_changes_nothing(
    desk: NewsDesk, articles: Articles, database: Database
) -> None:
    for _ in range(2):
        await desk.take_in(A, [FERRY], filled=True)
        await desk.take_in(B, [RETOLD, OTHER], filled=True)
        await desk.take_in(C, [replace(RETOLD, identity="c-1", link="https://c.example/1")], filled=True)
    page = await articles.latest(None, offset=0, limit=6)
    assert [story.sources for story in page.articles] == [(), ("B", "C")]
    assert await pushed(database, articles) == 2


async def test_two_workers_that_meet_the_same_story_at_once_store_it_once(
    desk: NewsDesk, articles: Articles, database: Database
) -> None:
    copies = [replace(FERRY, identity=f"copy {n}", link=f"https://{n}.example/ferry") for n in range(8)]
    await asyncio.gather(
        *(desk.take_in(source(f"S{n}"), [copy], filled=True) for n, copy in enumerate(copies))
    )
    assert (await articles.latest(None, offset=0, limit=20)).total == 1
    assert await pushed(database, articles) == 1


async def test_a_correction_by_the_source_is_noted_and_keeps_the_other_sources(
    desk: NewsDesk, articles: Articles, database: Database
) -> None:
    await desk.take_in(A, [FERRY], filled=True)
    await desk.take_in(B, [RETOLD], filled=True)
    edited = replace(FERRY, title="Ferry Runs Aground Off Aktau With 63 Aboard")
    taken = await desk.take_in(A, [edited], filled=True)
    assert len(taken.corrected) == 1
    (story,) = (await articles.latest(None, offset=0, limit=6)).articles
    assert story.title == edited.title
    assert story.sources == ("B",)
    assert story.corrected is not None
    assert await pushed(database, articles) == 1


def feed_of(markup: str, title: str = FERRY.title) -> tuple[Outline, ...]:
    item = f"<item><guid>1</guid><title>{title}</title><description>{escape(markup)}</description></item>"
    body = f"<rss version='2.0'><channel><title>A</title>{item}</channel></rss>".encode()
    return parse_feed(body, content_type=None, base_url="https://a.example/", source="A", now=NOW).entries


async def test_other_markup_around_the_same_words_is_no_correction_and_is_looked_at_once(
    desk: NewsDesk, articles: Articles, database: Database
) -> None:
    ours, theirs = feed_of(f"<p>{FERRY.text}</p>"), feed_of(f"<p class='v2'>{FERRY.text}</p>")
    await desk.take_in(A, ours, filled=True)
    first, again = [await desk.take_in(A, theirs, filled=True) for _ in range(2)]
    assert first.corrected == again.corrected == []
    (known,) = await articles.sift(
        [Sighting((ids := identities_of(theirs[0], "A"))[0], ids, theirs[0].raw_mark)]
    )
    assert known.what == "known"
    edited = await desk.take_in(A, feed_of(f"<p>{FERRY.text} The captain was fined.</p>"), filled=True)
    assert len(edited.corrected) == 1
    assert await pushed(database, articles) == 1


def posts_of(text: str, modified: str) -> tuple[Outline, ...]:
    post = {"id": 7, "guid": {"rendered": "https://a.example/?p=7"}, "link": "https://a.example/ferry/",
            "title": {"rendered": FERRY.title}, "content": {"rendered": text}, "modified_gmt": modified,
            "date_gmt": (NOW - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%S")}  # fmt: skip
    return parse_posts(
        json.dumps([post]).encode(), content_type=None, base_url="https://a.example/", source="A", now=NOW
    )


async def test_an_edited_wordpress_post_is_noted_stored_and_not_pushed_again(
    desk: NewsDesk, articles: Articles, database: Database
) -> None:
    first, later = "2026-03-10T10:00:00", "2026-03-10T11:30:00"
    await desk.take_in(A, posts_of(f"<p>{FERRY.text}</p>", first), filled=True)
    shuffled = await desk.take_in(
        A, posts_of(f"<p>{FERRY.text}</p><p>You may also like</p>", first), filled=True
    )
    resaved = await desk.take_in(A, posts_of(f"<div>{FERRY.text}</div>", later), filled=True)
    assert shuffled.corrected == resaved.corrected == []
    corrected = FERRY.text.replace("61 passengers", "63 passengers")
    edited = await desk.take_in(A, posts_of(f"<p>{corrected}</p>", "2026-03-10T12:00:00"), filled=True)
    assert len(edited.corrected) == 1
    (story,) = (await articles.latest(None, offset=0, limit=6)).articles
    assert story.corrected is not None
    assert "63 passengers" in story.summary
    assert await pushed(database, articles) == 1


async def test_a_daily_table_at_one_address_is_a_story_each_day(
    desk: NewsDesk, articles: Articles, database: Database
) -> None:
    table = "Our daily table of wheat. Kostanay paid {} tenge a ton, Bukhara bought at {} dollars. {}"
    first_day = table.format("104,500", 265, "Dealers waited for rain.")
    second_day = table.format("106,200", 268, "Rail cars were scarce again.")
    address = "https://a.example/wheat"
    monday = FeedEntry("wheat-1", "Wheat Today", address, NOW - timedelta(days=1), first_day)
    tuesday = replace(monday, identity="wheat-2", published=NOW, text=second_day)
    for _ in range(2):
        await desk.take_in(A, [monday], filled=True)
        await desk.take_in(A, [tuesday, monday], filled=True)
    assert (await articles.latest(None, offset=0, limit=6)).total == 2


async def test_before_a_source_is_filled_nobody_is_owed_its_stories(
    desk: NewsDesk, articles: Articles, database: Database
) -> None:
    await desk.take_in(A, [FERRY, OTHER], filled=False)
    assert (await articles.latest(None, offset=0, limit=6)).total == 2
    assert await pushed(database, articles) == 0


async def test_of_a_large_first_fill_only_the_newest_stories_are_completed_from_their_pages(
    database: Database, articles: Articles, publisher: Publisher, fetcher: Fetcher
) -> None:
    entries = [
        FeedEntry(str(n), f"Story {n}", f"{publisher.address}/{n}", NOW - timedelta(hours=n), f"Cut {n} …")
        for n in range(450)
    ]
    desk = NewsDesk(articles, Tellings(database), _TAGGER, lambda: NOW, full_text=FullText(fetcher))
    near = NewsSource.model_validate(
        {"name": "A", "url": publisher.address, "format": "feed", "full_text": True}
    )
    await desk.take_in(near, entries, filled=False)
    assert sorted(int(request.path[1:]) for request in publisher.requests) == list(range(MOST_PAGES))


async def test_of_too_many_new_stories_the_latest_are_taken_and_corrections_always(
    desk: NewsDesk, articles: Articles
) -> None:
    entries = [replace(FERRY, identity=str(n), title=f"Story {n}", link=f"https://a.example/{n}",
                       published=NOW - timedelta(hours=n)) for n in range(1, 9)]  # fmt: skip
    taken = await desk.take_in(A, entries, filled=True, most_new=3)
    assert [article.title for article in taken.new] == ["Story 3", "Story 2", "Story 1"]
    assert taken.left_out == 5
    edited = [replace(entry, title=f"{entry.title}, corrected") for entry in entries[:3]]
    taken = await desk.take_in(A, edited, filled=True, most_new=0)
    assert (len(taken.corrected), taken.left_out) == (3, 0)
