"""One poll of one source, against a real web server: good days, bad days, and pages made to do harm."""

from __future__ import annotations

import asyncio
import gzip
import os
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.errors import FetchError, FormatError, SourceError
from bot.model import Quote
from bot.sources.fetching import Fetcher, Validators
from bot.sources.manners import Manners
from bot.sources.polling import Ended, NewsRead, RatesRead, Unchanged, Walk, poll_news, poll_rates
from bot.sources.sources_file import RatesSource
from tests.sources.conftest import NOW, Publisher, news

FEED = """<rss version="2.0"><channel><title>C</title><ttl>{ttl}</ttl>{items}</channel></rss>"""
NONE = Validators()


def feed(*items: str, ttl: int = 1) -> str:
    return FEED.format(ttl=ttl, items="".join(f"<item>{item}</item>" for item in items))


def story(number: int) -> str:
    return f"<title>Story {number}</title><guid>{number}</guid><link>https://courier.example/{number}</link>"


async def read(fetcher: Fetcher, url: str, **more: object) -> NewsRead:
    answer = await poll_news(news(url, **more), fetcher, NONE, NOW)  # type: ignore[arg-type]
    assert isinstance(answer, NewsRead)
    return answer


async def test_a_feed_becomes_entries_and_what_the_next_poll_needs(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    url = publisher.says("/feed", feed(story(1), story(2), ttl=30), headers={"ETag": '"v1"'})
    answer = await read(fetcher, url)
    assert [entry.title for entry in answer.entries] == ["Story 1", "Story 2"]
    assert answer.validators == Validators('"v1"', None)
    assert answer.next_after_s == 1800  # the feed's ttl, longer than every = 5m


async def test_an_unchanged_feed_costs_no_parse(publisher: Publisher, fetcher: Fetcher) -> None:
    # The body would be an error if anybody read it.
    url = publisher.says("/feed", b"", status=304)
    known = Validators('"v1"', None)
    assert await poll_news(news(url), fetcher, known, NOW) == Unchanged(known, 300.0)


async def test_a_source_that_is_gone_for_good_has_ended(publisher: Publisher, fetcher: Fetcher) -> None:
    assert await poll_news(news(publisher.says("/feed", b"", status=410)), fetcher, NONE, NOW) == Ended()


async def test_entries_with_nothing_to_show_are_left_out(publisher: Publisher, fetcher: Fetcher) -> None:
    answer = await read(fetcher, publisher.says("/feed", feed("<guid>1</guid>", "", story(3))))
    assert [entry.title for entry in answer.entries] == ["Story 3"]


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"<html><body>Maintenance</body></html>", FormatError, "HTML"),
        (b"", FormatError, "empty"),
        (b"<rss", FormatError, "not a feed"),
    ],
)
async def test_what_is_no_feed_is_an_error_in_words(
    publisher: Publisher, fetcher: Fetcher, body: bytes, error: type[SourceError], words: str
) -> None:
    with pytest.raises(error, match=words):
        await poll_news(news(publisher.says("/feed", body)), fetcher, NONE, NOW)


