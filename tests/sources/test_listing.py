"""Listing pages of unknown themes, as HTML and as text. The stories are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.score import feed_figures, listing_figures
from bot.errors import FormatError
from bot.sources.listing import Listing, parse_listing
from bot.sources.listing_words import Results
from tests.shared_data import require_shared_data
from tests.sources.conftest import NOW

URL = "https://courier.example/news/"
BODY = "The ministry said that work will begin in May. It will take two years, an engineer added."


def parse(page: str) -> Listing:
    return parse_listing(page.encode(), content_type="text/html; charset=utf-8", url=URL)


def page(cards: str, extra: str = "") -> str:
    return f"""<!DOCTYPE html><html><head><title>Courier</title></head><body>
    <header><span>15 June 2026</span>
    <nav><ul><li><a href="/a">Kazakhstan</a></li><li><a href="/b">Life</a></li></ul></nav>
    <p>KZT/USD = 0.00198 -0%</p></header><main><p>Viewing results 7 - 9 of 1,640</p>{cards}</main>{extra}
    <aside class="sidebar"><h3>Most read</h3>
    <ul><li><a href="/x">A Story That Many Have Read Already</a></li></ul></aside>
    <footer>© 2026 Courier</footer></body></html>"""


def card(number: int, body: str = BODY) -> str:
    return f"""<article class="post post-{number}"><a class="thumb" href="/2026/{number}/"><img src="/{number}.jpg"></a>
    <span class="cat"><a href="/category/energy/" rel="category tag">Energy</a></span>
    <h2 class="entry-title"><a href="/2026/{number}/">Headline Number {number} &amp; More</a></h2>
    <time datetime="2026-06-1{number}T09:00:00+05:00">1{number} June 2026</time>
    <div class="excerpt"><p>{body}</p><a class="more" href="/2026/{number}/">Continue reading</a></div></article>"""


def test_cards_become_stories_with_link_excerpt_and_time() -> None:
    listing = parse(page(card(1) + card(2) + card(3, BODY + " More follows…")))
    assert [story.title for story in listing.stories] == [f"Headline Number {n} & More" for n in (1, 2, 3)]
    first, _, third = listing.stories
    assert first.link == "https://courier.example/2026/1/"
    assert first.excerpt == BODY
    assert first.published == datetime(2026, 6, 11, 4, 0, tzinfo=UTC)
    assert first.image_url == "https://courier.example/1.jpg"
    assert (first.truncated, third.truncated) == (False, True)


def test_the_page_itself_is_read_too() -> None:
    listing = parse(page(card(1) + card(2), '<a rel="next" href="?page=2">Older</a>'))
    assert listing.date == date(2026, 6, 15)
    assert listing.results == Results(7, 9, 1640)
    assert [(line.base, line.rate) for line in listing.ticker] == [("KZT", "0.00198")]
    assert listing.next_url == "https://courier.example/news/?page=2"


@pytest.mark.parametrize(
    "shape",
    [
        '<div><div class="box-{n}"><h3><a href="/{n}">Headline {n} of the Day</a></h3><p>{body}</p></div></div>',
        '<li class="item"><a href="/{n}"><h4>Headline {n} of the Day</h4><p>{body}</p></a></li>',
        '<tr><td><a href="/{n}"><b>Headline {n} of the Day</b></a><br><p>{body}</p></td></tr>',
        '<section><p class="title"><a href="/{n}">Headline {n} of the Day</a></p><div>{body}</div></section>',
    ],
)
def test_no_theme_needs_to_be_known(shape: str) -> None:
    cards = "".join(shape.format(n=n, body=f"{n}. {BODY}") for n in range(1, 5))
    cards = f"<table>{cards}</table>" if shape.startswith("<tr") else f"<div>{cards}</div>"
    listing = parse(page(cards))
    assert [(story.title, story.link) for story in listing.stories] == [
        (f"Headline {n} of the Day", f"https://courier.example/{n}") for n in range(1, 5)
    ]


def test_a_card_without_a_headline_is_still_a_story() -> None:
    bare = f'<article class="post"><a href="/2026/9/"><img src="/9.jpg"></a><div class="excerpt">{BODY}</div></article>'
    listing = parse(page(card(1) + bare + card(2)))
    assert (listing.stories[1].title, listing.stories[1].link) == (None, "https://courier.example/2026/9/")


def test_a_page_that_found_nothing_has_no_stories() -> None:
    assert (
        parse(
            page("<h2>Nothing Found</h2><p>Sorry, nothing matched your search terms. Try again.</p>")
        ).stories
        == ()
    )


TEXT = f"""• KZT/USD = 0.00198 -0%
15 June 2026

Viewing results 1 - 3 of 3

First Headline of the Page

[caption id="a" width="1"]Image: me[/caption] {BODY}

Will the Second Headline End With a Question Mark?

{BODY} Continue reading

{BODY.replace("ministry", "agency")} And so on...

Journalist

Aigul Sample is a writer who has covered the steppe since 2007. She lives in Taraz and likes tea.
"""


def test_text_pages_are_read_line_by_line() -> None:
    listing = parse(TEXT)
    assert [(story.title, story.truncated) for story in listing.stories] == [
        ("First Headline of the Page", False),
        ("Will the Second Headline End With a Question Mark?", False),
        (None, True),
    ]
    assert listing.stories[0].excerpt == BODY
    assert listing.stories[1].excerpt == BODY
    assert (listing.date, listing.results) == (date(2026, 6, 15), Results(1, 3, 3))


def test_stories_become_entries_with_a_stable_identity() -> None:
    first, second, third = parse(TEXT).entries("Courier", NOW)
    assert first.identity == "Courier\nFirst Headline of the Page"
    assert third.identity.startswith("Courier\nThe agency said")
    linked = parse(page(card(1) + card(2))).entries("Courier", NOW)[0]
    assert linked.identity == "courier.example/2026/1"
    assert second.title.endswith("?")


@pytest.mark.parametrize(("body", "words"), [(b"", "empty"), (b" \0 ", "empty"), (b"%PDF-1.7 ...", "a file")])
def test_what_is_no_page_is_an_error(body: bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        parse_listing(body, content_type=None, url=URL)


@given(st.text(alphabet=st.sampled_from("<>/=\"' abcdivhtmlpra!-&;.…\n0é"), max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_markup_is_a_listing(junk: str) -> None:
    if junk.strip():
        parse(f"<html><body><div>{junk}</div>{card(1)}</body>")
        parse("x" + junk)


def test_the_gold_pages_are_read_without_a_miss() -> None:
    figures = listing_figures(require_shared_data() / "gold")
    assert figures["share_right"] == 1.0


def test_the_shared_feeds_are_read_as_well_as_promised() -> None:
    figures = feed_figures(require_shared_data() / "feeds")
    assert figures["crashes"] == []
    assert figures["share_met"] >= 0.99
