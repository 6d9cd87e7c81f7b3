"""Feeds as they are out there: what the libraries misread, what passed through bad hands, what is hardly XML."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import FormatError
from bot.sources.well_formed import parse_well_formed, undeclared
from tests.sources.feeds import ATOM, only, parse, rss, titled


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Water <b>and</b> Power", "Water and Power"),
        ("Water<br/>and Power", "Water and Power"),
        ("Water<br>and Power", "Water and Power"),
        ("Water &lt;embed src='/x'&gt;and Power", "Water and Power"),
        ("Қазақстан".encode().decode("latin-1"), "Қазақстан"),
        ("Un café à Astana".encode().decode("cp1252"), "Un café à Astana"),
        ("Ã la carte", "Ã la carte"),
    ],
)
def test_titles_that_went_through_bad_hands_are_read_all_the_same(written: str, read: str) -> None:
    entry = titled(written)
    assert (entry.title, entry.link) == (read, "https://courier.example/a")


def test_a_title_of_xhtml_is_its_words() -> None:
    title = (
        "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Water <em>and</em> Power</div></title>"
    )
    assert (
        only(ATOM.format(items=f"<entry><id>1</id>{title}<link href='/1'/></entry>")).title
        == "Water and Power"
    )


def test_a_title_in_base64_is_unpacked() -> None:
    title = "<title type='text/html' mode='base64'>V2F0ZXIgJmFtcDsgUG93ZXI=</title>"
    assert (
        only(ATOM.format(items=f"<entry><id>1</id>{title}<link href='/1'/></entry>")).title == "Water & Power"
    )


@pytest.mark.parametrize("order", ["{media}{title}", "{title}{media}"])
def test_a_picture_has_a_title_of_its_own(order: str) -> None:
    parts = order.format(media="<media:title>A dam at dawn</media:title>", title="<title>Water</title>")
    assert only(rss(f"<item>{parts}<link>/1</link></item>")).title == "Water"
    assert (
        only(rss("<item><media:title>A dam at dawn</media:title><link>/1</link></item>")).title
        == "A dam at dawn"
    )


def test_an_entry_with_a_base_of_its_own_keeps_its_id_as_it_is() -> None:
    item = "<entry xml:base='https://c.example/blog/'><id>posts/1</id><title>T</title><link href='posts/1'/></entry>"
    entry = only(ATOM.format(items=item))
    assert (entry.identity, entry.link) == ("posts/1", "https://c.example/blog/posts/1")


@pytest.mark.parametrize("title", ["T", "Water <b>and</b> Power"])
def test_a_link_that_says_it_is_the_page_goes_before_one_that_says_nothing(title: str) -> None:
    links = "<link rel='self' href='/s'/><link href='/1'/><link rel='alternate' href='/1.html'/>"
    entry = only(ATOM.format(items=f"<entry><id>1</id><title>{title}</title>{links}</entry>"))
    assert entry.link == "https://courier.example/1.html"


@pytest.mark.parametrize("name", ["dc:created", "issued", "dc:date"])
def test_the_times_of_old_formats_are_times(name: str) -> None:
    entry = only(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#' xmlns:dc='http://purl.org/dc/terms/'><entry><id>1</id>"
        f"<title>T</title><link href='/1'/><{name}>2026-06-15T10:00:00Z</{name}></entry></feed>"
    )
    assert entry.published == datetime(2026, 6, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "form", ["<time datetime='{0}'>{1}</time>", '&lt;time datetime="{0}"&gt;{1}&lt;/time&gt;', "{1}"]
)
def test_a_time_in_markup_is_a_time(form: str) -> None:
    written = form.format("2026-06-15T10:00:00Z", "Mon, 06/15/2026 - 10:00")
    entry = only(rss(f"<item><title>T</title><link>/1</link><pubDate>\n {written}\n</pubDate></item>"))
    assert entry.published == datetime(2026, 6, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize("told", ['encoding="iso-8859-1"', 'encoding="windows-1251"', 'encoding="us-ascii"'])
def test_what_is_utf_8_is_read_as_utf_8_whatever_it_calls_itself(told: str) -> None:
    body = rss("<item><title>Қазақстан</title></item>").replace('encoding="utf-8"', told)
    assert only(body).title == "Қазақстан"


def test_a_few_bad_bytes_do_not_make_another_charset() -> None:
    items = "".join(f"<item><title>Вода и энергия {n}</title></item>" for n in range(30))
    body = rss(items).encode()
    body = rss(items).encode().replace("энергия 7<".encode(), b"\xff<")
    assert parse(body).entries[8].title == "Вода и энергия 8"


def test_an_archive_is_no_feed_and_is_told_apart_at_once() -> None:
    with pytest.raises(FormatError, match="not a text"):
        parse(b"folder/feed.xml" + bytes(200) + rss("<item><title>T</title></item>").encode())


def test_a_zone_with_a_colon_is_a_zone() -> None:
    entry = only(rss("<item><title>T</title><pubDate>Mon, 15 Jun 2026 10:00:00 +06:00</pubDate></item>"))
    assert entry.published == datetime(2026, 6, 15, 4, tzinfo=UTC)


def test_a_link_that_the_fast_library_overlooks_is_found_by_the_patient_one() -> None:
    atom = "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' href='https://c.example/self' rel='self'/>"
    entry = only(rss(f"<item><title>T</title>{atom}<link>https://c.example/1</link></item>"))
    assert entry.link == "https://c.example/1"
    assert only(rss("<item><title>T</title><link href='https://c.example/1'/></item>")).link == entry.link


@pytest.mark.parametrize(
    "item",
    [
        "<item><title>A &amp; B</title><link>/x</link><pubDate>Mon, 15 Jun 2026 10:00:00 GMT</pubDate></item>",
        "<item><guid>7</guid><title><![CDATA[A & <b>B</b>]]></title><link>https://c.example/7</link></item>",
        "<item><title>A</title><link>https://c.example/7</link><category>E</category><category>F</category>"
        "<description>&lt;p&gt;One&lt;/p&gt;</description>"
        "<content:encoded><![CDATA[<p>One, two</p>]]></content:encoded></item>",
    ],
)
def test_what_is_well_formed_is_read_alike_with_and_without_mending(item: str) -> None:
    straight = rss(item)
    mended = rss(item, head="<description>Nearly&nbsp;XML</description>")
    assert parse_well_formed(undeclared(straight.encode(), None) or b"")
    assert not parse_well_formed(undeclared(mended.encode(), None) or b"")
    assert only(straight) == only(mended)


def test_without_the_librarys_native_part_feeds_are_read_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = rss(
        "<item><title>Water &amp; <b>Power</b></title><link>/1</link><guid>1</guid>"
        "<pubDate>15.06.2026 10:00</pubDate><description>Words.</description></item>"
    )
    fast = only(body)
    monkeypatch.setattr("fastfeedparser.main._core", None)
    assert only(body) == fast
    assert fast.published == datetime(2026, 6, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize("junk", ["AT&T", "a\x0bb", "&nbsp;", "<br>", "\udcff", "&eacute;"])
def test_what_is_not_well_formed_is_mended_before_it_is_read(junk: str) -> None:
    body = rss(f"<item><title>x {junk} y</title><link>https://c.example/1</link></item>")
    assert parse_well_formed(body.encode("utf-8", "surrogateescape")) is None


def test_a_number_for_an_id_is_no_date() -> None:
    entry = only(rss("<item><title>Not &#27; XML</title><guid>5</guid></item>"))
    assert (entry.title, entry.published) == ("Not XML", None)