async def test_a_listing_is_polled_with_the_pause_that_the_site_asks_for(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    publisher.says("/robots.txt", "User-agent: *\nCrawl-delay: 0.1\n")
    page = "A Headline of Some Length\n\n" + "A sentence that goes on for a while and then ends. " * 4
    answer = await read(fetcher, publisher.says("/news", page), format="listing")
    assert [entry.title for entry in answer.entries] == ["A Headline of Some Length"]
    assert [request.path for request in publisher.requests] == ["/robots.txt", "/news"]
    await read(fetcher, f"{publisher.address}/news", format="listing")
    assert [request.path for request in publisher.requests].count("/robots.txt") == 1


def posts(*numbers: int) -> str:
    rows = ",".join(
        f'{{"title": {{"rendered": "Post {n}"}}, "guid": {{"rendered": "https://c.example/?p={n}"}},'
        f'"link": "https://c.example/{n}", "date_gmt": "2026-06-15T10:00:00"}}'
        for n in numbers
    )
    return f"[{rows}]"


async def test_older_pages_of_a_wordpress_site_are_read_on_the_first_fill_each_once(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    async def page(request: web.BaseRequest) -> web.StreamResponse:
        number = int(request.query.get("page", "1"))
        following = 1 if number == 3 else number + 1  # the last page points back to the first: a circle
        link = f'<{publisher.address}{request.path}?page={following}>; rel="next"'
        return web.Response(text=posts(number), headers={"Link": link})

    publisher.at("/wp-json/wp/v2/posts", page)
    source = news(publisher.address, format="wordpress")
    first = await poll_news(source, fetcher, NONE, NOW, older_pages=50)
    assert isinstance(first, NewsRead)
    assert {entry.title for entry in first.entries} == {"Post 1", "Post 2", "Post 3"}
    assert len(publisher.requests) <= 4
    later = await poll_news(source, fetcher, NONE, NOW)
    assert isinstance(later, NewsRead)
    assert [entry.title for entry in later.entries] == ["Post 1"]


LISTED = "".join(
    f"<article><h2><a href='/{n}'>Bridge number {n} opens to traffic</a></h2>"
    f"<p>It spans the river Naryn at last, and took its builders {n} years and much patience.</p></article>"
    for n in range(1, 5)
)


async def test_the_pause_that_a_site_asks_for_is_kept_before_its_older_pages_too(
    publisher: Publisher, session: aiohttp.ClientSession
) -> None:
    times_s: list[float] = []

    async def page(request: web.BaseRequest) -> web.StreamResponse:
        times_s.append(asyncio.get_running_loop().time())
        following = int(request.query.get("page", "1")) + 1
        body = f"<html><body>{LISTED}<a rel='next' href='?page={following}'>Next</a></body></html>"
        return web.Response(text=body, content_type="text/html")

    publisher.says("/robots.txt", "User-agent: *\nCrawl-delay: 1\n")
    source = news(publisher.at("/news", page), format="listing")
    hasty = Fetcher(session, now=lambda: NOW, manners=Manners(interval_s=0))
    await poll_news(source, hasty, NONE, NOW, older_pages=1)
    assert len(times_s) == 2
    assert times_s[1] - times_s[0] >= 0.95


async def test_a_site_that_asks_for_long_pauses_is_asked_for_its_first_page_only(
    publisher: Publisher, session: aiohttp.ClientSession
) -> None:
    publisher.says("/robots.txt", "User-agent: *\nCrawl-delay: 1000000000\n")
    url = publisher.says("/news", f"<html><body>{LISTED}<a rel='next' href='/2'>Next</a></body></html>")
    hasty = Fetcher(session, now=lambda: NOW, manners=Manners(interval_s=0))
    await poll_news(news(url, format="listing"), hasty, NONE, NOW, older_pages=2)
    assert [request.path for request in publisher.requests] == ["/robots.txt", "/news"]


async def test_a_listing_of_the_web_that_pages_into_our_network_is_not_followed(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    walk = Walk(news("https://courier.example/"), fetcher, NOW, 0, 2)
    assert await walk.older(publisher.says("/internal", LISTED), set()) == []
    assert publisher.requests == []


async def test_the_wishes_of_a_feed_hold_through_a_304_until_it_says_otherwise(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    url = publisher.says("/feed", feed(story(1), ttl=30), headers={"Cache-Control": "max-age=3600"})
    answer = await read(fetcher, url)
    assert answer.next_after_s == 3600
    known = Validators('"v1"')
    publisher.says("/feed", b"", status=304)
    again = await poll_news(news(url), fetcher, known, NOW, habits=answer.habits)
    assert isinstance(again, Unchanged)
    assert again.next_after_s == 3600
    publisher.says("/feed", b"", status=304, headers={"Cache-Control": "max-age=60"})
    again = await poll_news(news(url), fetcher, known, NOW, habits=again.habits)
    assert again.next_after_s == 1800, "the ttl is left"  # type: ignore[union-attr]


async def test_a_source_is_left_alone_outside_its_busy_hours_even_while_it_answers_304(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    evenings = [NOW.replace(hour=20) - timedelta(days=days) for days in range(1, 8)]
    dates = [f"{story(n)}<pubDate>{format_datetime(time)}</pubDate>" for n, time in enumerate(evenings)]
    url = publisher.says("/feed", feed(*dates))
    answer = await read(fetcher, url)
    assert answer.next_after_s == 6 * 3600
    publisher.says("/feed", b"", status=304)
    for hour, pause_s in ((16, 3 * 3600), (20, 300), (22, 6 * 3600)):
        now = NOW.replace(hour=hour)
        again = await poll_news(news(url), fetcher, Validators('"v1"'), now, habits=answer.habits)
        assert again.next_after_s == pause_s, hour  # type: ignore[union-attr]


async def test_rates_are_read_for_the_day_that_the_address_asks_for(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    publisher.says("/rates/15.06.2026", "• KZT/USD = 0.00198 -0%")
    url = publisher.address + "/rates/{date:%d.%m.%Y}"
    source = RatesSource.model_validate({"name": "Bank", "url": url, "format": "ticker"})
    answer = await poll_rates(source, fetcher, NONE, NOW)
    assert isinstance(answer, RatesRead)
    assert answer.quotes == (Quote("KZT", "USD", Decimal("0.00198"), date(2026, 6, 15), "Bank", Decimal(0)),)


async def test_a_bank_is_asked_for_the_day_there_and_left_alone_until_its_hours_begin(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    publisher.says("/rates/15.06.2026", "• KZT/USD = 0.00198 -0%")
    source = RatesSource.model_validate(
        {
            "name": "Bank",
            "url": publisher.address + "/rates/{date:%d.%m.%Y}",
            "format": "ticker",
            "hours": "00:00-04:00 Asia/Almaty",
        }
    )
    midnight_there = datetime(2026, 6, 14, 19, tzinfo=UTC)
    within = await poll_rates(source, fetcher, NONE, midnight_there)
    after = await poll_rates(source, fetcher, NONE, midnight_there + timedelta(hours=22))
    assert isinstance(within, RatesRead)
    assert isinstance(after, RatesRead)
    assert within.quotes[0].as_of == date(2026, 6, 15)
    assert (within.next_after_s, after.next_after_s) == (source.every_s, 2 * 3600)


async def test_rates_that_are_no_rates_are_an_error(publisher: Publisher, fetcher: Fetcher) -> None:
    source = RatesSource.model_validate(
        {"name": "Bank", "url": publisher.says("/r", "closed today"), "format": "ticker"}
    )
    with pytest.raises(FormatError, match="KZT/USD"):
        await poll_rates(source, fetcher, NONE, NOW)


@pytest.mark.timeout(20)  # untouched, the parser would need a minute
async def test_rates_are_found_however_deep(publisher: Publisher, fetcher: Fetcher) -> None:
    deep = publisher.says("/r", "<div>" * 100_000 + "KZT/USD = 0.00198 -0%")
    source = RatesSource.model_validate({"name": "Bank", "url": deep, "format": "ticker"})
    answer = await poll_rates(source, fetcher, NONE, NOW)
    assert isinstance(answer, RatesRead)
    assert answer.quotes[0].value == Decimal("0.00198")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "'
    + "x" * 1000
    + '">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + ']><rss version="2.0"><channel><item><title>&i;</title></item></channel></rss>'
)
HARM: dict[str, tuple[bytes, dict[str, str]]] = {
    "an entity bomb": (BOMB.encode(), {}),
    "a gzip bomb": (gzip.compress(bytes(100_000_000), 1), {"Content-Encoding": "gzip"}),
    "a gzip bomb in disguise": (gzip.compress(bytes(100_000_000), 1), {}),
    "nothing but NUL": (bytes(900_000), {}),
    "a wrong charset": (feed(story(1)).encode("utf-16"), {"Content-Type": "text/xml; charset=utf-8"}),
    "ten thousand items": (feed(*("<title>t</title>" for _ in range(10_000))).encode(), {}),
    "megabyte fields": (feed(f"<title>{'<![CDATA[' + 'x' * 900_000 + ']]>'}</title>").encode(), {}),
    "deep nesting": (b"<rss><channel>" + b"<item>" * 100_000, {}),
    "unclosed everything": (b"<![CDATA[" * 100_000, {}),
    "ampersands": (b"<rss><channel><item><title>" + b"&" * 900_000, {}),
    "half a letter": ("<rss><channel><item><title>ж".encode()[:-1], {}),
    "deep JSON": (b"[" * 900_000, {}),
    "spaces": (b"<rss>" + b" " * 900_000 + b"</rss>", {}),
}


def resident_bytes() -> int:
    """What this process holds in memory; 0 on systems that have no such file, where nothing is checked."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.exists() else 0


@pytest.mark.parametrize("name", HARM)
@pytest.mark.parametrize("format", ["feed", "listing", "wordpress"])
async def test_harm_is_survived_without_growing(
    publisher: Publisher, fetcher: Fetcher, name: str, format: str
) -> None:
    body, headers = HARM[name]
    publisher.says("/wp-json/wp/v2/posts", body, headers=headers)
    url = publisher.says("/page", body, headers=headers)
    before = resident_bytes()
    address = publisher.address if format == "wordpress" else url
    with suppress(FetchError, FormatError):
        await poll_news(news(address, format=format), fetcher, NONE, NOW)
    assert resident_bytes() - before < 60_000_000


async def test_dates_in_1970_and_2099_do_not_put_a_story_there(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    items = [
        f"<title>{year}</title><pubDate>1 Jan {year} 00:00:00 GMT</pubDate>" for year in (1970, 2020, 2099)
    ]
    answer = await read(fetcher, publisher.says("/feed", feed(*items)))
    assert [entry.published for entry in answer.entries] == [None, datetime(2020, 1, 1, tzinfo=UTC), None]
