"""The fast lane of feeds: well-formed XML in UTF-8, as nearly all feeds are, read as it came by fastfeedparser.

Its native part reads only what is well-formed and hands back everything else, and that answer is all that is wanted
here. Times come as they were written: the library takes "10:00:00 +06:00" for Greenwich's time and 05.06.2026 for the
6th of May, :mod:`bot.sources.dates` does not. The native part is no public function: where a version of the library has
none, or another one, there is no fast lane, and every feed is mended first, with the same result.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastfeedparser import main as library
from lxml import etree  # type: ignore[import-untyped]

from bot.sources.decoding import charset_of, is_in_disguise

Raw = Mapping[str, Any]

MOST_ENTRIES = 10_000
"""What comes after them is left out."""

_DECLARATION = re.compile(
    rb"""<\?xml\b[^>]{0,300}?(?:encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]{0,200})?\?>\s*"""
)
_HEAD_BYTES = 4096
_FEW = 5  # entries: where a feed seems to have only so many, it is worth looking for more


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed in feedparser's shape. ``preface`` is the document without its entries, or the beginning of it."""

    entries: Sequence[Raw]
    preface: str
    title: str = ""
    language: str | None = None


def undeclared(body: bytes, content_type: str | None) -> bytes | None:
    """The document without byte order mark and XML declaration; None if its charset is UTF-8 by no stretch."""
    told = charset_of(content_type) or ""
    document = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if declaration := _DECLARATION.match(document):
        told += " " + (declaration[1] or b"").decode("ascii").lower()
        document = document[declaration.end() :]
    return None if any(map(is_in_disguise, told.split())) else document


def parse_well_formed(document: bytes) -> RawFeed | None:
    """The feed; None if it is not well-formed UTF-8, or not a feed with entries."""
    try:
        read = library._core.parse_entries
        found = read(document, dict, str, html.unescape, True, True, True, True)
    except Exception:  # whatever a parser raises on a stranger's bytes, there is another way
        return None
    if not isinstance(found, tuple) or not found[3]:
        return None
    _, _, about, entries = found
    if len(entries) < _FEW and document.count(b"<item") > 2 * len(entries):
        return None
    return RawFeed(entries[:MOST_ENTRIES], about.decode("utf-8", "replace"), _title(about))


def _title(about: bytes) -> str:
    root = etree.fromstring(about, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    if root is None:
        return ""
    found = root.find("{*}title") if root.find("{*}channel") is None else root.find("{*}channel/{*}title")
    return "" if found is None else "".join(found.itertext())
