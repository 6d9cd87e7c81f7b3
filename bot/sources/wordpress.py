"""The ``wordpress`` format: the posts of a site's REST API (``/wp-json/wp/v2/posts``) → entries.

Richer than the same site's feed: categories by name, the featured picture, times in UTC, and ``modified_gmt``: what
plugins put around the words changes with every visit, a post only when it is edited. The shape is that of the WordPress
REST API handbook, "Posts"; ``_embed`` brings names and pictures along.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from bot.errors import FormatError
from bot.sources.decoding import decode
from bot.sources.outline import RawOutline, Surroundings
from bot.sources.plain_text import plain_line

_ROUTE = "/wp-json/wp/v2/posts"
_ASKED = {"_embed": "wp:term,wp:featuredmedia", "per_page": "30"}
_MOST_POSTS = 1000


def posts_url(url: str) -> str:
    """The address of the posts, for an operator who wrote it, or only the site's: with names and pictures asked for."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    given = {name for name, _ in query}
    path = parts.path
    if "/wp-json/" not in path and "rest_route" not in given:
        path = path.rstrip("/") + _ROUTE
    query += [(name, value) for name, value in _ASKED.items() if name not in given]
    return urlunsplit(parts._replace(path=path, query=urlencode(query, safe=":,")))


def parse_posts(
    body: bytes, *, content_type: str | None, base_url: str, source: str, now: datetime
) -> tuple[RawOutline, ...]:
    """The posts of one answer. Raises FormatError if it is no list of posts; WordPress's own words where it has any."""
    try:
        data = orjson.loads(decode(body, content_type))
    except orjson.JSONDecodeError as error:
        raise FormatError("not the JSON of a WordPress site") from error
    if isinstance(data, dict) and isinstance(data.get("message"), str):
        raise FormatError(f"WordPress says: {plain_line(data['message'], limit=200)}")
    if not isinstance(data, list):
        raise FormatError("JSON, but no list of WordPress posts")
    posts = [_raw(post) for post in data[:_MOST_POSTS] if isinstance(post, dict) and "title" in post]
    around = Surroundings(base_url, source, now)
    return tuple(RawOutline(post, around) for post in posts)


def _raw(post: dict[str, Any]) -> dict[str, Any]:
    """A post in the shape of a feed's item."""
    embedded = post.get("_embedded")
    embedded = embedded if isinstance(embedded, dict) else {}
    published = post.get("date_gmt")
    return {
        "id": _rendered(post.get("guid")),
        "title": _rendered(post.get("title")),
        "link": post.get("link"),
        "published": f"{published}Z" if isinstance(published, str) else post.get("date"),
        "edited": post.get("modified_gmt"),
        "content": [{"value": _rendered(post.get("content"))}],
        "summary": _rendered(post.get("excerpt")),
        "tags": [{"term": name} for name in _term_names(embedded.get("wp:term"))],
        "image": next((media["source_url"] for media in _dicts(embedded.get("wp:featuredmedia"))
                       if isinstance(media.get("source_url"), str)), None),
    }  # fmt: skip


def _term_names(groups: object) -> list[str]:
    """Categories and tags by name; "Uncategorized" is what WordPress calls having none."""
    terms = [term for group in (groups if isinstance(groups, list) else ()) for term in _dicts(group)]
    return [name for term in terms if isinstance(name := term.get("name"), str) and name != "Uncategorized"]


def _rendered(field: object) -> str:
    value = field.get("rendered") if isinstance(field, dict) else field
    return value if isinstance(value, str) else ""


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
