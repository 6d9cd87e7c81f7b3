"""Articles: stored once, whatever happens; listed by publication; logged in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Tag
from bot.store.articles import Articles
from bot.store.connect import Database
from bot.store.log_tail import LogTail
from tests.conftest import Clock
from tests.store.samples import an_article

KZ, ENERGY = Tag("KZ"), Tag("energy")
DAY_S = 86_400


@pytest.fixture
def articles(database: Database) -> Articles:
    return Articles(database, retention_s=90 * DAY_S)


async def log_of(database: Database, articles: Articles) -> list[str]:
    tail = LogTail(database, articles)
    await tail.refresh()
    return list(tail.index.ids.values())


async def test_an_article_is_listed_and_logged(articles: Articles, database: Database) -> None:
    article = an_article("KZ", "energy")
    appended = await articles.append([article])
    assert appended.new == (article,)
    for tag in (KZ, ENERGY, None):
        page = await articles.latest(tag, offset=0, limit=6)
        assert [found.id for found in page.articles] == [article.id]
        assert page.total == 1
    assert (await articles.latest(Tag("UZ"), offset=0, limit=6)).total == 0
    assert await log_of(database, articles) == [article.id]


async def test_appending_again_changes_nothing(articles: Articles, database: Database) -> None:
    batch = [an_article("KZ", minutes=n) for n in range(3)]
    await articles.append(batch)
    again = await articles.append(batch)
    assert (again.new, again.changed, again.known) == ((), (), 3)
    assert len(await log_of(database, articles)) == 3


async def test_the_same_link_from_another_source_is_the_same_story(
    articles: Articles, database: Database
) -> None:
    first = an_article("KZ")
    copy = replace(an_article("KZ"), aliases=("guid-of-another-source", first.aliases[1]))
    await articles.append([first])
    assert (await articles.append([copy])).known == 1
    assert await log_of(database, articles) == [first.id]


async def test_a_corrected_story_replaces_the_text_and_is_not_pushed_again(
    articles: Articles, database: Database
) -> None:
    article = an_article("KZ")
    await articles.append([article])
    corrected = replace(article, title="A bridge opens at last")
    assert (await articles.append([corrected])).changed == (corrected,)
    page = await articles.latest(KZ, offset=0, limit=6)
    assert [found.title for found in page.articles] == ["A bridge opens at last"]
    assert await log_of(database, articles) == [article.id]


async def test_filling_lists_but_does_not_log(articles: Articles, database: Database) -> None:
    await articles.fill([an_article("KZ")])
    assert (await articles.latest(KZ, offset=0, limit=6)).total == 1
    assert await log_of(database, articles) == []


async def test_pages_are_newest_first(articles: Articles) -> None:
    batch = [an_article("KZ", minutes=n, title=str(n)) for n in range(15)]
    await articles.append(batch)
    page = await articles.latest(KZ, offset=6, limit=6)
    assert [article.title for article in page.articles] == ["8", "7", "6", "5", "4", "3"]
    assert (page.offset, page.total) == (6, 15)


async def test_log_positions_only_grow_however_fast_articles_come(
    articles: Articles, database: Database
) -> None:
    await articles.append([an_article("KZ", minutes=n) for n in range(50)])
    tail = LogTail(database, articles)
    await tail.refresh()
    positions = list(tail.index.ids)
    assert positions == sorted(set(positions))
    assert len(positions) == 50


async def test_what_is_older_than_the_retention_leaves_the_lists(articles: Articles, clock: Clock) -> None:
    old = an_article("KZ")
    await articles.append([old])
    clock.advance(91 * DAY_S)
    fresh = replace(an_article("KZ"), published=old.published + timedelta(days=91))
    await articles.append([fresh])
    page = await articles.latest(KZ, offset=0, limit=6)
    assert [article.id for article in page.articles] == [fresh.id]


async def test_reading_a_page_takes_two_round_trips(articles: Articles, database: Database) -> None:
    await articles.append([an_article("KZ") for _ in range(10)])
    before = database.round_trips
    await articles.latest(KZ, offset=0, limit=6)
    assert database.round_trips - before == 2
