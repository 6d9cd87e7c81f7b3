"""The sample source: invented stories that come one by one, and rates that hardly move."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import aiohttp

from bot.demo import samples
from bot.demo.demo import Demo
from bot.demo.sample_rates import IN_DOLLARS, SampleRates
from bot.roles.rates_desk import weigh
from bot.sources.rates import RATES_FORMATS
from bot.sources.rates.page import RatesPage
from bot.sources.rates.usd import against_usd

STARTED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
NEWS = samples.SampleNews(STARTED, timedelta(minutes=1), "http://127.0.0.1:8090")


def titles(at: datetime) -> list[str | None]:
    return [item.findtext("title") for item in ElementTree.fromstring(NEWS.feed(at)).iter("item")]


def test_there_are_stories_about_every_country_and_they_are_well_formed() -> None:
    every = samples.stories()
    assert len(every) >= 40
    assert {code for story in every for code in story.countries} == {"KZ", "KG", "TJ", "TM", "UZ"}
    assert all(
        len(story.title) <= 90 and 150 <= len(story.text) <= 600 and story.categories for story in every
    )
    assert len({story.title for story in every}) == len(every)


def test_a_new_story_comes_every_minute() -> None:
    before, after = titles(STARTED + timedelta(seconds=79)), titles(STARTED + timedelta(seconds=80))
    assert after[1:] == before[: len(after) - 1]
    assert after[0] not in before
    assert titles(STARTED + timedelta(seconds=20))[1:] == titles(STARTED)[:-1] + titles(STARTED)[-1:]


def test_the_feed_is_dated_newest_first_and_never_in_the_future() -> None:
    now = STARTED + timedelta(minutes=7, seconds=30)
    items = ElementTree.fromstring(NEWS.feed(now)).iter("item")
    dates = [parsedate_to_datetime(item.findtext("pubDate") or "") for item in items]
    assert dates == sorted(dates, reverse=True)
    assert dates[0] <= now


def test_when_all_are_told_they_start_over_under_a_new_name() -> None:
    late = titles(STARTED + timedelta(minutes=len(samples.stories())))
    assert any("round 2" in (title or "") for title in late)
    assert len(set(late)) == len(late)


def test_the_ticker_has_five_pairs_that_move_a_little() -> None:
    text = SampleRates().ticker(STARTED)
    pairs = dict(re.findall(r"^(\w{3})/USD = ([\d.]+) [+-][\d.]+%$", text, re.MULTILINE))
    assert pairs.keys() == IN_DOLLARS.keys()
    assert all(abs(float(pairs[code]) / float(base) - 1) < 0.06 for code, base in IN_DOLLARS.items())


def test_the_bank_has_a_year_of_history_that_does_not_change_behind_a_chart() -> None:
    today, tomorrow = (
        RATES_FORMATS["ecb"](
            SampleRates().table(at).encode(), RatesPage("Sample bank", "text/csv", at.date(), None)
        )
        for at in (STARTED, STARTED + timedelta(days=1))
    )
    days = {quote.as_of for quote in today}
    assert max(days) - min(days) >= timedelta(days=398)
    past = {(q.quote, q.as_of): q.value for q in tomorrow}
    common = [q for q in today if q.as_of < STARTED.date() and (q.quote, q.as_of) in past]
    assert len(common) > 2000
    assert all(past[q.quote, q.as_of] == q.value for q in common)


def test_no_rate_of_the_bank_moves_so_much_that_the_guard_would_hold_it() -> None:
    page = RatesPage("Sample bank", "text/csv", STARTED.date(), None)
    quotes = against_usd(RATES_FORMATS["ecb"](SampleRates().table(STARTED).encode(), page))
    assert weigh(quotes, "ecb", {}, [], {}, STARTED.date()).hold == []


async def test_the_demo_serves_feed_ticker_and_story_pages() -> None:
    async with Demo(port=0, now=lambda: STARTED) as demo, aiohttp.ClientSession(demo.api_url) as session:
        async with session.get("/sample/feed.xml") as feed:
            link = ElementTree.fromstring(await feed.text()).findtext(".//item/link") or ""
        unchanged = {"If-None-Match": feed.headers["ETag"]}
        async with session.get("/sample/feed.xml", headers=unchanged) as again:
            assert again.status == 304
        async with session.get(link.removeprefix(demo.api_url)) as page:
            assert "Sample story: invented" in await page.text()
        for url in re.findall(r'url = "(.+)"', demo.sources_toml):
            async with session.get(url.removeprefix(demo.api_url)) as source:
                assert source.status == 200
