"""The fast lane of feeds: what is well-formed XML in UTF-8, as nearly all feeds are, is read as it came.

Decoding and mending look at every character several times, which takes longer than fastfeedparser takes to read. Its
native part reads only what is well-formed and hands back everything else, and that answer is all that is wanted here.
It is no public function, though ``parse`` does little besides calling it: where a version has none, there is no fast
lane, and every feed is mended first, with the same result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastfeedparser import main as library

from bot.sources.decoding import charset_of

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_UTF8 = (None, "utf-8", "utf8")
_HEAD_BYTES = 4096
_BASE = re.compile(rb"<(?:item|entry|link)\b[^>]{0,500}?\bxml:base\s*=")

_COLON_IN_ZONE = re.compile(rb" [+-]\d\d:\d\d\s*$")

Read = Callable[..., Mapping[str, Any] | None]


def parse_well_formed(body: bytes, content_type: str | None) -> Mapping[str, Any] | None:
    """The feed in feedparser's shape; None if it has to be mended first, or asks for what only feedparser knows."""
    read: Read | None = getattr(library, "_parse_with_core", None)
    if read is None or not _is_utf8_by_its_word(body, content_type) or b"<!DOCTYPE" in body[:_HEAD_BYTES]:
        return None
    try:
        found = read(
            body.removeprefix(b"\xef\xbb\xbf").lstrip(),
            include_content=True,
            include_tags=True,
            include_media=True,
            include_enclosures=True,
        )
    except Exception:  # whatever a parser raises on a stranger's bytes, there is another way
        return None
    if not found or not found["entries"] or _needs_patience(found["entries"], body):
        return None
    return {"feed": found, "entries": found["entries"]}


def _is_utf8_by_its_word(body: bytes, content_type: str | None) -> bool:
    declared = _DECLARED.search(body[:_HEAD_BYTES])
    told = declared[1].decode("ascii").lower() if declared else None
    return charset_of(content_type) in _UTF8 and told in _UTF8


def _needs_patience(entries: Sequence[Mapping[str, Any]], body: bytes) -> bool:
    """Whether there are dates that the library cannot read, or links that start from a base of their item's own."""
    dated = all("published" in entry or "updated" in entry for entry in entries)
    absolute = all(str(entry.get("link")).startswith("http") for entry in entries)
    if (not dated and b"pubDate" in body) or (not absolute and bool(_BASE.search(body))):
        return True
    # The library takes "10:00:00 +06:00" for Greenwich's time; a feed that writes one date so writes all so.
    end = body.find(b"</pubDate>")
    return end > 0 and bool(_COLON_IN_ZONE.search(body[end - 8 : end]))
