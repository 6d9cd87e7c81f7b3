"""The small pure rooms that every format goes through: text, dates, links, datelines, pace, boilerplate."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.datelines import split_dateline
from bot.sources.boilerplate import without_boilerplate
from bot.sources.dates import find_date, parse_time
from bot.sources.decoding import charset_of, decode
from bot.sources.definition_lists import paired
from bot.sources.dialect import dialect
from bot.sources.links import canonical_link, clean_link
from bot.sources.pace import adapted_s, after_success_s, learned
from bot.sources.plain_text import page_text, plain_line, plain_text
from bot.sources.relative_time import is_relative_time, time_from
from bot.sources.robots import crawl_delay_s
from tests.sources.conftest import NOW


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("05 December 2025", date(2025, 12, 5)),
        ("Friday, Dec 5, 2025", date(2025, 12, 5)),
        ("5 декабря 2025 г.", date(2025, 12, 5)),
        ("2025 ж. 5 желтоқсан", date(2025, 12, 5)),
        ("5-dekabr 2025", date(2025, 12, 5)),
        ("05.12.2025", date(2025, 12, 5)),
        ("Posted in Kazakhstan on 2025-12-05", date(2025, 12, 5)),
        ("31.02.2025", None),
        ("March 2026", None),
        ("© 2026", None),
        ("", None),
    ],
)
def test_dates_written_for_people_are_found_in_all_our_languages(line: str, found: date | None) -> None:
    assert find_date(line) == found


@given(st.text(max_size=80))
def test_any_text_is_a_time_or_none(text: str) -> None:
    moment = parse_time(text)
    assert moment is None or moment.tzinfo is not None
    find_date(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon, 15 Jun 2026 10:00:00 +06:00", datetime(2026, 6, 15, 4, tzinfo=UTC)),
        ("Mon, 15 Jun 2026 10:00 GMT+5", datetime(2026, 6, 15, 5, tzinfo=UTC)),
        ("Mon, 15 Jun 2026 10:00:00 ALMT", datetime(2026, 6, 15, 5, tzinfo=UTC)),
        ("Mon, 15 Jun 2026 2:30:00 PM", datetime(2026, 6, 15, 14, 30, tzinfo=UTC)),
        ("05.06.2026 10:00", datetime(2026, 6, 5, 10, tzinfo=UTC)),
        ("05.06.26 10:00", datetime(2026, 6, 5, 10, tzinfo=UTC)),
        ("06/05/2026 10:00", datetime(2026, 6, 5, 10, tzinfo=UTC)),
        ("2026/6/5 10:00:00", datetime(2026, 6, 5, 10, tzinfo=UTC)),
        ("Дүйсенбі, 15 маусым 2026, 10:00", datetime(2026, 6, 15, 10, tzinfo=UTC)),
        ("5-iyun 2026 10:00 +0500", datetime(2026, 6, 5, 5, tzinfo=UTC)),
        ("5 de junho de 2026", datetime(2026, 6, 5, tzinfo=UTC)),
        ("2026-06-14T24:00:00Z", datetime(2026, 6, 15, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("Mon, 32 Jun 2026 10:00:00 GMT", None),
        ("Monday", None),
    ],
)
def test_times_are_read_as_their_writers_meant_them(written: str, read: datetime | None) -> None:
    assert parse_time(written) == read


@pytest.mark.parametrize(
    ("words", "ago"),
    [
        ("2 hours ago", timedelta(hours=2)),
        ("2h ago", timedelta(hours=2)),
        ("an hour ago", timedelta(hours=1)),
        ("Published 3 days ago", timedelta(days=3)),
        ("Yesterday at 16:20", timedelta(days=1)),
        ("just now", timedelta()),
        ("час назад", timedelta(hours=1)),
        ("5 мин. назад", timedelta(minutes=5)),
        ("вчера, 18:40", timedelta(days=1)),
        ("сегодня в 09:15", timedelta()),
        ("3 күн бұрын", timedelta(days=3)),
        ("2 soat oldin", timedelta(hours=2)),
        ("2 апта мурун", timedelta(days=14)),
        ("2 рӯз пеш", timedelta(days=2)),
        ("3 gün öň", timedelta(days=3)),
        ("14 июня", timedelta(days=1)),
        ("June 14, 10:20", timedelta(days=1)),
        ("16 июня", timedelta(days=364)),
        ("Yesterday's fire in Osh kills two", None),
        ("2 days before the vote", None),
        ("May 5 plants close", None),
        ("", None),
    ],
)
def test_times_from_the_readers_day_are_times(words: str, ago: timedelta | None) -> None:
    assert time_from(words, NOW) == (None if ago is None else NOW - ago)
    assert is_relative_time(words) == (ago is not None)


@given(st.text(max_size=70))
def test_whatever_the_words_a_relative_time_is_never_in_the_future(words: str) -> None:
    moment = time_from(words, NOW)
    assert moment is None or moment <= NOW


def test_pairs_of_terms_and_descriptions_are_held_together() -> None:
    assert paired("<dl><dt>a<dd>b<dt>c<dd>d</dl>") == "<dl><div><dt>a<dd>b</div><div><dt>c<dd>d</div></dl>"
    assert paired("<dl><dt>1 May<dd>b<dd>c<dt>d<dd>e</dl>").count("<div><dt>1 May<dd>") == 2
    assert paired("<dl><dt>a<dd>b</dl>") == "<dl><dt>a<dd>b</dl>"


@pytest.mark.parametrize(
    ("link", "clean"),
    [
        ("https://c.example/a?utm_source=x&id=7&fbclid=1#top", "https://c.example/a?id=7#top"),
        ("/a b", "https://base.example/a%20b"),
        ("//c.example/x", "https://c.example/x"),
        ("http://c.example/ü?q=a|b", "http://c.example/ü?q=a%7Cb"),
        ("javascript:alert(1)", None),
        ("http://", None),
        ("http://c.example:99999/", None),
        ("", None),
        (None, None),
    ],
)
def test_links_are_absolute_and_free_of_tracking(link: str | None, clean: str | None) -> None:
    assert clean_link(link, "https://base.example/dir/") == clean


def test_one_page_has_one_canonical_link() -> None:
    spellings = [
        "https://www.c.example/story/",
        "http://c.example/story?utm_medium=rss",
        "https://c.example:443/story#comments",
        "https://m.c.example/story/amp/",
        "https://c.example/story/index.html",
    ]
    assert {canonical_link(link) for link in spellings} == {"c.example/story"}


@given(st.text(max_size=200))
def test_any_text_is_a_link_or_none(text: str) -> None:
    link = clean_link(text, "https://base.example/")
    assert link is None or (link.startswith(("http://", "https://")) and canonical_link(link) is not None)


def test_a_page_becomes_a_line_per_block() -> None:
    markup = (
        "<h1>One</h1><script>no()</script><p>Two <b>th</b>ree</p><ul><li>Four<li>Five</ul><style>x{}</style>"
    )
    assert page_text(markup) == "One\nTwo three\nFour\nFive"
    assert plain_text("plain & simple < text") == "plain & simple < text"
    assert plain_line("<p>a</p><p>b &amp;amp; c</p>") == "a b &amp; c"


@given(st.text(max_size=300))
def test_a_line_is_one_line_whatever_it_was(text: str) -> None:
    line = plain_line(text)
    assert line == " ".join(line.split())


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html; charset=UTF-8", "utf-8"),
        ('text/xml; charset="koi8-r"', "koi8-r"),
        ("text/html", None),
        (None, None),
        ("charset", None),
        ("text/html;\r\n charset=x", "x"),
    ],
)
def test_the_charset_of_a_header_is_read(content_type: str | None, charset: str | None) -> None:
    assert charset_of(content_type) == charset


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "text/html; charset=utf-7", "x; charset=idna", "x; charset=zip"]),
)
def test_any_bytes_are_text(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type), str)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("BISHKEK (TCA) — Water rose.", "Water rose."),
        ("TORONTO, CA — Gold fell.", "Gold fell."),
        ("KABUL, May 3 — A start-up won.", "A start-up won."),
        ("WASHINGTON, April 17 — Lists.", "Lists."),
        ("BAKU, May 14, Caspian Wire. The yard opened.", "The yard opened."),
        ("DUSHANBE. October 9. Exports fell.", "Exports fell."),
        ("ASHGABAT, Turkmenistan — The plant ships.", "The plant ships."),
        ("TASHKENT, April 7 (Oasis News). Anyone who wants.", "Anyone who wants."),
        ("BEIJING/DUSHANBE, August 20 — Officials agreed.", "Officials agreed."),
        ("АСТАНА. 5 мая. КазТАГ – Урожай собран.", "Урожай собран."),
        ("LONDON/TASHKENT, 24 Nov. 2026 /Wire/ -- A bank lends.", "A bank lends."),
        ("БИШКЕК (АКИpress) — Вода поднялась.", "Вода поднялась."),
        ("Water — the old quarrel — is back.", "Water — the old quarrel — is back."),
        ("NATO met on Monday.", "NATO met on Monday."),
        ("A man walked in.", "A man walked in."),
        ("", ""),
    ],
)
def test_datelines_are_taken_off_and_nothing_else(text: str, rest: str) -> None:
    dateline, told = split_dateline(text)
    assert told == rest
    assert dateline + told == text


@pytest.mark.parametrize(
    ("text", "story"),
    [
        ("[caption id='1' width='2']Photo: me[/caption] The story.", "The story."),
        ("The story. Continue reading", "The story."),
        ("The story... Read more »", "The story..."),
        ("The story. The post A Title appeared first on Courier.", "The story."),
        ("Новость. Читать далее →", "Новость."),
        ("They read more books now.", "They read more books now."),
        ("Continue reading is what she did all night.", "Continue reading is what she did all night."),
    ],
)
def test_what_systems_add_goes_and_sentences_stay(text: str, story: str) -> None:
    assert without_boilerplate(text) == story


def test_the_longest_wish_decides_up_to_a_day() -> None:
    assert after_success_s(300, None, None) == 300
    assert after_success_s(300, 60, 1800) == 1800
    assert after_success_s(300, 12 * 3600) == 12 * 3600
    assert after_success_s(300, 1e18) == 86400
    assert after_success_s(7 * 86400, 60) == 7 * 86400


EVENINGS = [NOW.replace(hour=20) - timedelta(days=days) for days in range(1, 8)]


def test_a_quiet_source_is_left_alone_longer_but_not_in_its_busy_hours() -> None:
    assert adapted_s(300, EVENINGS, NOW) == 6 * 3600
    assert adapted_s(300, EVENINGS, NOW.replace(hour=19)) == 300
    hourly = [NOW - timedelta(hours=hours) for hours in range(30)]
    assert adapted_s(300, hourly, NOW) == 300
    assert adapted_s(300, [], NOW) == 300
    assert adapted_s(300, [None, NOW], NOW) == 300
    assert adapted_s(2, EVENINGS, NOW) == 2


def test_the_pause_of_a_quiet_source_ends_when_its_busy_hours_begin() -> None:
    assert adapted_s(300, EVENINGS, NOW.replace(hour=15, minute=30)) == 3.5 * 3600
    tashkent = [time.astimezone(timezone(timedelta(hours=5))) for time in EVENINGS]
    assert adapted_s(300, tashkent, NOW.replace(hour=15, minute=30)) == 3.5 * 3600


def test_a_source_that_was_silent_for_weeks_is_asked_every_six_hours() -> None:
    assert adapted_s(300, [NOW - timedelta(days=30)], NOW) == 6 * 3600
    assert adapted_s(8 * 3600, [NOW - timedelta(days=30)], NOW) == 8 * 3600


@given(
    st.floats(1, 1e6), st.lists(st.datetimes(timezones=st.just(UTC)) | st.none(), max_size=80),
    st.timedeltas(-timedelta(days=20_000), timedelta(days=20_000)),
)  # fmt: skip
def test_the_adapted_pause_is_between_every_and_six_hours(
    every_s: float, published: list[datetime | None], later: timedelta
) -> None:
    assert every_s <= adapted_s(every_s, published, NOW + later) <= max(every_s, 6 * 3600)


def test_what_is_learned_of_a_source_is_the_last_two_weeks_by_the_minute() -> None:
    old, late = NOW - timedelta(days=20), NOW - timedelta(days=1)
    assert learned([old], [late, late + timedelta(seconds=9), None, NOW + timedelta(days=1)], NOW) == (late,)
    assert learned([], [old, old - timedelta(days=1)], NOW) == (old,), "at least when it spoke last"
    many = [NOW - timedelta(minutes=minutes) for minutes in range(10_000)]
    assert learned(many, [], NOW) == tuple(sorted(many)[-64:])


@pytest.mark.parametrize(
    ("robots", "seconds"),
    [
        (b"User-agent: *\nCrawl-delay: 5\n", 5),
        (b"User-agent: briefing-bot\nCrawl-delay: 2\n\nUser-agent: *\nCrawl-delay: 9\n", 2),
        (b"User-agent: *\nCrawl-delay: 86400\n", 60),
        (b"User-agent: *\nCrawl-delay: 2.5\nDisallow: /a\n", 3),
        (b"User-agent: *\nDisallow:\n", 0),
        (b"<html>404</html>", 0),
        (bytes(range(256)), 0),
    ],
)
def test_the_crawl_delay_is_read_and_bounded(robots: bytes, seconds: float) -> None:
    assert crawl_delay_s(robots) == seconds


def test_a_zone_that_nobody_knows_is_no_zone_and_no_warning() -> None:
    assert parse_time("Tue Nov 24 2026 10:00 XYZT") == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_a_time_without_a_zone_is_utc() -> None:
    assert parse_time("2026-06-15 10:00") == datetime(2026, 6, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize("rules", ["Crawl-delay: " + "9" * 400, "Disallow: http://[x"])
def test_a_robots_file_that_cannot_be_read_asks_for_nothing(rules: str) -> None:
    assert crawl_delay_s(f"User-agent: *\n{rules}\n".encode()) == 0.0


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<?xml version='1.0'?><rss version=\"2.0\">", "RSS 2.0"),
        ("<rss>", "RSS"),
        ("<feed version='0.3'>", "Atom 0.3"),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'>", "Atom 1.0"),
        ("<rdf:RDF xmlns='http://purl.org/rss/1.0/'>", "RSS 1.0"),
        ("<rdf:RDF xmlns='http://my.netscape.com/rdf/simple/0.9/'>", "RSS 0.90"),
        ('{"version": "https:\\/\\/jsonfeed.org\\/version\\/1.1"', "JSON Feed 1.1"),
        (' {"items": []}', "JSON Feed"),
        ("", "feed"),
    ],
)
def test_a_feed_is_called_what_it_calls_itself(head: str, name: str) -> None:
    assert dialect(head) == name
