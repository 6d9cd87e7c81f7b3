"""A teaser is completed from its page, politely, within a budget, and never to the story's loss."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiohttp import web

from bot.model import FeedEntry
from bot.sources.fetching import Fetched, Fetcher, Validators
from bot.sources.full_text import FullText, is_cut, read_page
from tests.sources.conftest import NOW, Publisher
from tests.sources.polled import Memory

TEASER = "The works, closed in 2019 and reopened by its former employees, now exports silk to [...]"
PARAGRAPHS = [
    "Models walked on Saturday in coats of khan-atlas silk cut by students, where looms had rattled for a century.",
    "The works, closed in 2019 and reopened by its former employees, now exports silk to Paris and Seoul.",
    "A hundred and forty women have come back, says the director, and twelve apprentices have joined since spring.",
]
PAGE = (
    '<html><head><meta property="og:image" content="/silk.jpg?a=1&amp;b=2"><title>Silk</title></head><body>'
    "<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav><article><h1>Silk</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    + "</article><footer>© Courier. All rights reserved.</footer></body></html>"
)


def entry(link: str | None, text: str = TEASER) -> FeedEntry:
    return FeedEntry("1", "Silk Returns", link, NOW, text)


async def test_a_cut_text_is_completed_from_its_page_with_the_picture(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    link = publisher.says("/silk", PAGE, headers={"Content-Type": "text/html"})
    (whole,) = await FullText(fetcher).completed([entry(link)])
    assert "twelve apprentices" in whole.text
    assert "Sport" not in whole.text
    assert whole.image_url == f"{publisher.address}/silk.jpg?a=1&b=2"


async def test_a_page_is_asked_for_once(publisher: Publisher, fetcher: Fetcher) -> None:
    link = publisher.says("/silk", PAGE, headers={"Content-Type": "text/html"})
    full_text = FullText(fetcher)
    for _ in range(3):
        await full_text.completed([entry(link)])
    assert len(publisher.requests) == 1


async def test_what_is_whole_or_without_a_page_costs_no_request(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    whole, nowhere = entry(publisher.address + "/silk", "Long enough. " * 40), entry(None)
    assert await FullText(fetcher).completed([whole, nowhere]) == [whole, nowhere]
    assert publisher.requests == []


async def test_a_page_that_is_missing_or_no_page_leaves_the_teaser(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    entries = [entry(publisher.address + "/missing"), entry(publisher.says("/odd", b"\0\xff<<<" * 1000))]
    assert [completed.text for completed in await FullText(fetcher).completed(entries)] == [TEASER, TEASER]


async def test_a_page_that_is_too_slow_leaves_the_teaser(publisher: Publisher, fetcher: Fetcher) -> None:
    async def never(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    link = publisher.at("/slow", never)
    (left,) = await FullText(fetcher, budget_s=0.05).completed([entry(link)])
    assert left.text == TEASER


async def test_a_page_without_words_still_has_its_picture(publisher: Publisher, fetcher: Fetcher) -> None:
    page = "<html><head><META content='/p.jpg?a=1&#38;b=2' property=og:image ></head><body></body></html>"
    (found,) = await FullText(fetcher).completed([entry(publisher.says("/p", page))])
    assert (found.text, found.image_url) == (TEASER, f"{publisher.address}/p.jpg?a=1&b=2")


async def test_a_source_of_the_web_sends_nobody_to_the_pages_of_our_own_network(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    link = publisher.says("/silk", PAGE, headers={"Content-Type": "text/html"})
    (left,) = await FullText(fetcher).completed([entry(link)], "https://courier.example/feed")
    assert (left.text, publisher.requests) == (TEASER, [])


@pytest.mark.parametrize(
    "harm",
    [
        "<div>" * 200_000, "<p><span>word </span>" * 50_000, "x<br>" * 200_000, "<table><tr><td>" * 60_000,
        "<meta property='og:image' " * 30_000, "<!--" * 200_000, "<ul><li>" * 100_000, "\0" * 900_000,
        "<script type='application/ld+json'>" + '{"a":' * 150_000 + "</script>",
    ],
)  # fmt: skip
def test_a_page_made_to_do_harm_is_read_in_seconds_and_in_little_memory(harm: str) -> None:
    read_page(
        Fetched(PAGE.encode(), "text/html", "https://a.example/", Validators())
    )  # imports what it needs
    memory = Memory()
    memory.mark()
    begun_s = time.process_time()
    read_page(
        Fetched(f"<html><body><article>{harm}".encode(), "text/html", "https://a.example/", Validators())
    )
    assert time.process_time() - begun_s < 10
    assert memory.grown_bytes < 60_000_000


def test_a_text_is_cut_if_it_says_so_or_is_short() -> None:
    assert is_cut(entry("x", "A sentence that goes on. " * 20 + "and then …"))
    assert is_cut(entry("x", ""))
    assert not is_cut(entry("x", "A sentence that ends. " * 20))
