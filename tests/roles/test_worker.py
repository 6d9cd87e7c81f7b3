"""A worker and its sources over real HTTP and a real Redis: what it remembers from poll to poll, restarts included."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.roles.source_record import MOST_NEW_A_DAY, TOO_MUCH
from bot.sources.fetching import Limits
from bot.sources.websub import Hub
from bot.store.articles import Articles
from bot.store.connect import Database
from bot.store.keys import SOURCE_SCHEDULE
from bot.store.schedule import Schedule
from bot.store.source_reports import SourceReports
from bot.store.source_states import SourceState, SourceStates
from bot.store.subscriptions import Subscription, Subscriptions
from tests.sources.hostile import Answer, Asked, feed, never, says, serving, story
from tests.sources.polled import RETENTION_S, news, working
from tests.waiting import wait_until

XML = "Content-Type: application/rss+xml"
FEED = says(feed(story(1)), XML)
GONE = says(b"", status="410 Gone")
UNCHANGED = says(b"", status="304 Not Modified")


class Site:
    """Answers by path; what it says may change meanwhile."""

    def __init__(self, **pages: Answer) -> None:
        self.pages = pages

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        page = self.pages.get(asked.path.strip("/"), says(b"", status="404 Not Found"))
        await page(asked, writer)


def moved(to: str, status: int) -> Answer:
    return says(b"", f"Location: {to}", status=f"{status} Moved")


async def polls(database: Database, count: int, name: str = "Daily") -> SourceState:
    """Wait until the source was polled so often; pauses are cut short."""
    states, schedule = SourceStates(database), Schedule(database, SOURCE_SCHEDULE)
    async with asyncio.timeout(60):
        while (state := await states.get(name)).polls < count:
            await schedule.wake([name])
            await asyncio.sleep(0.02)
    return state


async def test_validators_habits_and_the_new_address_outlive_the_worker(database: Database) -> None:
    tagged = says(
        feed(story(1), head="<ttl>90</ttl>"),
        XML,
        'ETag: "v1"',
        "Last-Modified: Mon, 15 Jun 2026 10:00:00 GMT",
    )
    site = Site(old=moved("/new", 301), new=tagged)
    async with serving(site) as (address, asked):
        source = news("Daily", f"{address}/old")
        async with working(database, source):
            await polls(database, 1)
        site.pages["new"] = UNCHANGED
        asked.clear()
        async with working(database, source):
            await polls(database, 2)
        assert [request.path for request in asked] == ["/new"]
        assert asked[0].headers["if-none-match"] == '"v1"'
        assert asked[0].headers["if-modified-since"] == "Mon, 15 Jun 2026 10:00:00 GMT"
        (report,) = await SourceReports(database).all()
    assert report.next_poll is not None
    left = report.next_poll - datetime.now(UTC)
    assert timedelta(minutes=88) < left <= timedelta(minutes=90), (
        "the ttl holds, though the 304 does not repeat it"
    )


async def test_a_temporary_move_is_followed_and_not_remembered(database: Database) -> None:
    site = Site(old=moved("/new", 307), new=FEED)
    async with serving(site) as (address, asked), working(database, news("Daily", f"{address}/old")):
        state = await polls(database, 2)
        assert state.moved_to == ""
        assert [request.path for request in asked[:4]] == ["/old", "/new", "/old", "/new"]


async def test_a_new_address_that_keeps_failing_is_given_up_for_the_old_one(database: Database) -> None:
    site = Site(old=moved("/new", 308), new=FEED)
    async with serving(site) as (address, _), working(database, news("Daily", f"{address}/old")):
        assert (await polls(database, 1)).moved_to == f"{address}/new"
        site.pages = {"old": FEED}
        state = await polls(database, 5)
        while state.moved_to:
            state = await polls(database, state.polls + 1)
        assert state.last_error == ""


async def test_a_source_that_is_gone_is_asked_no_more_and_still_shown(database: Database) -> None:
    async with serving(Site(feed=GONE)) as (address, asked):
        source = news("Daily", f"{address}/feed")
        for _ in range(2):
            async with working(database, source):
                await wait_until(lambda: asked)
                await Schedule(database, SOURCE_SCHEDULE).wake(["Daily"])
                await asyncio.sleep(0.6)  # long enough for another poll, if there were one
        assert len(asked) == 1
        (report,) = await SourceReports(database).all()
        assert report.state.ended
        assert "410" in report.state.last_error
    async with (
        serving(Site(feed=FEED)) as (address, asked),
        working(database, news("Daily", f"{address}/feed")),
    ):
        state = SourceState()
        while not state.last_success:  # the operator wrote another address
            await asyncio.sleep(0.02)
            state = await SourceStates(database).get("Daily")
        assert not state.ended


async def test_gone_where_it_had_moved_to_may_mean_that_it_moved_back(database: Database) -> None:
    site = Site(old=moved("/new", 301), new=FEED)
    async with serving(site) as (address, _), working(database, news("Daily", f"{address}/old")):
        await polls(database, 1)
        site.pages = {"old": FEED, "new": GONE}
        state = SourceState(moved_to="x")
        async with asyncio.timeout(60):
            while state.moved_to or state.ended or not state.last_success:
                await Schedule(database, SOURCE_SCHEDULE).wake(["Daily"])
                await asyncio.sleep(0.05)
                state = await SourceStates(database).get("Daily")
        assert state.last_error == ""


async def test_a_304_that_nobody_asked_for_fills_nothing(database: Database) -> None:
    site = Site(feed=UNCHANGED)
    async with serving(site) as (address, _), working(database, news("Daily", f"{address}/feed")):
        assert "answered 304" in (await polls(database, 1)).last_error
        site.pages["feed"] = FEED
        state = await polls(database, 3)
        assert (state.filled, state.last_error) == (True, "")
    assert (await Articles(database, RETENTION_S).latest(None, offset=0, limit=6)).total == 1
    assert await database.run(("XLEN", "{a}:log")) == 0, "the first stories of a source are pushed to nobody"


async def test_a_failure_is_said_once_and_its_end_too(database: Database) -> None:
    broken = says(b"", status="500 Oh")
    site = Site(feed=broken)
    with capture_logs() as logs:
        async with serving(site) as (address, _), working(database, news("Daily", f"{address}/feed")):
            await polls(database, 3)
            site.pages["feed"] = FEED
            await polls(database, 5)
            site.pages["feed"] = broken
            await polls(database, 7)
    about = [
        line["event"] for line in logs if line["log_level"] != "debug" and line["event"] != "stories stored"
    ]
    assert about == ["source failed", "source works again", "source failed"]


@pytest.mark.slow
async def test_a_source_that_invents_stories_fills_no_store(database: Database) -> None:
    count = MOST_NEW_A_DAY // 2 + 1
    polled = 0

    async def inventive(asked: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal polled
        polled += 1
        first = 1_000_000 * polled
        await says(feed(*map(story, range(first, first + count))), XML)(asked, writer)

    async with serving(inventive) as (address, _), working(database, news("Daily", f"{address}/feed")):
        state = await polls(database, 4)
    assert state.last_error == TOO_MUCH
    stored = (await Articles(database, RETENTION_S).latest(None, offset=0, limit=1)).total
    assert stored == count + MOST_NEW_A_DAY, "the first fill, and a day's worth"


async def test_a_hub_is_asked_again_in_time_though_the_feed_says_nothing_new(database: Database) -> None:
    kept, now = Subscriptions(database), datetime.now(UTC)
    site = Site(feed=says(feed(story(1)), XML, 'ETag: "v1"'), hub=says(b"", status="202 Accepted"))
    async with (
        serving(site) as (address, asked),
        working(database, news("Daily", f"{address}/feed"), hubs="https://bot.example/websub"),
    ):
        await polls(database, 1)
        site.pages["feed"] = UNCHANGED
        hub = Hub(f"{address}/hub", f"{address}/feed")
        ends = now + timedelta(hours=2)
        await kept.put(Subscription("Daily", "id", hub.url, hub.topic, "s", now - timedelta(days=9), ends))
        await polls(database, 2)
        await wait_until(lambda: any(request.path == "/hub" for request in asked))


@pytest.mark.slow
async def test_thirty_servers_that_do_not_answer_delay_nobody(database: Database) -> None:
    async with serving(never) as (silence, _), serving(Site(feed=FEED)) as (address, asked):
        silent = [news(f"Silent {number}", f"{silence}/{number}") for number in range(30)]
        limits = Limits(connect_s=1, total_s=8)
        async with working(database, *silent, news("Daily", f"{address}/feed"), limits=limits):
            await wait_until(lambda: len(asked) >= 3, within_s=6)
