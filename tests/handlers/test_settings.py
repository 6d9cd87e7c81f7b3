import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.demo.people import Someone
from bot.model import Article, Mode, QuietHours, Quote, Tag
from tests.handlers.conftest import World, labels, stories


async def test_settings_are_one_message_that_redraws_itself(world: World, aigul: Someone) -> None:
    overview = await world.ask(aigul, "/settings")
    assert "You follow: nothing yet\nStories: Each as it appears\nBriefing: off" in (overview.text or "")
    await aigul.tap(overview, "Language")
    await world.telegram.wait_for(lambda: "Русский" in labels(aigul.last))
    await aigul.tap(aigul.last, "Русский")
    await world.telegram.wait_for(lambda: "✅ Русский" in labels(aigul.last))
    assert (await world.stored(aigul)).language == "ru"
    await aigul.tap(aigul.last, "‹")
    await world.telegram.wait_for(lambda: "Русский" in (aigul.last.text or ""))
    assert len(aigul.inbox) == 1


async def test_modes(world: World, aigul: Someone) -> None:
    await world.ask(aigul, "/subscribe KZ")
    since = (await world.stored(aigul)).follows[Tag("KZ")]
    assert "one briefing" in await world.says(aigul, "/mode briefing")
    assert (await world.stored(aigul)).briefing is not None
    await world.services.articles.append(stories(1))
    await world.ask(aigul, "/mode Both")
    chat = await world.stored(aigul)
    assert chat.mode is Mode.BOTH
    assert chat.follows[Tag("KZ")] > since, "nothing from the time without pushes is owed"
    assert "“loud”" in await world.says(aigul, "/mode loud")
    keyboard = await world.ask(aigul, "/mode")
    await aigul.tap(keyboard, "Only the briefing")
    assert (await world.stored(aigul)).mode is Mode.BRIEFING


async def test_quiet_hours(world: World, aigul: Someone) -> None:
    assert "22:00–07:00" in await world.says(aigul, "/quiet 22:00-07:00")
    assert (await world.stored(aigul)).quiet == QuietHours(dt.time(22), dt.time(7))
    for wrong in ("22:00", "22:00-25:00", "8:00-8:00", "night"):
        assert "/quiet 22:00-07:00" in await world.says(aigul, f"/quiet {wrong}")
    assert (await world.stored(aigul)).quiet == QuietHours(dt.time(22), dt.time(7))
    assert "No quiet hours" in await world.says(aigul, "/quiet OFF")
    await aigul.tap(await world.ask(aigul, "/quiet"), "23:00–07:00")
    assert (await world.stored(aigul)).quiet == QuietHours(dt.time(23), dt.time(7))


async def test_the_time_zone_by_city_in_any_language(world: World, aigul: Someone) -> None:
    assert "Tashkent, UTC+5" in await world.says(aigul, "/timezone ташкент")
    assert (await world.stored(aigul)).timezone == "Asia/Tashkent"
    assert "Berlin" in await world.says(aigul, "/timezone Europe/Berlin")
    unknown = await world.ask(aigul, "/timezone moskow")
    assert "“moskow”" in (unknown.text or "")
    assert (await world.stored(aigul)).timezone == "Europe/Berlin"
    await aigul.tap(unknown, "Moscow")
    assert (await world.stored(aigul)).timezone == "Europe/Moscow"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("kk", "kk"), ("Russian", "ru"), ("Қазақ тілі", "kk"), ("узбекский", "uz"), ("türkmen", "tk")],
)
async def test_the_language_by_code_or_name(world: World, aigul: Someone, typed: str, code: str) -> None:
    await world.ask(aigul, f"/language {typed}")
    assert (await world.stored(aigul)).language == code


async def test_an_unknown_language_changes_nothing(world: World, aigul: Someone) -> None:
    await world.ask(aigul, "/start")
    assert "“klingon”" in await world.says(aigul, "/language klingon")
    assert (await world.stored(aigul)).language == "en"


