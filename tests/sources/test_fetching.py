"""What the fetcher does with a server that is well, slow, wrong, or hostile."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
import zlib
from datetime import UTC, timedelta
from email.utils import format_datetime
from http.cookies import SimpleCookie

import aiohttp
import brotli  # type: ignore[import-untyped]
import pytest
from aiohttp import web
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.errors import FetchError
from bot.sources.fetching import Fetched, Fetcher, Gone, Limits, NotModified, Validators
from bot.sources.http_headers import wish_s
from bot.sources.journey import Journey, is_near, refuse_way_home
from bot.sources.manners import Manners
from tests.sources.conftest import NOW, Publisher


async def fetched(fetcher: Fetcher, url: str) -> Fetched:
    answer = await fetcher.fetch(url)
    assert isinstance(answer, Fetched)
    return answer


async def failure(fetcher: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(url)
    return caught.value


async def test_a_page_comes_with_what_makes_the_next_request_conditional(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    headers = {
        "ETag": '"v1"',
        "Last-Modified": "Mon, 15 Jun 2026 10:00:00 GMT",
        "Content-Type": "text/xml; charset=koi8-r",
    }
    url = publisher.says("/feed", b"<rss/>", headers=headers)
    page = await fetched(fetcher, url)
    assert page.body == b"<rss/>"
    assert page.content_type == "text/xml; charset=koi8-r"
    assert page.validators == Validators('"v1"', "Mon, 15 Jun 2026 10:00:00 GMT")
    assert page.whole
    assert re.fullmatch(r"briefing-bot/\S+ \(\+https://\S+\)", publisher.requests[0].headers["User-Agent"])


async def test_validators_are_sent_and_304_is_a_value(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.says("/feed", b"", status=304, headers={"Cache-Control": "max-age=900"})
    known = Validators('"v1"', "Mon, 15 Jun 2026 10:00:00 GMT")
    answer = await fetcher.fetch(url, known)
    assert answer == NotModified(known, fresh_for_s=900)
    sent = publisher.requests[0].headers
    assert sent["If-None-Match"] == '"v1"'
    assert sent["If-Modified-Since"] == "Mon, 15 Jun 2026 10:00:00 GMT"


async def test_a_304_may_bring_a_new_etag(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.says("/feed", b"", status=304, headers={"ETag": '"v2"'})
    answer = await fetcher.fetch(url, Validators('"v1"', "then"))
    assert isinstance(answer, NotModified)
    assert answer.validators == Validators('"v2"', "then")


async def test_an_endless_etag_is_not_kept(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.says("/feed", b"x", headers={"ETag": '"' + "e" * 4000 + '"'})
    assert (await fetched(fetcher, url)).validators.etag is None


@pytest.mark.parametrize("status", [401, 403, 404, 500, 502, 204])
async def test_other_answers_are_failures_that_name_the_status(
    publisher: Publisher, fetcher: Fetcher, status: int
) -> None:
    error = await failure(fetcher, publisher.says("/feed", b"", status=status))
    assert error.status == status
    assert str(status) in str(error)


async def test_410_says_that_the_source_is_gone_for_good(publisher: Publisher, fetcher: Fetcher) -> None:
    assert await fetcher.fetch(publisher.says("/feed", b"", status=410)) == Gone()


async def test_retry_after_is_read_in_seconds_and_as_a_date(publisher: Publisher, fetcher: Fetcher) -> None:
    later = format_datetime(NOW + timedelta(minutes=3), usegmt=True)
    seconds = await failure(fetcher, publisher.says("/a", b"", status=429, headers={"Retry-After": "120"}))
    dated = await failure(fetcher, publisher.says("/b", b"", status=503, headers={"Retry-After": later}))
    assert (seconds.retry_after_s, dated.retry_after_s) == (120, 180)


async def test_max_age_wins_over_expires(publisher: Publisher, fetcher: Fetcher) -> None:
    expires = format_datetime(NOW + timedelta(hours=2), usegmt=True)
    date = format_datetime(NOW, usegmt=True)
    both = {"Cache-Control": "public, max-age=60", "Expires": expires, "Date": date}
    assert (await fetched(fetcher, publisher.says("/a", b"x", headers=both))).fresh_for_s == 60
    only = {"Expires": expires, "Date": date}
    assert (await fetched(fetcher, publisher.says("/b", b"x", headers=only))).fresh_for_s == 7200
    never = {"Cache-Control": "no-store, max-age=60"}
    assert (await fetched(fetcher, publisher.says("/c", b"x", headers=never))).fresh_for_s is None


async def test_permanent_redirects_are_followed_and_remembered(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    new = publisher.says("/new", b"here")
    page = await fetched(fetcher, publisher.says("/old", b"", status=301, headers={"Location": "/new"}))
    assert (page.body, page.url, page.moved_to) == (b"here", new, new)


async def test_temporary_redirects_are_followed_and_forgotten(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.says("/new", b"here")
    page = await fetched(fetcher, publisher.says("/old", b"", status=302, headers={"Location": "/new"}))
    assert (page.body, page.moved_to) == (b"here", None)


async def test_five_redirects_are_followed_and_no_more(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.says("/0", b"here")
    for step in range(1, 7):
        publisher.says(f"/{step}", b"", status=302, headers={"Location": f"/{step - 1}"})
    assert (await fetched(fetcher, f"{publisher.address}/5")).body == b"here"
    assert "redirected more than 5 times" in str(await failure(fetcher, f"{publisher.address}/6"))


async def test_a_redirect_loop_ends(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.says("/loop", b"", status=301, headers={"Location": "/loop"})
    assert "redirected more than 5 times" in str(await failure(fetcher, url))


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x", "javascript:1", "http://"]
)
async def test_a_redirect_to_another_scheme_is_refused(
    publisher: Publisher, fetcher: Fetcher, target: str
) -> None:
    url = publisher.says("/feed", b"", status=302, headers={"Location": target})
    assert "no http(s) address" in str(await failure(fetcher, url))


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"news " * 1000, mtime=0)),
        ("deflate", zlib.compress(b"news " * 1000)),
        ("br", brotli.compress(b"news " * 1000)),
        ("zstd", zstd.compress(b"news " * 1000)),
    ],
)
async def test_compressed_bodies_are_unpacked(
    publisher: Publisher, fetcher: Fetcher, coding: str, packed: bytes
) -> None:
    url = publisher.says("/feed", packed, headers={"Content-Encoding": coding})
    assert (await fetched(fetcher, url)).body == b"news " * 1000
    assert coding in publisher.requests[0].headers["Accept-Encoding"]


async def test_a_gzip_bomb_is_cut_off_at_the_limit(publisher: Publisher, fetcher: Fetcher) -> None:
    bomb = gzip.compress(bytes(200 * 1024 * 1024), compresslevel=1)
    url = publisher.says("/feed", bomb, headers={"Content-Encoding": "gzip"})
    assert "more than 1 MB" in str(await failure(fetcher, url))


async def test_damaged_compression_is_a_failure(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.says("/feed", b"this is no gzip", headers={"Content-Encoding": "gzip"})
    assert "cannot be decompressed" in str(await failure(fetcher, url))


async def test_an_endless_body_is_cut_off_at_the_limit(publisher: Publisher, fetcher: Fetcher) -> None:
    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(64 * 1024))

    assert "more than 1 MB" in str(await failure(fetcher, publisher.at("/feed", endless)))


async def test_a_body_that_announces_too_much_is_not_read(publisher: Publisher, fetcher: Fetcher) -> None:
    async def boaster(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(200 * 1024 * 1024)})
        await response.prepare(request)
        return response

    assert "more than 1 MB" in str(await failure(fetcher, publisher.at("/feed", boaster)))


async def test_a_server_that_never_answers_runs_into_the_time_limit(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    async def silent(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    assert "took longer than" in str(await failure(fetcher, publisher.at("/feed", silent)))


async def test_a_slow_drip_runs_into_the_time_limit(publisher: Publisher, fetcher: Fetcher) -> None:
    async def drip(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.05)

    assert "took longer than" in str(await failure(fetcher, publisher.at("/feed", drip)))


async def test_half_a_body_is_given_as_half_and_asked_for_again_unconditionally(
    session: aiohttp.ClientSession,
) -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: 100\r\n\r\nthe first half')
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(half, "127.0.0.1", 0)
    async with server:
        fetcher = Fetcher(session, manners=Manners(0))
        page = await fetched(fetcher, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert page.body == b"the first half"
    assert not page.whole
    assert page.validators == Validators()


async def test_a_closed_port_and_an_unknown_host_are_failures_in_words(fetcher: Fetcher) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert "refused the connection" in str(await failure(fetcher, f"http://127.0.0.1:{port}/"))
    assert "cannot be found" in str(await failure(fetcher, "http://no-such-host.invalid/"))


async def test_what_is_no_http_is_a_failure(session: aiohttp.ClientSession) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"\x00\xff\xfe SSH-2.0-OpenSSH\r\n\r\n")
        writer.close()

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    for rude, words in ((babble, "not HTTP"), (hang_up, "closed the connection")):
        server = await asyncio.start_server(rude, "127.0.0.1", 0)
        async with server:
            fetcher = Fetcher(session, manners=Manners(0))
            assert words in str(
                await failure(fetcher, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            )


async def test_a_failure_never_tells_the_address_which_may_carry_a_key(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    url = publisher.says("/feed", b"", status=500)
    assert "hush" not in str(await failure(fetcher, f"{url}?key=hush"))


async def test_at_most_two_requests_at_a_time_go_to_one_host(
    publisher: Publisher, session: aiohttp.ClientSession
) -> None:
    inside, most, gate = 0, 0, asyncio.Event()

    async def counting(_: web.BaseRequest) -> web.StreamResponse:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        if most == 2:
            gate.set()
        await gate.wait()
        await asyncio.sleep(0)
        inside -= 1
        return web.Response(body=b"x")

    fetcher = Fetcher(session, manners=Manners(interval_s=0), limits=Limits())
    url = publisher.at("/feed", counting)
    await asyncio.gather(*(fetcher.fetch(url) for _ in range(8)))
    assert most == 2


async def test_requests_to_one_host_are_spaced_and_other_hosts_do_not_wait() -> None:
    manners = Manners(interval_s=0.05)
    loop = asyncio.get_running_loop()
    begun: list[tuple[str, float]] = []

    async def visit(host: str) -> None:
        async with manners.turn(host):
            begun.append((host, loop.time()))

    await asyncio.gather(*(visit(host) for host in "aaab"))
    assert [host for host, _ in begun] == ["a", "b", "a", "a"]
    first, second, third = (moment for host, moment in begun if host == "a")
    assert second - first >= 0.045
    # A late start of the second turn may shorten the pause after it, but not the time that both take.
    assert third - first >= 0.095


async def test_a_redirect_on_the_same_host_waits_its_turn_too(
    publisher: Publisher, session: aiohttp.ClientSession
) -> None:
    publisher.says("/new", b"here")
    url = publisher.says("/old", b"", status=301, headers={"Location": "/new"})
    clock_s = asyncio.get_running_loop().time
    begun_s = clock_s()
    # The pause is ours, so it does not count as the server's time.
    patient = Fetcher(session, manners=Manners(interval_s=0.3), limits=Limits(connect_s=0.2, total_s=0.2))
    assert (await fetched(patient, url)).body == b"here"
    assert clock_s() - begun_s >= 0.3


async def test_what_is_remembered_is_how_far_permanent_redirects_led(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    publisher.says("/page", b"here")
    passing = publisher.says("/passing", b"", status=302, headers={"Location": "/page"})
    page = await fetched(fetcher, publisher.says("/old", b"", status=301, headers={"Location": "/passing"}))
    assert page.moved_to == passing
    publisher.says("/again", b"", status=308, headers={"Location": "/page"})
    page = await fetched(fetcher, publisher.says("/b", b"", status=307, headers={"Location": "/again"}))
    assert page.moved_to is None


async def test_an_address_too_long_to_keep_is_followed_and_not_remembered(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    publisher.says("/page", b"here")
    target = "/page?" + "x" * 4000
    page = await fetched(fetcher, publisher.says("/old", b"", status=301, headers={"Location": target}))
    assert (page.body, page.moved_to) == (b"here", None)


async def test_a_cookie_lets_us_through_the_door_and_is_forgotten_behind_it(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    async def door(request: web.BaseRequest) -> web.StreamResponse:
        if request.cookies.get("pass") == "yes":
            return web.Response(body=b"inside")
        return web.Response(status=302, headers={"Location": "/door", "Set-Cookie": "pass=yes; Path=/"})

    url = publisher.at("/door", door)
    for _ in range(2):
        assert (await fetched(fetcher, url)).body == b"inside"
    assert [bool(request.cookies) for request in publisher.requests] == [False, True, False, True]


async def test_who_we_are_is_told_on_the_same_host_only(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.says("/new", b"here")
    url = publisher.says("/old", b"", status=301, headers={"Location": "/new"})
    page = await fetched(fetcher, url.replace("http://", "http://me:secret@"))
    assert all("Authorization" in request.headers for request in publisher.requests)
    assert "secret" not in page.url, "links of stories start from it"
    elsewhere = publisher.address.replace("127.0.0.1", "localhost") + "/new"
    away = publisher.says("/away", b"", status=301, headers={"Location": elsewhere})
    await fetched(fetcher, away.replace("http://", "http://me:secret@"))
    assert "Authorization" not in publisher.requests[-1].headers


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("127.0.0.1", True), ("localhost", True), ("::1", True), ("10.1.2.3", True), ("169.254.169.254", True),
        ("192.168.1.1", True), ("fd00::1", True), ("::ffff:127.0.0.1", True), ("2130706433", True), ("127.1", True),
        ("0x7f.0.0.1", True), ("redis", True), ("db.internal", True), ("router.local.", True), ("0.0.0.0", True),
        ("example.org", False), ("93.184.215.14", False), ("2606:2800:21f:cb07::1", False), ("24.kg", False),
    ],
)  # fmt: skip
def test_which_hosts_are_near(host: str, near: bool) -> None:
    assert is_near(host) == near


def test_a_page_of_the_web_leads_nobody_home_and_one_from_home_may() -> None:
    web_page, home = URL("https://example.org/feed"), URL("http://127.0.0.1:6379/")
    with pytest.raises(FetchError, match="not of the public web"):
        refuse_way_home(web_page, home)
    with pytest.raises(FetchError, match="not of the public web"):
        Journey(web_page, 30).go_on(301, "http://[::1]:6379/", SimpleCookie())
    refuse_way_home(home, home)
    refuse_way_home(home, web_page)


async def test_an_address_that_a_page_of_the_web_named_is_not_asked_for_if_it_is_near(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    url = publisher.says("/internal", b"secrets")
    with pytest.raises(FetchError, match="not of the public web"):
        await fetcher.fetch(url, led_by="https://example.org/feed")
    assert publisher.requests == []
    assert await fetcher.fetch(url, led_by=publisher.address)


async def test_a_304_that_nobody_asked_for_is_no_answer(publisher: Publisher, fetcher: Fetcher) -> None:
    assert "answered 304" in str(await failure(fetcher, publisher.says("/feed", b"", status=304)))


async def test_a_good_answer_may_ask_for_patience_as_well(publisher: Publisher, fetcher: Fetcher) -> None:
    headers = {"Retry-After": "900", "Cache-Control": "max-age=60"}
    assert (await fetched(fetcher, publisher.says("/a", b"x", headers=headers))).fresh_for_s == 900


_HEADERS = st.dictionaries(
    st.sampled_from(["Cache-Control", "Expires", "Date", "Retry-After"]),
    st.text(max_size=40)
    | st.integers().map(str)
    | st.integers().map("max-age={}".format)
    | st.datetimes(timezones=st.just(UTC)).map(lambda moment: format_datetime(moment, usegmt=True)),
)


@given(_HEADERS)
def test_whatever_headers_wish_is_a_day_at_most(headers: dict[str, str]) -> None:
    wish = wish_s(headers, NOW)
    assert wish is None or 0 < wish <= 86_400
