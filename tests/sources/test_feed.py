"""What is read out of feeds: of every kind, in any encoding, and as far as broken ones can be read."""

from __future__ import annotations

import contextlib
import gzip
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import FormatError
from bot.model import FeedEntry
from tests.sources.conftest import NOW
from tests.sources.feeds import ATOM, only, parse, rss, titled


def test_an_item_with_everything_is_read_whole() -> None:
    entry = only(
        rss(
            """<item><title>A Dam &amp; a Road</title><link>https://courier.example/dam?utm_source=rss&amp;id=7</link>
            <guid isPermaLink="false">courier-7</guid><pubDate>Mon, 15 Jun 2026 14:00:00 +0500</pubDate>
            <category>Energy</category><category>Tajikistan</category>
            <media:content url="https://courier.example/dam.jpg" medium="image"/>
            <description>Short.</description>
            <content:encoded><![CDATA[<p>The dam is&nbsp;full.</p><script>x()</script><p>So is the road.</p>]]>
            </content:encoded></item>"""
        )
    )
    assert entry == FeedEntry(
        identity="courier-7",
        title="A Dam & a Road",
        link="https://courier.example/dam?id=7",
        published=datetime(2026, 6, 15, 9, 0, tzinfo=UTC),
        text="The dam is full.\nSo is the road.",
        categories=("Energy", "Tajikistan"),
        image_url="https://courier.example/dam.jpg",
        language="en",
    )


def test_atom_is_read_too() -> None:
    entry = only(
        ATOM.format(
            items="""<entry><id>tag:courier.example,2026:1</id><title type="html">Snow &amp;lt; Rain</title>
            <link rel="self" href="https://courier.example/self"/><link href="/snow"/>
            <updated>2026-06-15T10:00:00+05:00</updated><summary>White.</summary></entry>"""
        )
    )
    assert (entry.identity, entry.title, entry.link) == (
        "tag:courier.example,2026:1",
        "Snow < Rain",
        "https://courier.example/snow",
    )
    assert entry.published == datetime(2026, 6, 15, 5, 0, tzinfo=UTC)


