"""What `briefing-bot check URL` finds at an address that nobody configured, and the entry that it prints."""

from __future__ import annotations

import tomllib

import pytest

from bot.errors import SettingsError
from bot.sources.fetching import Fetcher
from bot.sources.sources_file import NewsSource
from bot.trial import try_address
from tests.sources.conftest import NOW, Publisher, fetcher, publisher, session

__all__ = ["fetcher", "publisher", "session"]

HTML = {"Content-Type": "text/html; charset=utf-8"}
FEED = (
    "<rss version='2.0'><channel><title>The \"Courier\"</title><item><title>A bridge opens</title>"
    "<link>https://a.example/1</link></item></channel></rss>"
)
POSTS = '[{"id": 1, "title": {"rendered": "A bridge opens"}, "link": "https://a.example/1"}]'


def configured(entry: str | None) -> NewsSource:
    """The entry, read as the sources file is."""
    assert entry is not None
    (source,) = tomllib.loads(entry)["news"]
    return NewsSource.model_validate(source)


async def test_a_feed_is_an_entry_at_once_under_its_own_title(publisher: Publisher, fetcher: Fetcher) -> None:
    url = publisher.says("/feed", FEED)
    trial = await try_address(url, fetcher, NOW)
    source = configured(trial.entry)
    assert (source.name, source.url, source.format) == ('The "Courier"', url, "feed")


async def test_the_feed_that_a_page_names_is_found(publisher: Publisher, fetcher: Fetcher) -> None:
    publisher.says("/feed?a=1", FEED)
    publisher.says("/feed", FEED)
    head = "<html><head><title>Courier</title><link rel='alternate' type='application/rss+xml' href='/feed'></head>"
    trial = await try_address(publisher.says("/", head, headers=HTML), fetcher, NOW)
    assert configured(trial.entry).url == publisher.address + "/feed"
    assert [finding.well for finding in trial.findings] == [False, True]


async def test_wordpress_is_found_behind_a_page_without_a_feed(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    publisher.says("/wp-json/wp/v2/posts", POSTS)
    head = "<html><head><title>Courier</title><link rel='https://api.w.org/' href='/wp-json/'></head>"
    trial = await try_address(publisher.says("/", head, headers=HTML), fetcher, NOW)
    assert configured(trial.entry).format == "wordpress"


async def test_a_page_for_people_is_a_listing(publisher: Publisher, fetcher: Fetcher) -> None:
    stories = "".join(
        f"<article><h2><a href='/2026/bridge-{n}-opens'>Bridge number {n} opens to traffic</a></h2>"
        f"<p>It spans the river Naryn at last, and took its builders {n} years and much patience.</p></article>"
        for n in range(1, 5)
    )
    page = f"<html><head><title>Courier</title></head><body>{stories}</body></html>"
    trial = await try_address(publisher.says("/", page, headers=HTML), fetcher, NOW)
    source = configured(trial.entry)
    assert (source.name, source.format) == ("Courier", "listing")


async def test_the_address_is_kept_unless_it_moved_for_good(publisher: Publisher, fetcher: Fetcher) -> None:
    new = publisher.says("/feed", FEED)
    for_now = publisher.says("/now", "", status=302, headers={"Location": "/feed"})
    for_good = publisher.says("/good", "", status=301, headers={"Location": "/feed"})
    assert configured((await try_address(for_now, fetcher, NOW)).entry).url == for_now
    assert configured((await try_address(for_good, fetcher, NOW)).entry).url == new


@pytest.mark.parametrize("title", ["\u200bCou\u202erier", "\u200b", "x" * 300])
async def test_whatever_a_feed_is_called_the_entry_can_be_pasted(
    publisher: Publisher, fetcher: Fetcher, title: str
) -> None:
    url = publisher.says("/feed", FEED.replace('The "Courier"', title))
    source = configured((await try_address(url, fetcher, NOW)).entry)
    assert source.name in ("Courier", "127.0.0.1", "x" * 80)


async def test_what_a_feed_calls_itself_is_told(publisher: Publisher, fetcher: Fetcher) -> None:
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>One</title></entry></feed>"
    kinds = {}
    for name, body in {"rss": FEED, "atom": atom}.items():
        (finding,) = (await try_address(publisher.says(f"/{name}", body), fetcher, NOW)).findings
        kinds[name] = finding.kind
    assert kinds == {"rss": "RSS 2.0", "atom": "Atom 1.0"}


async def test_a_page_that_is_nothing_has_no_entry_but_reasons(
    publisher: Publisher, fetcher: Fetcher
) -> None:
    trial = await try_address(publisher.address + "/missing", fetcher, NOW)
    assert trial.entry is None
    assert "404" in trial.findings[0].words


async def test_what_is_no_address_is_said_in_one_line(fetcher: Fetcher) -> None:
    with pytest.raises(SettingsError, match="must be an address"):
        await try_address("example.org", fetcher, NOW)
