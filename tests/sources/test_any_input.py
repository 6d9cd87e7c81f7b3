"""Whatever a server sends is survived: a real worker polls it over real HTTP, beside a source that is well.

For each: memory grows by less than 60 MB, the good source keeps its times, and the error is counted, shown to operators
and logged once. Broken pages by the thousand are below; `python -m benchmarks.fuzz` tries far more.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.fuzz import FORMATS, run
from bot.store.connect import Database
from tests.sources import hostile
from tests.sources.hostile import (
    MB,
    Answer,
    Asked,
    chunked,
    feed,
    packed,
    raw,
    redirects,
    says,
    story,
    streams,
)
from tests.sources.polled import HASTY, PATIENT, Memory, Polled, polling

MOST_GROWTH_BYTES = 60_000_000
LONGEST_GAP_S = 4.0
"""The good source is due every second, and looked for every half second; the rest is other people's load."""

XML = "Content-Type: application/rss+xml"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "' + "x" * 1000 + '">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + ']><rss version="2.0"><channel><item><title>&i;</title></item></channel></rss>'
).encode()  # fmt: skip
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/d">'
    b'%p;]><rss version="2.0"><channel><item><title>Words &x;</title><guid>1</guid></item></channel></rss>'
)
DEEP_JSON = b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 4_000_000
DEEP_HTML = b"<html><body>" + b"<div><a href=/x>" * 500_000
MEGABYTE_TITLES = feed(*(f"<title>{'long ' * 200_000}{n}</title><guid>{n}</guid>" for n in range(9)))

LETTERS = [bytes([byte]) for byte in feed(*map(story, range(100)))]
OK = b"HTTP/1.1 200 OK\r\n"

REFUSED: dict[str, tuple[Answer, str]] = {
    "200 MB": (streams([bytes(64 * 1024)] * 3200, XML), "sent more than 10 MB"),
    "200 MB that announces itself": (raw(b"%sContent-Length: 209715200\r\n\r\n" % OK), "sent more than 10 MB"),
    "a body that never ends": (streams(iter(lambda: b"<item>" * 1000, None), XML), "sent more than 10 MB"),
    "a gzip bomb": (packed(hostile.gzip_bomb, "Content-Encoding: gzip"), "sent more than 10 MB"),
    "a gzip bomb that no header announces": (packed(hostile.gzip_bomb), "unpacks to more than 10 MB"),
    "a brotli bomb": (packed(hostile.brotli_bomb, "Content-Encoding: br"), "sent more than 10 MB"),
    "a zstd bomb": (packed(hostile.zstd_bomb, "Content-Encoding: zstd"), "sent more than 10 MB"),
    "a deflate bomb": (packed(hostile.gzip_bomb, "Content-Encoding: deflate"), "cannot be decompressed"),
    "a bomb in a bomb": (packed(hostile.gzip_bomb_in_another, "Content-Encoding: gzip, gzip"), ""),
    "a slow drip": (streams(iter(lambda: b"x", None), XML, pause_s=0.1), "took longer than"),
    "no answer": (hostile.never, "took longer than"),
    "a truncated body": (raw(OK + b"Content-Length: 9999\r\n\r\n<rss><channel><item><tit"), "breaks off"),
    "NUL bytes": (says(bytes(9 * MB), XML), "empty page"),
    "an empty body": (says(b"", XML), "empty page"),
    "a redirect loop": (redirects("{here}/page", status=301), "redirected more than 5 times"),
    "a loop that sets cookies": (hostile.cookie_wall, "redirected more than 5 times"),
    "a redirect to file:": (redirects("file:///etc/passwd"), "no http(s) address"),
    "a redirect to another scheme": (redirects("gopher://127.0.0.1:70/"), "no http(s) address"),
    "a redirect to a broken IPv6 address": (redirects("http://[::1"), "no http(s) address"),
    "a redirect to nobody's IPv6 address": (redirects("http://[::1]:9/"), "refused the connection"),
    "a redirect to a strange host": (redirects("http://ex\x80ample..invalid:99999/"), "no http(s) address"),
    "a redirect to a port of 0": (redirects("http://127.0.0.1:0/"), ""),
    "a 304 that nobody asked for": (says(b"", status="304 Not Modified"), "answered 304"),
    "an unknown status": (says(b"", status="999 What"), "answered 999"),
    "a waiting time before now": (says(b"", "Retry-After: -5", status="429 Slow down"), "answered 429"),
    "a waiting time of last century": (
        says(b"", "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT", status="503 Busy"), "answered 503"),
    "a head that does not end": (hostile.headers_for_ever, "not HTTP"),
    "a header of 1 MB": (says(feed(story(1)), "X-Long: " + "x" * MB), "not HTTP"),
    "100 Continue for ever": (hostile.continues, "took longer than"),
    "chunks that are none": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzzz\r\nrubbish"), "not HTTP"),
    "a chunk of 2^60 bytes": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n1000000000000000\r\n<rss"), "not a feed"),
    "a length that is no number": (raw(OK + b"Content-Length: many\r\n\r\n<rss/>"), ""),
    "a negative length": (raw(OK + b"Content-Length: -1\r\n\r\n<rss/>"), ""),
    "more than was announced": (raw(OK + b"Content-Length: 9\r\n\r\n" + feed(story(1))), "not HTTP"),
    "no HTTP at all": (raw(b"\x00\xff\xfe SSH-2.0-OpenSSH\r\n\r\n"), "not HTTP"),
    "a coding that nobody knows": (says(feed(story(1))[::-1], "Content-Encoding: rot13"), "not a feed"),
    "deep JSON": (says(DEEP_JSON, "Content-Type: application/feed+json"), "JSON"),
    "a picture that says it is a feed": (says(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1000, XML), "not a feed"),
}  # fmt: skip

READ: dict[str, Answer] = {
    "an entity bomb": says(BOMB, XML),
    "external entities": says(EXTERNAL, XML),
    "a wrong charset": says(feed(story(1)).decode().encode("utf-16"), "Content-Type: text/xml; charset=utf-8"),
    "NUL bytes between items": says(feed(story(1), story(2)).replace(b"<item>", b"\0\0<item>\0"), XML),
    "ten thousand chunks": raw(
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(*LETTERS) + b"0\r\n\r\n"
    ),
    "ten thousand categories": says(feed(story(1) + "<category>Energy</category>" * 10_000), XML),
    "titles of a megabyte": says(MEGABYTE_TITLES, XML),
    "a feed that says it is a picture": says(feed(story(1)), "Content-Type: image/png; charset=\x80;;="),
    "wishes without end": says(
        feed(story(1), head="<ttl>1000000000</ttl>"),
        "Cache-Control: max-age=1000000000000000000", "Expires: Fri, 31 Dec 9999 23:59:59 GMT", "Age: -1", XML),
    "wishes below nothing": says(
        feed(story(1), head="<ttl>-5</ttl>"), "Cache-Control: max-age=-1", "Expires: -1", "Retry-After: -1", XML),
    "a Link header that is none": says(feed(story(1)), 'Link: <http://[>; rel="hub", <>; rel=self, ;;;', XML),
    "an address that is none for an id": says(
        feed("<title>One</title><guid>http://[::1</guid><link>http://a:99999/</link>", story(2)), XML),
    "a hundred cookies": says(feed(story(1)), *(f"Set-Cookie: c{n}={'x' * 500}" for n in range(100)), XML),
}  # fmt: skip


@pytest.fixture
def memory() -> Memory:
    for bomb in (hostile.gzip_bomb, hostile.gzip_bomb_in_another, hostile.brotli_bomb, hostile.zstd_bomb):
        bomb()  # packed before anybody looks at the memory
    return Memory()


async def survived(database: Database, memory: Memory, answer: Answer, times: int, **bad: object) -> Polled:
    """Poll it so often beside a good source, and see that nobody else is worse for it."""
    async with polling(database, answer, **bad) as seen:  # type: ignore[arg-type]
        await seen.until_polled(name="Good")
        memory.mark()
        seen.let_go.set()
        await seen.until_polled(times)
        await seen.until_polled(2, "Good")
        assert seen.longest_gap_s < LONGEST_GAP_S
        assert memory.grown_bytes < MOST_GROWTH_BYTES
        assert seen.said("Good") == []
        assert (await seen.state("Good")).failures == 0
    return seen


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_read_is_counted_shown_and_logged_once(
    name: str, database: Database, memory: Memory
) -> None:
    answer, words = REFUSED[name]
    limits = HASTY if "took longer" in words else PATIENT
    seen = await survived(database, memory, answer, times=2, limits=limits)
    report = await seen.report()
    assert report.state.failures == report.state.polls >= 2
    assert words in report.state.last_error
    assert report.next_poll is not None
    (line,) = seen.said()
    assert (line["event"], line["cause"]) == ("source failed", report.state.last_error)
    assert "exc_info" not in line, "a mistake of ours"


@pytest.mark.parametrize("name", READ)
async def test_what_can_be_read_in_spite_of_all_is_read(
    name: str, database: Database, memory: Memory
) -> None:
    seen = await survived(database, memory, READ[name], times=1)
    state = await seen.state()
    assert (state.failures, state.last_error) == (0, "")
    assert state.items >= 1
    assert seen.said() == []
    for article in (await seen.articles.latest(None, offset=0, limit=6)).articles:
        assert "root:" not in article.title
        assert len(article.title) <= 300


