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
from bot.sources.feed import ParsedFeed, parse_feed
from bot.sources.well_formed import parse_well_formed, undeclared
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


def test_an_entry_is_known_again_without_being_read_and_edited_words_show() -> None:
    item = "<item><guid>1</guid><title>T</title><description>{}</description></item>"
    first, same, edited = (parse(rss(item.format(text))).entries[0] for text in ("One.", "One.", "Two."))
    assert first.identity == same.identity == edited.identity
    assert first.raw_mark == same.raw_mark != edited.raw_mark


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


def test_a_number_for_an_id_is_no_date() -> None:
    entry = only(rss("<item><title>Not &#27; XML</title><guid>5</guid></item>"))
    assert (entry.title, entry.published) == ("Not XML", None)
