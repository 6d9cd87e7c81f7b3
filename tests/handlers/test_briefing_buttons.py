"""What the buttons under a briefing do, and the days without news."""

from dataclasses import replace
from decimal import Decimal

from bot.demo.people import Someone
from bot.model import Mode, Quote
from tests.handlers.conftest import World, labels, stories, utc_now


async def test_what_a_briefing_left_out_is_behind_its_button(world: World, aigul: Someone) -> None:
    await world.services.articles.fill(stories(20))
    await world.ask(aigul, "/subscribe energy")
    briefing = await world.ask(aigul, "/briefing")
    shown = {line for line in (briefing.text or "").splitlines() if "Story" in line}
    assert len(shown) == 8
    await aigul.tap(briefing, "…and 12 more")
    await world.telegram.wait_for(lambda: "9–14 of 20" in (aigul.last.text or ""))
    assert not [line for line in shown if line.partition(" ")[2] + "\n" in (aigul.last.text or "")]
    await aigul.tap(aigul.last, "›")
    await world.telegram.wait_for(lambda: "15–20 of 20" in (aigul.last.text or ""))
    await aigul.tap(aigul.last, "‹")
    await world.telegram.wait_for(lambda: "9–14 of 20" in (aigul.last.text or ""))


async def test_a_briefing_of_hundreds_of_stories_shows_eight(world: World, aigul: Someone) -> None:
    crowd = [replace(story, aliases=(story.id,)) for story in stories(400)]
    await world.services.articles.fill(crowd)
    await world.ask(aigul, "/subscribe energy KZ UZ")
    briefing = await world.ask(aigul, "/briefing")
    assert labels(briefing)[:8] == list("12345678")


async def test_days_without_news_can_be_skipped(world: World, aigul: Someone) -> None:
    assert "Not on days without news" not in labels(await world.ask(aigul, "/settings"))
    await world.ask(aigul, "/briefing 08:00")
    settings = await world.ask(aigul, "/settings")
    await aigul.tap(settings, "Briefing")
    await world.telegram.wait_for(lambda: "Not on days without news" in labels(aigul.last))
    await aigul.tap(aigul.last, "Not on days without news")
    await world.telegram.wait_for(lambda: "✅ Not on days without news" in labels(aigul.last))
    await world.ask(aigul, "/briefing 09:00 mon-fri")
    await world.ask(aigul, "/mode instant")
    await world.ask(aigul, "/briefing 10:00")
    plan = (await world.stored(aigul)).briefing
    assert plan is not None
    assert plan.skip_empty, "a new time keeps what was chosen about such days"
    assert (await world.stored(aigul)).mode is Mode.BOTH


async def test_the_rates_below_a_briefing_can_be_switched_off_and_on(world: World, aigul: Someone) -> None:
    await world.services.rates.put([Quote("USD", "KZT", Decimal("505.05"), utc_now().date(), "A bank")])
    await world.ask(aigul, "/subscribe energy KZ")
    assert "505.05" in ((await world.ask(aigul, "/briefing")).text or "")
    await world.ask(aigul, "/briefing 08:00")
    await aigul.tap(await world.ask(aigul, "/settings"), "Briefing")
    await world.telegram.wait_for(lambda: "✅ Exchange rates" in labels(aigul.last))
    section = aigul.last
    await aigul.tap(section, "✅ Exchange rates")
    await world.telegram.wait_for(lambda: "Exchange rates" in labels(aigul.last))
    assert "505.05" not in ((await world.ask(aigul, "/briefing")).text or "")
    await world.ask(aigul, "/briefing 09:00")
    plan = (await world.stored(aigul)).briefing
    assert plan is not None
    assert not plan.rates, "a new time keeps what was chosen about them"
    await aigul.tap(section, "Exchange rates")
    await world.telegram.wait_for(lambda: "✅ Exchange rates" in labels(section))
    assert "505.05" in ((await world.ask(aigul, "/briefing")).text or "")