async def test_the_briefing_is_planned_and_stopped(world: World, aigul: Someone) -> None:
    assert await world.says(aigul, "/briefing 07:30 mon-fri") == "Your briefing comes at 07:30, Mon–Fri."
    chat = await world.stored(aigul)
    assert chat.mode is Mode.BOTH
    assert chat.briefing is not None
    assert (chat.briefing.at, chat.briefing.weekdays) == (dt.time(7, 30), frozenset(range(1, 6)))
    assert "still comes" in await world.says(aigul, "/briefing off")
    chat = await world.stored(aigul)
    assert (chat.mode, chat.briefing) == (Mode.INSTANT, None)


async def test_a_new_plan_begins_by_the_clock_however_old_the_news_is(world: World, aigul: Someone) -> None:
    """The end of the log is not the time: while no story comes, it stands still."""
    now = dt.datetime.now(ZoneInfo("Asia/Almaty"))
    an_hour_ago = now - dt.timedelta(hours=1)
    await world.ask(aigul, f"/briefing {an_hour_ago:%H:%M}")
    plan = (await world.stored(aigul)).briefing
    assert plan is not None
    assert plan.first_day == an_hour_ago.date() + dt.timedelta(days=1)


@pytest.mark.parametrize(
    "typed", ["25:00", "8", "8.30", "0800", "8am", "08:00 someday", "tomorrow", "08:00 08:00"]
)
async def test_a_time_that_cannot_be_read_changes_nothing(world: World, aigul: Someone, typed: str) -> None:
    await world.ask(aigul, "/start")
    before = await world.stored(aigul)
    assert "For example: /briefing 08:00 mon-fri" in await world.says(aigul, f"/briefing {typed}")
    assert await world.stored(aigul) == before


async def test_the_time_that_was_meant_is_one_tap_away(world: World, aigul: Someone) -> None:
    answer = await world.ask(aigul, "/briefing 8.30")
    assert labels(answer) == ["☀️ 08:30, every day"]
    await aigul.tap(answer, "08:30")
    plan = (await world.stored(aigul)).briefing
    assert plan is not None
    assert plan.at == dt.time(8, 30)


async def test_the_briefing_now_has_stories_by_country_rates_and_buttons(
    world: World, aigul: Someone
) -> None:
    now = dt.datetime.now(dt.UTC)
    story = Article(
        "a1",
        "A bridge is open",
        "https://news.example/1",
        now - dt.timedelta(hours=1),
        "The Steppe Courier",
        "Cars cross it.",
        countries=(Tag("KZ"),),
        aliases=("1",),
    )
    await world.services.articles.fill([story])
    await world.services.rates.put(
        [Quote("USD", "KZT", Decimal("505.05"), now.date(), "Bank", Decimal("0.31"))]
    )
    await world.ask(aigul, "/subscribe KZ")
    briefing = await world.ask(aigul, "/briefing")
    seen = briefing.text or ""
    assert seen.endswith(
        "🇰🇿 Kazakhstan\n1. A bridge is open\nCars cross it.\n\n"
        "💱 Exchange rates\n1 USD = 505.05 KZT  ▲ 0.31%\n\nFrom The Steppe Courier"
    )
    assert labels(briefing) == ["1", "All: 🇰🇿 Kazakhstan", "🕗 Change time"]
    await aigul.tap(briefing, "1")
    await world.telegram.wait_for(lambda: "Cars cross it." in (aigul.last.text or ""))
    await aigul.tap(briefing, "Change time")
    await world.telegram.wait_for(lambda: "When would you like the briefing?" in (aigul.last.text or ""))


async def test_without_subscriptions_the_briefing_shows_the_way(world: World, aigul: Someone) -> None:
    assert "You follow nothing yet" in await world.says(aigul, "/briefing")


async def test_stop_pauses_and_privacy_explains(world: World, aigul: Someone) -> None:
    await world.ask(aigul, "/start KZ")
    assert "Paused" in await world.says(aigul, "/stop")
    assert (await world.stored(aigul)).paused
    assert "Paused" in await world.says(aigul, "/subscriptions")
    assert "/delete" in await world.says(aigul, "/privacy")
