"""Broken pages by the hundred thousand: ``python -m benchmarks.fuzz [--cases 100000] [--seeds folder] [format …]``.

Each case is a page of its format that was cut, spliced, repeated, and salted with what breaks parsers. It must be read
or refused with a FormatError within the time limit; anything else is printed with the seed that makes it again. The
tests run a few hundred cases of each format.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from bot.errors import FormatError
from bot.sources.feed import parse_feed
from bot.sources.listing import parse_listing
from bot.sources.robots import crawl_delay_s
from bot.sources.wordpress import parse_posts

LONGEST_S = 5
_NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_URL = "https://a.example/news/"

_RSS = (
    b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    b"<channel><title>C</title><link>https://a.example</link><ttl>5</ttl><item><title>One &amp; two</title>"
    b"<link>/1</link><guid>1</guid><pubDate>Mon, 15 Jun 2026 10:00:00 GMT</pubDate><category>Energy</category>"
    b"<content:encoded><![CDATA[<p>Words <b>bold</b>.</p><img src='/i.png'>]]></content:encoded></item>"
    b"<item><title><![CDATA[Two]]></title><link>/2</link><description>&lt;p&gt;Text&lt;/p&gt;</description></item>"
    b"</channel></rss>"
)
_ATOM = (
    b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://a.example/'><title>C</title><entry><id>tag:1</id>"
    b"<title type='html'>One &amp;lt;b&amp;gt;</title><link rel='alternate' href='1'/><updated>2026-06-15T10:00:00Z"
    b"</updated><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Words</p></div></content></entry></feed>"
)
_RDF = (
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
    b"xmlns:dc='http://purl.org/dc/elements/1.1/' "
    b"xmlns:media='http://search.yahoo.com/mrss/'><channel><title>C</title></channel><item "
    b"rdf:about='/1'><media:title>P</media:title><title>One "
    b"<b>bold</b><br>word</title><link>/1</link><dc:date>15.06.2026 "
    b"10:00</dc:date></item><item><title><![CDATA[Caf\xc3\x83\xc2\xa9]]></title><link href='2' "
    b"xml:base='/b/'/></item></rdf:RDF>"
)
_JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "C",
        "items": [
            {"id": 1, "url": "/1", "title": "One", "content_html": "<p>Words</p>", "tags": ["a"]},
            {"id": "2", "url": "/2", "content_text": "Two", "date_published": "2026-06-15T10:00:00Z"},
        ],
    }
).encode()
_POSTS = json.dumps(
    [
        {
            "id": 1,
            "guid": {"rendered": "https://a.example/?p=1"},
            "title": {"rendered": "One &#8217;"},
            "link": "https://a.example/1",
            "date_gmt": "2026-06-15T10:00:00",
            "content": {"rendered": "<p>Words</p>"},
            "excerpt": {"rendered": "Wo [&hellip;]"},
            "_embedded": {
                "wp:term": [[{"name": "Energy"}]],
                "wp:featuredmedia": [{"source_url": "https://a/i"}],
            },
        }
    ]
).encode()
_HTML = (
    b"<html><head><meta charset='utf-8'><base href='/x/'></head><body><nav><a href='/'>Home</a></nav><p>KZT/USD = "
    b"0.00198 -0%</p><div class='list'>Viewing results 1 - 2 of 15<article><h2><a href='1'>One thing happened</a></h2>"
    b"<time datetime='2026-06-15'>15 June 2026</time><p>Some words about it. Read more</p></article><article><h2>"
    b"<a href='2'>Another thing</a></h2><p>Words&hellip;</p></article></div><a rel='next' href='?page=2'>"
    b"Next</a></body></html>"
)
_LISTS = (
    b"<html><body><h3>14 June 2026</h3><dl><dt><a href='1'>One thing happened</a> <i>yesterday, "
    b"10:20</i></dt><dd>Words.</dd><dt>12 June</dt><dd><a href='2'>Another thing happened</a><p>More of "
    b"them.</p></dd></dl><div><h4><a href='3'>A third thing happened</a></h4><p>2 hours ago</p><h4><a "
    b"href='4'>A fourth thing happened</a></h4><p>just now</p><h4><a href='5'>A fifth "
    b"one</a></h4></div>15/06/2026 <a href='6'>A line about something</a><br>10:40 <a href='7'>Another "
    b"line</a><br><p class='item'><a href='8'><div>A sixth thing</div><div>3 June "
    b"2026</div></a></p></body></html>"
)
_TEXT = (
    b"KZT/USD = 0.00198 -0%  UZS/USD = 0.00008 0.1%\n15 June 2026\nViewing results 1 - 2 of 15\n\nOne Thing "
    b"Happened\n\n"
    b"Some words about the thing that happened in Astana on Monday. Continue reading\n\nAnother Thing\n\nWords and "
    b"words...\n"
)
_ROBOTS = b"User-agent: *\nCrawl-delay: 5\nDisallow: /a\n"

_SALT = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;",
    b"&#x110000;", b"&", b"<", b">", b"\"", b"<!--", b"-->", b"<?xml encoding='utf-16'?>", b"xml:base='::'",
    b"\xed\xa0\x80",
    b"null", b"1e999", b"[[[[", b"{}", b"\\ud800", b"https://[::1", b"http://a:99999/", b"javascript:x",
    b"<table>" * 30,
    b"<div>" * 200, b"9" * 400, b"0000-00-00", b"99 Juny 99999", b"-1", b"\xe2\x80\xae", b"\x1f\x8b\x08", b"%" * 50,
    b" " * 500,
)  # fmt: skip


def _feed(body: bytes) -> object:
    feed = parse_feed(body, content_type=None, base_url=_URL, source="fuzz", now=_NOW)
    return [(entry.raw_mark, entry.identity, entry.whole()) for entry in feed.entries]


def _posts(body: bytes) -> object:
    posts = parse_posts(body, content_type=None, base_url=_URL, source="fuzz", now=_NOW)
    return [(post.raw_mark, post.identity, post.whole()) for post in posts]


def _listing(body: bytes) -> object:
    page = parse_listing(body, content_type="text/html", url=_URL)
    return page.entries("fuzz", _NOW)


FORMATS: Mapping[str, tuple[Callable[[bytes], object], tuple[bytes, ...]]] = MappingProxyType(
    {
        "feed": (_feed, (_RSS, _ATOM, _RDF)),
        "json-feed": (_feed, (_JSON_FEED,)),
        "wordpress": (_posts, (_POSTS,)),
        "listing": (_listing, (_HTML, _LISTS, _TEXT)),
        "robots": (crawl_delay_s, (_ROBOTS,)),
    }
)


def broken(page: bytes, chance: random.Random) -> bytes:
    """The page after one to six accidents."""
    body = bytearray(page)
    for _ in range(chance.randint(1, 6)):
        at, to = sorted(chance.randint(0, len(body)) for _ in range(2))
        to = min(to, at + chance.choice((1, 8, 80, 800)))
        match chance.randint(0, 5):
            case 0:
                del body[at:to]
            case 1:
                body[at:at] = chance.choice(_SALT)
            case 2:
                body[at:at] = body[at:to] * chance.randint(1, 4)
            case 3:
                body[at:to] = chance.randbytes(to - at)
            case 4:
                body[at:to] = chance.choice(_SALT)
            case _:
                del body[chance.randint(0, len(body)) :]
    return bytes(body[:200_000])


def run(name: str, cases: int, pages: tuple[bytes, ...] = ()) -> Iterator[str]:
    """Every case that was neither read nor refused, in words."""
    read, own = FORMATS[name]
    everything = pages or own
    for seed in range(cases):
        chance = random.Random(f"{name} {seed}")
        body = broken(chance.choice(everything), chance)
        begun = time.perf_counter()
        try:
            read(body)
        except FormatError:
            pass
        except Exception as error:  # a crash is what this looks for
            yield f"{name}, seed {seed}: {error!r}"
        if time.perf_counter() - begun > LONGEST_S:
            yield f"{name}, seed {seed}: took {time.perf_counter() - begun:.1f} s"


def main() -> int:
    """Run and print what was found."""
    parser = argparse.ArgumentParser(description="Feed broken pages to every format.")
    parser.add_argument("formats", nargs="*", default=list(FORMATS))
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seeds", type=Path, help="a folder of pages to break instead of our own")
    asked = parser.parse_args()
    pages = tuple(path.read_bytes()[:50_000] for path in sorted(asked.seeds.iterdir())) if asked.seeds else ()

    found = 0
    for name in asked.formats:
        begun = time.perf_counter()
        for problem in run(name, asked.cases, pages):
            found += 1
            print(problem, flush=True)
        print(f"{name}: {asked.cases} cases in {time.perf_counter() - begun:.0f} s", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
