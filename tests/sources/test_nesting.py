"""No page is so deep that reading it takes longer than it is worth."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.listing import parse_listing
from bot.sources.nesting import DEEPEST, levelled, shortened
from bot.sources.plain_text import page_text, plain_text


@given(st.text(alphabet="<>/abdivp \n", max_size=300))
def test_what_is_not_deep_stays_as_it_is(markup: str) -> None:
    assert levelled(markup) == markup


def test_a_long_page_of_ordinary_depth_stays_as_it_is() -> None:
    page = "<ul>" + "<li><div><a href='/x'>One</a><br><img src='/i'></div>" * 5000 + "</ul>"
    assert levelled(page) == page


def test_less_than_in_a_script_opens_nothing() -> None:
    page = (
        "<div><script>"
        + "for(i=0;i<n;i++);" * 2000
        + "</script><!--"
        + "<b>" * 2000
        + "--></div><p><b>One</b>"
    )
    assert levelled(page) == page


def test_a_page_of_too_many_tags_ends_before_the_first_too_many() -> None:
    page = "<script>" + "a<b;" * 50 + "</script>" + "<p>x</p>" * 20
    assert shortened(page, 10) == page[: page.index("<p>")] + "<p>x</p>" * 5
    assert shortened(page, 40) == page


def test_words_in_the_deep_are_kept_and_what_follows_is_at_its_old_depth() -> None:
    page = "<i>" * 2000 + "deep" + "</i>" * 2000 + "<p>after</p>"
    flat = levelled(page)
    assert flat.count("<i>") == flat.count("</i>") == DEEPEST
    assert page_text(flat).split() == ["deep", "after"]


@pytest.mark.parametrize(
    "tag", ["div", "span", "a href=/x", "table", "b", "svg", "x-y", "DIV", "script", "!--", "p", "ul><li"]
)
def test_half_a_megabyte_of_open_tags_takes_no_time_to_speak_of(tag: str) -> None:
    page = f"<{tag}>" * (500_000 // (len(tag) + 2)) + "<p>The end.</p>"
    begun_s = time.process_time()
    parse_listing(page.encode(), content_type="text/html", url="https://a.example/")
    assert ("The end." in plain_text(page)) == (tag != "script")
    assert time.process_time() - begun_s < 10
