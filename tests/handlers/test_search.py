"""/search: the newest stories that have all the words, leafed through in place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.people import Someone
from bot.store.search import folded_words, search_words
from handlers.buttons import TurnFound, encode
from handlers.search import MOST_BYTES
from tests.handlers.conftest import World, labels, stories


async def test_the_newest_matches_come_first_and_pages_turn_in_place(world: World, aigul: Someone) -> None:
    found = [replace(story, title=f"Gas pipeline {story.title}") for story in stories(9)[::2]]
    await world.services.articles.fill([*stories(40)[20:], *found])
    page = await world.ask(aigul, "/search PIPELINE gas")
    assert (page.text or "").startswith("🔎 pipeline gas\n1–5 of 5\n\n🇺🇿 Gas pipeline Story 0\n")
    many = await world.ask(aigul, "/search happened")
    assert "1–6 of 25" in (many.text or "")
    await aigul.tap(many, "›")
    await world.telegram.wait_for(lambda: "7–12 of 25" in (aigul.last.text or ""))
    assert labels(aigul.last) == ["‹", "›"]


async def test_what_is_stored_later_is_found_too(world: World, aigul: Someone) -> None:
    assert "Nothing found" in await world.says(aigul, "/search story")
    await world.services.articles.fill(stories(3))
    assert "of 3" in await world.says(aigul, "/search story")


@pytest.mark.parametrize("typed", ["turkmen", "Türkmenistanyň ", "TÜRKMEN gaz", "газ тур", "(gaz)!"])
async def test_accents_case_and_endings_do_not_matter(world: World, aigul: Someone, typed: str) -> None:
    (story,) = stories(1)
    text = replace(story, title="Türkmenistanyň gazy", summary="Газ из Туркмении: ещё дороже.")
    await world.services.articles.fill([text])
    assert "1–1 of 1" in await world.says(aigul, f"/search {typed}")


async def test_without_words_an_example(world: World, aigul: Someone) -> None:
    for typed in ("/search", "/search !?", "/search a"):
        assert "/search gas pipeline" in await world.says(aigul, typed)


async def test_anybody_may_search_in_a_group(world: World, aigul: Someone) -> None:
    group = world.telegram.group("Herders", members=[aigul])
    assert "Nothing found" in await world.says(aigul, "/search horses", group)


@given(st.text(max_size=400))
def test_any_words_fit_behind_a_button(typed: str) -> None:
    words = search_words(typed, MOST_BYTES)
    assert len(" ".join(words).encode()) <= MOST_BYTES
    assert all(":" not in word for word in words)
    assert encode(TurnFound(999_999, " ".join(words)))


def test_words_are_folded() -> None:
    assert folded_words("Oʻzbekiston’s Ёлка, АЛМАТЫ-2") == ["ozbekistons", "елка", "алматы", "2"]
