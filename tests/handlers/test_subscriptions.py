import pytest

from bot.demo.people import Someone
from bot.model import Tag
from tests.handlers.conftest import World, labels


@pytest.mark.parametrize(
    ("typed", "followed"),
    [
        ("/subscribe KZ", {"KZ"}),
        ("/subscribe kazakhstan energy", {"KZ", "energy"}),
        ("/SUBSCRIBE@local_briefing_bot Казахстан, 🇺🇿", {"KZ", "UZ"}),
        ("/subscribe united states", {"US"}),
        ("/subscribe Central Asia", {"KZ", "KG", "TJ", "TM", "UZ"}),
    ],
)
async def test_following_by_code_name_flag_in_any_case(
    world: World, aigul: Someone, typed: str, followed: set[str]
) -> None:
    assert (await world.says(aigul, typed)).startswith("✅ You now follow ")
    assert set((await world.stored(aigul)).follows) == followed


async def test_a_word_that_is_nothing_changes_nothing_and_says_what_was_meant(
    world: World, aigul: Someone
) -> None:
    answer = await world.says(aigul, "/subscribe uzbekistan kazahstan")
    assert answer == (
        "I know no country or topic called “kazahstan”. Did you mean Kazakhstan? "
        "For example: /subscribe kazakhstan energy"
    )
    assert "You follow nothing yet." in await world.says(aigul, "/subscriptions")


async def test_the_keyboard_shows_every_country_and_topic_with_its_ticks(
    world: World, aigul: Someone
) -> None:
    await world.ask(aigul, "/subscribe energy")
    shown = labels(await world.ask(aigul, "/subscribe"))
    assert len(shown) == len(world.services.catalogue.tags) + 1
    assert "✅ ⚡ Energy" in shown
    assert "🇦🇫 Afghanistan" in shown


async def test_a_topic_is_ticked_in_place(world: World, aigul: Someone) -> None:
    keyboard = await world.ask(aigul, "/subscribe")
    await aigul.tap(keyboard, "Energy")
    await world.telegram.wait_for(lambda: "✅ ⚡ Energy" in labels(aigul.last))
    assert len(aigul.inbox) == 1


async def test_more_opens_everything_in_the_same_message(world: World, aigul: Someone) -> None:
    welcome = await world.ask(aigul, "/start")
    await aigul.tap(welcome, "More")
    await world.telegram.wait_for(lambda: "🇦🇫 Afghanistan" in labels(aigul.last))
    assert len(aigul.inbox) == 1


async def test_following_again_keeps_the_place_in_the_log(world: World, aigul: Someone) -> None:
    await world.ask(aigul, "/subscribe KZ")
    since = (await world.stored(aigul)).follows[Tag("KZ")]
    await world.ask(aigul, "/subscribe KZ UZ")
    assert (await world.stored(aigul)).follows[Tag("KZ")] == since


async def test_unsubscribing_by_name_by_button_and_from_all(world: World, aigul: Someone) -> None:
    await world.ask(aigul, "/subscribe KZ UZ energy")
    assert await world.says(aigul, "/unsubscribe kz") == (
        "You no longer follow Kazakhstan.\nEach new story comes as it appears."
    )
    listed = await world.ask(aigul, "/unsubscribe")
    assert labels(listed) == ["✖️ 🇺🇿 Uzbekistan", "✖️ ⚡ Energy", "➕ Add or change", "⚙️ Settings"]
    await aigul.tap(listed, "Uzbekistan")
    assert set((await world.stored(aigul)).follows) == {"energy"}
    assert await world.says(aigul, "/unsubscribe ALL") == "You follow nothing yet."
    assert not (await world.stored(aigul)).follows


async def test_subscriptions_are_listed_in_the_catalogues_order(world: World, aigul: Someone) -> None:
    await world.ask(aigul, "/subscribe energy UZ KZ")
    assert await world.says(aigul, "/subscriptions") == (
        "You follow\n\n🇰🇿 Kazakhstan\n🇺🇿 Uzbekistan\n⚡ Energy\n\nEach new story comes as it appears."
    )


async def test_tapping_fast_shows_no_errors(world: World, aigul: Someone) -> None:
    keyboard = await world.ask(aigul, "/subscribe")
    taps = [aigul.press(keyboard, "Kazakhstan") for _ in range(5)]
    await world.telegram.wait_for(lambda: all(tap.answer for tap in taps))
    assert {tap.answer.text for tap in taps if tap.answer} == {""}
    await world.telegram.wait_for(lambda: "✅ 🇰🇿 Kazakhstan" in labels(aigul.last))


@pytest.mark.parametrize(
    "data", ["f:XX:e", "f:KZ", "f::e", "nonsense", "p:KZ:-1", "z:Mars/Phobos", "a:xx", "🙂" * 16]
)
async def test_old_or_crafted_buttons_get_a_toast_and_change_nothing(
    world: World, aigul: Someone, data: str
) -> None:
    keyboard = await world.ask(aigul, "/start KZ")
    before = await world.stored(aigul)
    tap = aigul.send_data(keyboard, data)
    await world.telegram.wait_for(lambda: tap.answer)
    assert tap.answer is not None
    assert "out of date" in tap.answer.text
    assert await world.stored(aigul) == before