async def test_a_page_that_breaks_off_is_read_and_the_trouble_is_shown(
    database: Database, memory: Memory
) -> None:
    half = raw(OK + b"Content-Length: 99999\r\n\r\n" + feed(story(1), story(2))[:-40])
    seen = await survived(database, memory, half, times=2)
    state = await seen.state()
    assert (state.items, state.failures) == (2, state.polls)
    assert "breaks off" in state.last_error
    assert len(seen.said()) == 1


async def test_a_waiting_time_without_end_lasts_a_day(database: Database, memory: Memory) -> None:
    busy = says(b"", "Retry-After: 1000000000000000000", status="503 Busy")
    seen = await survived(database, memory, busy, times=1)
    report = await seen.report()
    assert report.next_poll is not None
    assert timedelta(hours=23) < report.next_poll - datetime.now(UTC) <= timedelta(days=1)
    await seen.schedule.wake(["Bad"])
    assert (await seen.report()).next_poll == report.next_poll, "a hub cannot shorten it"


@pytest.mark.parametrize("head", ["<ttl>100000</ttl>", "<sy:updatePeriod>yearly</sy:updatePeriod>"])
async def test_a_feed_that_wants_no_guests_gets_one_a_day(
    head: str, database: Database, memory: Memory
) -> None:
    seen = await survived(database, memory, says(feed(story(1), head=head), XML), times=1)
    report = await seen.report()
    assert report.next_poll is not None
    assert timedelta(hours=23) < report.next_poll - datetime.now(UTC) <= timedelta(days=1)


@pytest.mark.slow
async def test_ten_thousand_stories_are_taken_in(database: Database, memory: Memory) -> None:
    items = [
        f"{story(n)}<description>&lt;p&gt;Well {n * 7} at mile {n * 13} gives water to {n * 31} herds.&lt;/p&gt;"
        f"{' Rain is rare there.' * 10}</description>"
        for n in range(10_000)
    ]
    seen = await survived(database, memory, says(feed(*items), XML), times=1)
    assert (await seen.state()).items == 10_000
    assert seen.said() == []


async def test_times_of_1970_and_2099_put_no_story_there(database: Database, memory: Memory) -> None:
    items = [f"{story(year)}<pubDate>1 Jan {year} 00:00:00 GMT</pubDate>" for year in (1970, 2099, 99999)]
    seen = await survived(database, memory, says(feed(*items), XML), times=1)
    page = await seen.articles.latest(None, offset=0, limit=6)
    assert page.total == 4  # with the good one
    assert all(abs(article.published - datetime.now(UTC)) < timedelta(minutes=1) for article in page.articles)


async def test_wordpress_that_pages_in_circles_is_walked_once(database: Database, memory: Memory) -> None:
    circle = hostile.wordpress_in_circles
    seen = await survived(database, memory, circle, times=1, path="", format="wordpress")
    assert (await seen.state()).failures == 0
    assert len(seen.asked) <= 3, "the first fill goes two pages back, and no page is read twice"


@pytest.mark.parametrize(
    ("format", "body"),
    [
        ("wordpress", b"[" * 4_000_000),
        ("wordpress", b'[{"title":' * 400_000),
        ("wordpress", b'{"message":' + b'"x"' * 100_000),
        ("listing", DEEP_HTML),
        ("listing", b"<a href=/x>" * 500_000),
        ("listing", b"<table>" * 500_000),
        ("listing", b"<html><svg>" + b"<g>" * 500_000),
        ("listing", bytes(9 * MB)),
        ("listing", b"<html><head><script type='application/ld+json'>" + b'{"a":' * 500_000),
    ],
)  # fmt: skip
async def test_no_depth_is_too_deep(format: str, body: bytes, database: Database, memory: Memory) -> None:
    seen = await survived(database, memory, says(body), times=1, format=format, path="")
    assert all("exc_info" not in line for line in seen.said())


@pytest.mark.parametrize(
    "robots", [b"\n" * (50 * MB), b"User-agent: *\nCrawl-delay: 1000000000\n", b"User-agent: *\n" * 500_000]
)  # fmt: skip
async def test_a_robots_file_of_any_size_is_read_as_far_as_it_makes_sense(
    robots: bytes, database: Database, memory: Memory
) -> None:
    page = b"A Headline of Some Length\n\n" + b"A sentence that goes on for a while and then ends. " * 4

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await says(robots if asked.path == "/robots.txt" else page)(asked, writer)

    seen = await survived(database, memory, site, times=1, format="listing")
    assert (await seen.state()).items == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", list(FORMATS))
def test_whatever_a_page_became_on_its_way_it_is_read_or_refused(name: str) -> None:
    assert list(run(name, 300)) == []
