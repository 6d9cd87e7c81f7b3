"""One item in feedparser's shape → a :class:`FeedEntry`: plain text, absolute link, aware time, stable
identity.

Both feed libraries and the JSON Feed reader answer in that shape. Values are taken with suspicion: a field
may be missing, of another type, or a megabyte long. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.model import FeedEntry
from bot.sources.boilerplate import without_boilerplate
from bot.sources.dates import not_in_future, parse_time
from bot.sources.links import canonical_link, clean_link
from bot.sources.plain_text import plain_line, plain_text, unmuddled

LONGEST_TITLE = 1000
LONGEST_TEXT = 20_000
_LONGEST_MARKUP = 200_000
_MOST_CATEGORIES = 20
_NOT_THE_PAGE = ("self", "enclosure", "replies", "edit", "hub", "license", "via", "related")
_IMAGE = re.compile(r"<img\b[^>]{0,1000}?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_DATETIME = re.compile(r"\bdatetime\s*=\s*[\"']([^\"']{1,60})")
_PIXEL = re.compile(r"\b(?:width|height)\s*=\s*[\"']?[01](?:px)?[\"'\s>]", re.IGNORECASE)

Raw = Mapping[str, Any]


def read_entry(raw: Raw, *, base: str, source: str, now: datetime, language: str | None = None) -> FeedEntry:
    """The entry, as far as it goes: title, link, text may each be missing."""
    title = title_of(raw)
    link = link_of(raw, base)
    bodies = list(bodies_of(raw))
    text = max((_plain(body) for body in bodies), key=len, default="")
    return FeedEntry(
        identity=given_id(raw) or fallback_identity(title, link, text, source),
        title=title,
        link=link,
        published=published_of(raw, now),
        text=text,
        categories=_categories(raw),
        image_url=_image(raw, bodies, link or base),
        language=_text(raw.get("language")) or language,
    )


def title_of(raw: Raw) -> str:
    """The headline as one plain line."""
    return plain_line(unmuddled(_text(raw.get("title"))), limit=LONGEST_TITLE)


def given_id(raw: Raw) -> str:
    """The id that the source gives; empty if it gives none."""
    return _text(raw.get("id"))[:1000].strip()


def fallback_identity(title: str, link: str | None, text: str, source: str) -> str:
    """For items without an id: what else tells this story from all others, and stays when it is edited."""
    return canonical_link(link) if link else f"{source}\n{title or text[:200]}"


def published_of(raw: Raw, now: datetime) -> datetime | None:
    """The first of its times that can be read."""
    for key in ("published", "updated", "created", "date"):
        written = _text(raw.get(key)).strip()
        if written[:1] == "<" and (markup := _DATETIME.search(written)):
            written = markup[1]
        if moment := parse_time(written):
            return not_in_future(moment, now)
    return None


def link_of(raw: Raw, base: str) -> str | None:
    """The page to read: an alternate link, else ``link`` (maybe the entry's own feed), any link, or the id."""
    links = [link for link in _list(raw.get("links")) if isinstance(link, Mapping)]
    alternate = [link.get("href") for link in links if link.get("rel") in (None, "alternate")]
    others = [link.get("href") for link in links if link.get("rel") not in _NOT_THE_PAGE]
    own_id = _text(raw.get("id"))
    for address in (*alternate, raw.get("link"), *others, own_id if own_id.startswith("http") else None):
        if link := clean_link(_text(address), base):
            return link
    return None


def bodies_of(raw: Raw) -> Iterator[str]:
    """Its texts as they came: HTML, plain, or empty."""
    for content in _list(raw.get("content")):
        if isinstance(content, Mapping):
            yield _text(content.get("value"))
    for key in ("description", "summary"):
        yield _text(raw.get(key))


def _plain(body: str) -> str:
    return without_boilerplate(plain_text(unmuddled(body[:_LONGEST_MARKUP])))[:LONGEST_TEXT]


def _categories(raw: Raw) -> tuple[str, ...]:
    terms = (
        plain_line(_text(tag.get("label") or tag.get("term")), limit=100)
        for tag in _list(raw.get("tags"))[:_MOST_CATEGORIES]
        if isinstance(tag, Mapping)
    )
    return tuple(dict.fromkeys(term for term in terms if term))


def _image(raw: Raw, bodies: Sequence[str], base: str) -> str | None:
    """The story's picture: what the feed declares, else the first in its text that is no counting pixel."""
    for key in ("media_content", "media_thumbnail", "enclosures"):
        for item in _list(raw.get(key)):
            if not isinstance(item, Mapping) or not _is_image(item, key):
                continue
            if url := clean_link(_text(item.get("url") or item.get("href")), base):
                return url
    if url := clean_link(_text(raw.get("image")), base):
        return url
    for body in bodies:
        for match in _IMAGE.finditer(body[:_LONGEST_MARKUP]):
            tag_end = body.find(">", match.end())
            if not _PIXEL.search(body[match.start() : tag_end + 1]) and (url := clean_link(match[1], base)):
                return url
    return None


def _is_image(item: Raw, key: str) -> bool:
    kind = f"{item.get('type') or ''} {item.get('medium') or ''}"
    return key == "media_thumbnail" or "image" in kind or (key == "media_content" and not kind.strip())


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()
