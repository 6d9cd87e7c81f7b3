"""Knowing an entry again, and folding a second telling into a stored story: on every kind of Redis."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Article, Position, Tag
from bot.store.articles import Articles, Sighting
from bot.store.connect import Database
from bot.store.log_tail import LogTail
from tests.store.samples import an_article

KZ, UZ, ENERGY, MN = Tag("KZ"), Tag("UZ"), Tag("energy"), Tag("MN")
LONG_AGO = Position(1)
NOTHING_READ = Position(2)


@pytest.fixture
def articles(database: Database) -> Articles:
    return Articles(database, retention_s=90 * 86_400)


def retold(source: str, *tags: str) -> Article:
    return replace(an_article(*tags), source=source)


async def tail_of(database: Database, articles: Articles) -> LogTail:
    tail = LogTail(database, articles)
    await tail.refresh()
    return tail


async def test_a_telling_with_the_same_tags_only_names_its_source(
    articles: Articles, database: Database
) -> None:
    story = an_article("KZ", "energy")
    await articles.append([story])
    for _ in range(2):
        await articles.fold(retold("Second", "KZ", "energy"), story.id, "append")
    (stored,) = await articles.get([story.id])
    assert stored is not None
    assert stored.sources == ("Second",)
    assert len((await tail_of(database, articles)).index.ids) == 1


async def test_each_tag_that_a_telling_adds_is_owed_once_however_many_tellings_come(
    articles: Articles, database: Database
) -> None:
    story = an_article("KZ")
    await articles.append([story])
    await articles.fold(retold("Second", "KZ", "UZ"), story.id, "append")
    await articles.fold(retold("Third", "UZ", "MN", "energy"), story.id, "append")
    await articles.fold(retold("Fourth", "MN"), story.id, "append")
    index = (await tail_of(database, articles)).index
    first, second, third = index.ids
    assert set(index.ids.values()) == {story.id}
    for follows, owed in (
        ({KZ}, [first]),
        ({UZ}, [second]),
        ({MN}, [third]),
        ({ENERGY}, [third]),
        ({KZ, UZ, MN, ENERGY}, [first]),
        ({UZ, MN}, [second]),
    ):
        assert index.owed(dict.fromkeys(follows, LONG_AGO), NOTHING_READ) == owed
        assert index.owed(dict.fromkeys(follows, LONG_AGO), third) == []
    for tag in (KZ, UZ, MN, ENERGY):
        assert (await articles.latest(tag, offset=0, limit=6)).total == 1
    (stored,) = await articles.get([story.id])
    assert stored is not None
    assert (set(stored.countries), stored.topics) == ({KZ, UZ, MN}, (ENERGY,))


async def test_who_follows_only_after_a_story_came_is_owed_what_came_later(
    articles: Articles, database: Database
) -> None:
    story = an_article("KZ")
    await articles.append([story])
    await articles.fold(retold("Second", "UZ"), story.id, "append")
    index = (await tail_of(database, articles)).index
    first, second = index.ids
    assert index.owed({KZ: first, UZ: LONG_AGO}, first) == [second]
    assert index.owed({UZ: second}, first) == []


async def test_what_was_never_pushed_is_not_pushed_for_a_second_telling(
    articles: Articles, database: Database
) -> None:
    story = an_article("KZ")
    await articles.fill([story])
    await articles.fold(retold("Second", "UZ"), story.id, "append")
    assert not (await tail_of(database, articles)).index.ids
    assert (await articles.latest(UZ, offset=0, limit=6)).total == 1


async def test_an_entry_is_known_edited_linked_or_new(articles: Articles, database: Database) -> None:
    story = replace(an_article("KZ"), said="wordsOneraw-One-")
    await articles.append([story])
    own, link = story.aliases[0], story.aliases[1]
    sighted = [
        Sighting(story.id, (own, link), "raw-One-"),
        Sighting(story.id, (own, link), "raw-Two-"),
        Sighting("another", ("another", link), "raw-One-"),
        Sighting("unheard", ("unheard", "of"), "raw-One-"),
    ]
    assert [sifted.what for sifted in await articles.sift(sighted)] == [
        "known",
        "edited",
        "linked",
        "unknown",
    ]
    assert (await articles.append([replace(story, said="wordsOneraw-Two-")])).known == 1
    assert [sifted.what for sifted in await articles.sift(sighted[:2])] == ["edited", "known"]
    assert (await articles.append([replace(story, said="wordsTworaw-Two-")])).changed
