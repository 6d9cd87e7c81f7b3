"""briefing-bot backfill-rates: past fixings from a bank, in order, once, and no further than a broken line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import aiohttp

from bot.backfill import Backfill
from bot.sources.fetching import Fetcher
from bot.sources.manners import Manners
from bot.sources.sources_file import RatesSource
from bot.store.backfill_marks import BackfillMarks
from bot.store.connect import Database
from bot.store.rate_history import RateHistory
from bot.store.rates import Rates
from tests.stories.newsroom import Newsroom, Page

TODAY = datetime.now(UTC).date()


def nbk(day: date, rate: int) -> Page:
    body = (
        f"<rates><date>{day:%d.%m.%Y}</date><item><title>USD</title><description>{rate}</description>"
        "<quant>1</quant></item></rates>"
    )
    return Page(body.encode(), content_type="text/xml")


async def test_past_days_fill_the_history_and_a_second_call_goes_on_where_the_first_was_cut_off(
    newsroom: Newsroom, database: Database
) -> None:
    days = [TODAY - timedelta(days=age) for age in (5, 4, 3, 2, 1)]
    for number, day in enumerate(days):
        newsroom.pages[f"/past/{day}"] = nbk(day, 500 + number)
    del newsroom.pages[f"/past/{days[1]}"]  # a holiday: 404
    newsroom.pages[f"/past/{days[3]}"].status = 503
    source = RatesSource(
        name="Bank", url=f"{newsroom.url}/today", format="nbk", history=f"{newsroom.url}/past/{{date}}"
    )
    rates, told = Rates(database), list[int]()
    async with aiohttp.ClientSession() as session:
        fetcher = Fetcher(session, manners=Manners(interval_s=0))
        filling = Backfill(
            fetcher, rates, BackfillMarks(database), TODAY, 5, lambda _name, done, _of: told.append(done)
        )
        (first,) = await filling.run([source])
        assert (first.points, first.trouble) == (2, "answered 503 (Service Unavailable)")
        newsroom.pages[f"/past/{days[3]}"].status = 200
        asked_before = newsroom.pages[f"/past/{days[0]}"].requests
        (second,) = await filling.run([source])
    assert (second.points, second.trouble) == (2, "")
    assert newsroom.pages[f"/past/{days[0]}"].requests == asked_before
    assert told == [1, 2, 3, 1, 2]
    history = await RateHistory(database).read("KZT", "Bank", days[0], TODAY)
    assert history == tuple((days[n], Decimal(500 + n)) for n in (0, 2, 3, 4))
    assert await rates.latest() == {}, "the past is no news"
