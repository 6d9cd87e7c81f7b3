"""Small feeds, and how tests read them."""

from __future__ import annotations

from bot.model import FeedEntry
from bot.sources.feed import ParsedFeed, parse_feed
from tests.sources.conftest import NOW

URL = "https://courier.example/news/feed.xml"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Courier</title><link>https://courier.example/</link>
<language>en</language>{head}{items}</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Courier</title>{items}</feed>"""


def parse(body: str | bytes, content_type: str | None = None) -> ParsedFeed:
    data = body.encode() if isinstance(body, str) else body
    return parse_feed(data, content_type=content_type, base_url=URL, source="Courier", now=NOW)


def rss(items: str, head: str = "") -> str:
    return RSS.format(items=items, head=head)


def only(body: str | bytes, content_type: str | None = None) -> FeedEntry:
    (entry,) = parse(body, content_type).entries
    return entry.whole()


def titled(title: str) -> FeedEntry:
    return only(rss(f"<item><title>{title}</title><link>https://courier.example/a</link></item>"))
