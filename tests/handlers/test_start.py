from bot.demo.people import Someone
from bot.model import Mode, Tag
from tests.handlers.conftest import World, labels, stories


async def test_the_first_contact_is_a_welcome_with_flags_to_tap(world: World, aigul: Someone) -> None:
    welcome = await world.ask(aigul, "/start")
    assert welcome.labels == [
        ["🇰🇿 Kazakhstan", "🇰🇬 Kyrgyzstan"],
        ["🇹🇯 Tajikistan", "🇹🇲 Turkmenistan"],
        ["🇺🇿 Uzbekistan", "🌐 More…"],
        ["☀️ Morning briefing at 08:00"],
    ]


async def test_a_flag_is_ticked_in_place_and_unticked_again(world: World, aigul: Someone) -> None:
    welcome = await world.ask(aigul, "/start")
    await aigul.tap(welcome, "Kazakhstan")
    await world.telegram.wait_for(lambda: "✅ 🇰🇿 Kazakhstan" in labels(aigul.last))
    assert set((await world.stored(aigul)).follows) == {"KZ"}
    await aigul.tap(aigul.last, "Kazakhstan")
    await world.telegram.wait_for(lambda: "🇰🇿 Kazakhstan" in labels(aigul.last))
    assert not (await world.stored(aigul)).follows
    assert len(aigul.inbox) == 1


async def test_the_morning_briefing_is_one_tap_away(world: World, aigul: Someone) -> None:
    welcome = await world.ask(aigul, "/start")
    answer = await aigul.tap(welcome, "Morning briefing")
    chat = await world.stored(aigul)
    assert answer.text == "You will get a briefing every morning at 08:00."
    assert chat.mode is Mode.BOTH
    assert chat.briefing is not None
    await world.telegram.wait_for(lambda: "✅ ☀️ Morning briefing at 08:00" in labels(aigul.last))


async def test_a_deep_link_subscribes_at_once(world: World, aigul: Someone) -> None:
    assert "You now follow Kazakhstan." in await world.says(aigul, "/start KZ")
    assert "You now follow Energy." in await world.says(aigul, "/start energy")
    assert set((await world.stored(aigul)).follows) == {"KZ", "energy"}


async def test_an_unknown_deep_link_is_just_a_welcome(world: World, aigul: Someone) -> None:
    assert "follow" in await world.says(aigul, "/start r_9f3c")
    assert not (await world.stored(aigul)).follows


async def test_the_language_is_that_of_the_first_contact(world: World) -> None:
    ivan = world.telegram.user(2, "Ivan", language_code="ru-RU")
    welcome = await world.ask(ivan, "/START")
    assert "🇰🇿 Казахстан" in labels(welcome)
    assert (await world.stored(ivan)).language == "ru"


async def test_coming_back_after_a_pause_owes_nothing(world: World, aigul: Someone) -> None:
    await world.ask(aigul, "/start KZ")
    since = (await world.stored(aigul)).follows[Tag("KZ")]
    await world.ask(aigul, "/stop")
    await world.services.articles.append(stories(1))
    await world.ask(aigul, "/start")
    chat = await world.stored(aigul)
    assert not chat.paused
    assert chat.follows[Tag("KZ")] > since
