"""The REST API of a WordPress site. Real answers lie in the shared folder; these are invented."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest

from bot.errors import FormatError
from bot.model import FeedEntry
from bot.sources.wordpress import parse_posts, posts_url
from tests.shared_data import require_shared_data
from tests.sources.conftest import NOW

POST = {
    "id": 7,
    "guid": {"rendered": "https://c.example/?p=7"},
    "link": "https://c.example/dam/",
    "title": {"rendered": "A Dam &#038; a Road"},
    "excerpt": {"rendered": "<p>Short [&hellip;]</p>"},
    "content": {"rendered": "<p>The dam is full.</p>", "protected": False},
    "date": "2026-06-15T15:00:00",
    "date_gmt": "2026-06-15T10:00:00",
    "_embedded": {
        "wp:term": [[{"name": "Energy"}, {"name": "Uncategorized"}], [{"name": "dams"}], None],
        "wp:featuredmedia": [{"code": "rest_forbidden"}, {"source_url": "https://c.example/dam.jpg"}],
    },
}


def parse(data: object) -> tuple[FeedEntry, ...]:
    posts = parse_posts(
        orjson.dumps(data), content_type=None, base_url="https://c.example/", source="C", now=NOW
    )
    return tuple(post.whole() for post in posts)


def test_a_post_is_read_with_names_and_picture() -> None:
    assert parse([POST]) == (
        FeedEntry(
            identity="https://c.example/?p=7",
            title="A Dam & a Road",
            link="https://c.example/dam/",
            published=datetime(2026, 6, 15, 10, tzinfo=UTC),
            text="The dam is full.",
            categories=("Energy", "dams"),
            image_url="https://c.example/dam.jpg",
        ),
    )


def test_odd_posts_do_not_spoil_the_others() -> None:
    odd = [
        None,
        3,
        {},
        {"title": None},
        {"title": {"rendered": 5}, "_embedded": []},
        {**POST, "content": None},
    ]
    assert [entry.title for entry in parse(odd)] == ["", "", "A Dam & a Road"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"code": "rest_no_route", "message": "No route was found"}, "WordPress says: No route"),
        ({"items": []}, "no list"),
        ("text", "no list"),
    ],
)
def test_what_is_no_list_of_posts_is_said_in_words(data: object, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        parse(data)


def test_the_address_may_be_the_sites_or_that_of_the_posts() -> None:
    asked = "_embed=wp:term,wp:featuredmedia&per_page=30"
    assert posts_url("https://c.example/") == f"https://c.example/wp-json/wp/v2/posts?{asked}"
    exact = "https://c.example/wp-json/wp/v2/posts?categories=7&per_page=5"
    assert posts_url(exact) == f"{exact}&_embed=wp:term,wp:featuredmedia"


def test_real_answers_are_read() -> None:
    for path in (require_shared_data() / "wordpress").glob("*posts*.json"):
        entries = parse_posts(
            path.read_bytes(), content_type=None, base_url="https://c.example/", source="C", now=NOW
        )
        assert entries
        assert all(entry.title and entry.link and entry.published for entry in entries)
