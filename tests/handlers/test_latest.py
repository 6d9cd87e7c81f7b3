from dataclasses import replace

from bot.demo.people import Someone
from tests.handlers.conftest import World, labels, stories


async def test_the_newest_six_come_first_and_pages_turn_in_place(world: World, aigul: Someone) -> None:
    await world.services.articles.fill(stories(15))
    page = await world.ask(aigul, "/latest")
    assert (page.text or "").startswith("Latest stories\n1–6 of 15\n\n🇺🇿 Story 0\nIt happened.")
    assert labels(page) == ["›"]
    await aigul.tap(page, "›")
    await world.telegram.wait_for(lambda: "7–12 of 15" in (aigul.last.text or ""))
    await aigul.tap(aigul.last, "›")
    await world.telegram.wait_for(lambda: "13–15 of 15" in (aigul.last.text or ""))
    assert labels(aigul.last) == ["‹"]
    assert len(aigul.inbox) == 1


async def test_a_country_a_topic_and_the_region_have_lists_of_their_own(world: World, aigul: Someone) -> None:
    await world.services.articles.fill(stories(5))
    assert (await world.says(aigul, "/latest казахстан")).startswith("🇰🇿 Kazakhstan\n1–2 of 2")
    assert (await world.says(aigul, "/latest energy")).startswith("⚡ Energy\n1–5 of 5")
    assert (await world.says(aigul, "/latest Central Asia")).startswith("Latest stories\n1–5 of 5")


async def test_nothing_yet_is_said_kindly(world: World, aigul: Someone) -> None:
    assert "Nothing here yet" in await world.says(aigul, "/latest sport")


async def test_what_is_no_country_or_topic_is_explained(world: World, aigul: Someone) -> None:
    assert "“atlantis”" in await world.says(aigul, "/latest atlantis")
    assert "One country or topic at a time" in await world.says(aigul, "/latest KZ UZ")


async def test_hostile_titles_are_shown_as_they_are(world: World, aigul: Someone) -> None:
    (story,) = stories(1)
    hostile = replace(story, title='<b>1 < 2</b> & "so" \u202eon', summary="</i> " + "x" * 4000)
    await world.services.articles.fill([hostile])
    assert '<b>1 < 2</b> & "so" on' in await world.says(aigul, "/latest")
