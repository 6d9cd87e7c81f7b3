"""How fast feeds are read, against the feed library alone: ``python -m benchmarks parsing [folder of feeds]``.

The library is fastfeedparser, which is taken when it succeeds. Three figures for each feed, each the median of several
runs in turns with the library's: *parsed* is what a poll does with the page, *known again* adds what it takes to tell
for every entry that it is known (identity, link, time, mark of its words), *read whole* adds the plain text of all,
which a poll does only for what is new. The first is what "within 10 % of the library" is about. The kinds after the
first five must be decoded, mended or looked at twice: the library is given the same bytes and may well misread them.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import fastfeedparser

from bot.errors import FormatError
from bot.sources.articles import identities_of
from bot.sources.feed import ParsedFeed, parse_feed

_NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_PLAIN = 5
_ROUNDS = 15
_TOO_SHORT_S = 20e-6
_WORDS = "<p>Words of a <b>story</b> &amp; more, with a <a href='https://x.example/a'>link</a> in them.</p>"


def feeds(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    """Feeds of several kinds, and those of a folder that the library reads."""
    yield "RSS, 100 items of 8 kB in CDATA", rss(100, 8000, lambda body: f"<![CDATA[{body}]]>")
    yield "RSS, 100 items of 8 kB, escaped", rss(100, 8000, escape)
    yield "RSS, 50 items of 1 kB", rss(50, 1000, escape)
    yield "RSS, 20 teasers", rss(20, 200, escape)
    yield "Atom, 50 entries of 4 kB", atom(50, 4000)
    yield from _spoiled(rss(50, 1000, escape).decode().replace("Story", "Новости"))
    for path in sorted(folder.iterdir()) if folder else ():
        yield path.name, path.read_bytes()


def _spoiled(feed: str) -> Iterator[tuple[str, bytes]]:
    """What must be decoded, mended, or looked at twice."""
    told = "encoding='utf-8'"
    yield "Windows-1251", feed.replace(told, "encoding='windows-1251'").encode("cp1251")
    yield "Windows-1251 that does not say so", feed.replace(told, "").encode("cp1251")
    yield "UTF-16", feed.replace(told, "encoding='utf-16'").encode("utf-16")
    yield "UTF-8 that calls itself ISO-8859-1", feed.replace(told, "encoding='iso-8859-1'").encode()
    yield "one bad byte", feed.encode().replace(b"Energy", b"Ener\xffgy", 1)
    yield "a control character", feed.replace("Energy", "Ener\vgy", 1).encode()
    yield "bare ampersands in links", feed.replace("?utm_source", "?a=1&b=2&utm_source").encode()
    yield "entities of HTML", feed.replace("Energy", "Energy&nbsp;&amp; more").encode()
    yield "<br> in texts", feed.replace("A few words.", "A few<br>words.").encode()
    yield "a tag that is never closed", feed.replace("A few words.", "A <b>few words.", 1).encode()
    yield "cut off", feed.encode()[:-5000]
    yield (
        "document type with definitions",
        feed.replace("<rss", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss").encode(),
    )
    yield "no titles", re.sub("<title>Новости.*?</title>", "", feed).encode()
    yield "no times", re.sub("<pubDate>.*?</pubDate>", "", feed).encode()
    yield (
        "markup in titles",
        feed.replace(
            "</title><link>https://c.example/1", "<b>!</b></title><link>https://c.example/1"
        ).encode(),
    )
    yield "RDF", _rdf(50)


def _rdf(items: int) -> bytes:
    every = "".join(
        f"<item rdf:about='https://c.example/{n}'><title>Story {n}</title><link>https://c.example/{n}</link>"
        f"<dc:date>2026-06-15T10:00:00Z</dc:date><description>{escape(_WORDS * 10)}</description></item>"
        for n in range(items)
    )
    spaces = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
    head = (
        f"<rdf:RDF {spaces} xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>C</title></channel>"
    )
    return f"{head}{every}</rdf:RDF>".encode()


def rss(items: int, size: int, written: Callable[[str], str]) -> bytes:
    """A feed as news sites have it."""
    body = written((_WORDS * (size // len(_WORDS) + 1))[:size])
    every = "".join(
        f"<item><title>Story {n} &amp; more</title><link>https://c.example/{n}?utm_source=rss</link>"
        f"<guid isPermaLink='false'>https://c.example/?p={n}</guid><pubDate>Mon, 15 Jun 2026 10:00:00 +0000</pubDate>"
        f"<category>Energy</category><description>A few words.</description>"
        f"<content:encoded>{body}</content:encoded></item>"
        for n in range(items)
    )
    content = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    head = f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0' {content}><channel><title>C</title>"
    return f"{head}<link>https://c.example/</link>{every}</channel></rss>".encode()


def atom(entries: int, size: int) -> bytes:
    """The same in Atom."""
    body = escape((_WORDS * (size // len(_WORDS) + 1))[:size])
    every = "".join(
        f"<entry><id>tag:c.example,2026:{n}</id><title>Story {n}</title><link href='https://c.example/{n}'/>"
        f"<updated>2026-06-15T10:00:00Z</updated><content type='html'>{body}</content></entry>"
        for n in range(entries)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>C</title>{every}</feed>".encode()


def _parsed(body: bytes) -> ParsedFeed:
    return parse_feed(
        body, content_type="application/rss+xml", base_url="https://c.example/feed", source="C", now=_NOW
    )


def _known_again(body: bytes) -> None:
    for entry in _parsed(body).entries:
        identities_of(entry, "C")
        assert entry.raw_mark
        assert entry.published is None or entry.published <= _NOW


def _whole(body: bytes) -> None:
    for entry in _parsed(body).entries:
        entry.whole()


def measure(body: bytes) -> list[float]:
    """Seconds of the library, and of the three ways, medians of runs in turns."""
    ways: list[Callable[[bytes], object]] = [fastfeedparser.parse, _parsed, _known_again, _whole]
    times: list[list[float]] = [[] for _ in ways]
    for _ in range(_ROUNDS):
        for way, taken in zip(ways, times, strict=True):
            begun = time.perf_counter()
            way(body)
            taken.append(time.perf_counter() - begun)
    return [statistics.median(taken) for taken in times]


def main() -> None:
    """A line for each feed, and the medians of their ratios."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    print(f"{'rate against the library alone':44} {'library':>9}  parsed  known again  read whole")
    ratios = []
    for name, body in feeds(folder):
        try:
            if not fastfeedparser.parse(body)["entries"] or not _parsed(body).entries:
                continue
        except (ValueError, KeyError, FormatError):
            continue
        library, *ours = measure(body)
        if library < _TOO_SHORT_S:
            continue
        shown = [library / took for took in ours]
        ratios.append(shown)
        print(f"{name:44.44} {library * 1e3:6.2f} ms  {shown[0]:6.2f}  {shown[1]:11.2f}  {shown[2]:10.3f}")
    for name, some in (
        ("median of the first five", ratios[:_PLAIN]),
        ("median of the others", ratios[_PLAIN:]),
    ):
        middle = [statistics.median(column) for column in zip(*some, strict=True)]
        print(f"{name:44} {'':>9}  {middle[0]:6.2f}  {middle[1]:11.2f}  {middle[2]:10.3f}")


if __name__ == "__main__":
    main()