def test_rdf_is_read_too() -> None:
    entry = only(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Courier</title></channel>
        <item rdf:about="https://courier.example/a"><title>Old Format</title><link>https://courier.example/a</link>
        <dc:date>2026-06-15T10:00:00Z</dc:date></item></rdf:RDF>"""
    )
    assert (entry.title, entry.published) == ("Old Format", datetime(2026, 6, 15, 10, 0, tzinfo=UTC))


def test_json_feed_is_read_too() -> None:
    entry = only(
        """{"version": "https://jsonfeed.org/version/1.1", "title": "Courier", "items": [
        {"id": 7, "url": "/seven", "title": "Seven", "content_html": "<p>Text.</p>", "tags": ["Energy", null],
         "date_published": "2026-06-15T10:00:00Z", "attachments": null}, "no item", null]}"""
    )
    assert (entry.identity, entry.title, entry.link, entry.text, entry.categories) == (
        "7",
        "Seven",
        "https://courier.example/seven",
        "Text.",
        ("Energy",),
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Orders &lt; Plan", "Orders < Plan"),
        ("Rice &amp;amp; Shine", "Rice & Shine"),
        ("<![CDATA[Rice &#038; Shine]]>", "Rice & Shine"),
        ("<![CDATA[<b>Bold</b> &lt; <i>Move</i>]]>", "Bold < Move"),
        ("&lt;and Wedding Photographers&gt;", "<and Wedding Photographers>"),
        ('"Quotes" and ‘quotes’', '"Quotes" and ‘quotes’'),
        ("  two \n lines\t", "two lines"),
        ("\u200fابزار\u200e", "\u200fابزار\u200e"),
        ("caf&eacute;&nbsp;au lait", "café au lait"),
        ("Q&A at AT&T", "Q&A at AT&T"),
    ],
)
def test_titles_are_plain_text_entities_decoded_once(written: str, read: str) -> None:
    assert titled(written).title == read


def test_long_titles_come_whole_and_endless_ones_are_cut() -> None:
    assert titled("w" * 400).title == "w" * 400
    assert len(titled("word " * 200_000).title) <= 1000


def test_items_without_date_link_or_title_are_read_as_far_as_they_go() -> None:
    feed = parse(
        rss(
            "<item><title>Undated</title><link>https://courier.example/u</link></item>"
            "<item><title>Unlinked</title><description>Text</description></item>"
            "<item><link>https://courier.example/t</link><description>First words of it.</description></item>"
            "<item><guid>only-an-id</guid></item><item/>"
        )
    )
    undated, unlinked, untitled, bare, empty = (entry.whole() for entry in feed.entries)
    assert undated.published is None
    assert undated.identity == "https://courier.example/u"
    assert unlinked.link is None
    assert unlinked.identity == "Courier\nUnlinked"
    assert (untitled.title, untitled.text) == ("", "First words of it.")
    assert (bare.identity, bare.title, bare.text) == ("only-an-id", "", "")
    assert (empty.title, empty.link, empty.text) == ("", None, "")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon, 15 Jun 2026 10:00:00 GMT", datetime(2026, 6, 15, 10, tzinfo=UTC)),
        ("14 Jun 2026 10:00 EST", datetime(2026, 6, 14, 15, tzinfo=UTC)),
        ("2026-06-15 10:00:00", datetime(2026, 6, 15, 10, tzinfo=UTC)),
        ("Пн, 15 июн 2026 10:00:00 +0600", datetime(2026, 6, 15, 4, tzinfo=UTC)),
        ("Seg, 14 Set 2025 10:00:00 -0300", datetime(2025, 9, 14, 13, tzinfo=UTC)),
        ("Mon, 15 Jun 2026 12:03:00 GMT", NOW),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Tue, 15 Jun 2099 00:00:00 GMT", None),
        ("yesterday evening", None),
        ("", None),
    ],
)
def test_times_are_aware_and_never_in_the_future(written: str, read: datetime | None) -> None:
    entry = only(rss(f"<item><title>T</title><guid>g</guid><pubDate>{written}</pubDate></item>"))
    assert entry.published == read


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("<ttl>45</ttl>", 2700.0),
        (
            '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">hourly</sy:updatePeriod>'
            '<sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">2</sy:updateFrequency>',
            1800.0,
        ),
        ("", None),
        ("<ttl>soon</ttl>", None),
    ],
)
def test_the_feed_says_how_often_it_wants_to_be_asked(head: str, seconds: float | None) -> None:
    assert parse(rss("<item><title>T</title></item>", head)).ttl_s == seconds


@pytest.mark.parametrize(
    ("codec", "declared", "content_type"),
    [
        ("windows-1251", 'encoding="windows-1251"', None),
        ("koi8-r", "", "text/xml; charset=koi8-r"),
        ("windows-1251", 'encoding="utf-8"', "text/xml; charset=windows-1251"),
        ("utf-16", "", None),
        ("utf-8-sig", 'encoding="windows-1251"', None),
        ("utf-8", 'encoding="no-such-code"', "text/xml; charset=nonsense"),
        ("utf-8", 'encoding="utf-16"', None),
    ],
)
def test_the_encoding_is_found(codec: str, declared: str, content_type: str | None) -> None:
    text = rss("<item><title>Қазақстан мен Ташкент</title><guid>g</guid></item>")
    if codec in ("windows-1251", "koi8-r"):
        text = text.replace("Қазақстан мен", "Казахстан и")
    text = text.replace('encoding="utf-8"', declared)
    assert only(text.encode(codec), content_type).title.endswith("Ташкент")


def test_a_cyrillic_feed_that_names_no_encoding_is_guessed() -> None:
    items = "".join(
        f"<item><title>В Казахстане открыли новую станцию метро номер {n}</title></item>" for n in range(20)
    )
    body = rss(items).replace(' encoding="utf-8"', "").encode("windows-1251")
    assert parse(body).entries[3].title == "В Казахстане открыли новую станцию метро номер 3"


def test_a_gzip_file_that_no_header_announced_is_unpacked() -> None:
    assert only(gzip.compress(rss("<item><title>Packed</title></item>").encode())).title == "Packed"


def test_a_gzip_file_that_grows_without_end_is_refused() -> None:
    with pytest.raises(FormatError, match="more than 10 MB"):
        parse(gzip.compress(bytes(60 * 1024 * 1024), compresslevel=1))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b" \n\0 ", "empty"),
        (
            b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body><p>Back soon</p></body></html>",
            "HTML",
        ),
        (b"<html><body><h1>Not Found</h1></body></html>", "HTML"),
        (b"hello", "not a feed"),
        (b"<note><to>You</to></note>", "not a feed"),
        (b'{"error": "no"}', "not a JSON Feed"),
        (b'{"version": "https://jsonfeed.org', "breaks off"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "not a feed"),
        (b"\x1f\x8bdamaged", "damaged"),
    ],
)
def test_what_is_no_feed_is_said_in_words(body: bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        parse(body)


def test_a_feed_without_items_is_a_feed() -> None:
    assert parse(rss("")).entries == ()


def test_half_a_feed_yields_what_came() -> None:
    items = "".join(f"<item><title>Story {n}</title><guid>{n}</guid></item>" for n in range(10))
    body = rss(items)
    cut = body[: body.index("<title>Story 6")]
    assert [entry.title for entry in parse(cut).entries][:6] == [f"Story {n}" for n in range(6)]


def test_space_and_bytes_that_xml_forbids_do_not_matter() -> None:
    body = "\n\n  " + rss("<item><title>Nul\0 and \x0bbell</title></item>")
    assert only(body).title in ("Nul and bell", "Nul and bell")


def test_an_entity_bomb_and_outside_entities_are_left_out() -> None:
    bomb = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY file SYSTEM "file:///etc/passwd">]>
    <rss version="2.0"><channel><item><title>Boom &c; &file;</title><guid>g</guid></item></channel></rss>"""
    title = only(bomb).title
    assert title.startswith("Boom")
    assert "lol" not in title
    assert "root" not in title


def test_ten_thousand_items_are_read_and_not_one_more() -> None:
    items = "".join(f"<item><title>{n}</title><guid>{n}</guid></item>" for n in range(10_050))
    assert len(parse(rss(items)).entries) == 10_000


@pytest.mark.parametrize(
    "body",
    [
        "<feed>" + "<entry/>" * 200_000 + "</feed>",
        '{"items": [' + "{}," * 1_000_000 + "{}]}",
        "&" * 9_000_000,
        "<rss><item><title>" + "<br>" * 2_000_000,
        "<rss><channel><item><title>a</title><description>" + "&" * 9_000_000,
    ],
)
def test_endless_lists_of_nothing_cost_no_time(body: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(FormatError):
        assert len(parse(body).entries) <= 10_000
    assert time.process_time() - begun < 2


def test_items_with_megabyte_fields_are_cut_to_size() -> None:
    long = "x" * 1_000_000
    entry = only(
        rss(
            f"<item><title>{long}</title><guid>{long}</guid><link>https://courier.example/{long}</link>"
            f"<category>{long}</category><description>{long}</description></item>"
        )
    )
    assert len(entry.title) <= 1000
    assert len(entry.identity) <= 1000
    assert len(entry.text) <= 20_000
    assert entry.link is None


def test_what_the_publishing_system_adds_is_left_out() -> None:
    entry = only(
        rss(
            "<item><title>T</title><description><![CDATA[[caption id='a' width='1']<img src='x'/> Photo: me[/caption]"
            "<p>The story.</p><p>The post <a href='/t'>T</a> appeared first on <a href='/'>Courier</a>.</p>]]>"
            "</description></item>"
        )
    )
    assert entry.text == "The story."


def test_relative_links_are_seen_from_the_base_that_the_feed_names() -> None:
    body = rss("<item><title>T</title><link>posts/1</link></item>").replace(
        "<channel>", '<channel xml:base="https://other.example/blog/">'
    )
    assert only(body).link == "https://other.example/blog/posts/1"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "mailto:me@x", "http://", "http://[::1", "file:///etc/passwd"]
)
def test_a_link_that_is_no_page_is_no_link(link: str) -> None:
    assert only(rss(f"<item><title>T</title><link>{link}</link></item>")).link is None


def test_an_entry_is_known_again_without_being_read_and_edited_words_show() -> None:
    item = "<item><guid>1</guid><title>T</title><description>{}</description></item>"
    first, same, edited = (parse(rss(item.format(text))).entries[0] for text in ("One.", "One.", "Two."))
    assert first.identity == same.identity == edited.identity
    assert first.raw_mark == same.raw_mark != edited.raw_mark


markup = st.text(alphabet=st.sampled_from("<>&;\"'/![]-=? \n\0абAitlersguidCDATAx0é"), max_size=300)


@given(markup)
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_an_item_nothing_but_a_format_error_comes_out(junk: str) -> None:
    try:
        feed = parse(rss(f"<item><title>{junk}</title><description>{junk}</description></item>"))
    except FormatError:
        return
    for entry in (outline.whole() for outline in feed.entries):
        assert entry.title == " ".join(entry.title.split())
        assert "\0" not in entry.title + entry.text


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_at_all_are_a_feed_or_a_format_error(body: bytes) -> None:
    try:
        parse(body)
    except FormatError:
        return


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2026, 6, 1)), st.integers(-12, 14))  # noqa: DTZ001
@settings(deadline=None)
def test_any_rfc_822_time_is_read_to_the_second(local: datetime, hours: int) -> None:
    sign = "-" if hours < 0 else "+"
    written = f"{local:%d %b %Y %H:%M:%S} {sign}{abs(hours):02}00"
    entry = only(rss(f"<item><title>T</title><pubDate>{written}</pubDate></item>"))
    assert entry.published == (local - timedelta(hours=hours)).replace(tzinfo=UTC, microsecond=0)
