"""JSON Feed (jsonfeed.org, versions 1 and 1.1) → the shape that ``feed_entry`` reads.

Here rather than from a library because the values need a suspicious eye: real files carry numbers for ids,
null for lists, and objects for names.
"""

from __future__ import annotations

from typing import Any

import orjson

from bot.errors import FormatError
from bot.sources.well_formed import MOST_ENTRIES, RawFeed

_HEAD = 2000  # characters: where a JSON Feed says that it is one


def parse_json_feed(text: str) -> RawFeed:
    """The feed in feedparser's shape. Raises FormatError for JSON that is no JSON Feed."""
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FormatError("JSON that breaks off or is not valid") from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise FormatError("JSON, but not a JSON Feed")
    title, language = (data[key] if isinstance(data.get(key), str) else "" for key in ("title", "language"))
    entries = [_entry(item) for item in data["items"][:MOST_ENTRIES] if isinstance(item, dict)]
    return RawFeed(entries, text[:_HEAD], title, language or None)


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    attachments = item.get("attachments")
    return {
        "id": item.get("id"),
        "title": item.get("title"),
        "link": item.get("url") or item.get("external_url"),
        "content": [{"value": item.get(key)} for key in ("content_html", "content_text")],
        "summary": item.get("summary"),
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
        "tags": [{"term": tag} for tag in _strings(item.get("tags"))],
        "image": item.get("image") or item.get("banner_image"),
        "language": item.get("language"),
        "enclosures": [
            {"url": attachment.get("url"), "type": attachment.get("mime_type")}
            for attachment in (attachments if isinstance(attachments, list) else ())
            if isinstance(attachment, dict)
        ],
    }


def _strings(value: object) -> list[str]:
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []
