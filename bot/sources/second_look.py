"""Entries of which a feed library told too little or something doubtful, seen again with lxml.

The libraries read most feeds rightly and fast, but stop at markup within a title, take the title of a picture for the
story's, overlook a link that stands behind another one, know no base of an entry's own. What to look for is told by
:func:`is_doubtful`, cheaply; :func:`looked_at_again` says what the document says, and what it does not say stays.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]

from bot.sources.links import clean_link

Raw = Mapping[str, Any]
Element: TypeAlias = Any  # of lxml, which has no types

_PECULIAR_TITLE = re.compile(
    rb"<title\b(?:[^<>]{0,300}(?:base64|octet-stream|xhtml)|[^<>]{0,300}>[^<]*<(?!/title|!\[CDATA\[))"
)
_SAMPLE_BYTES = 64 * 1024  # a feed's entries are made by one template: what one does, all do
_TIMES = ("pubDate", "published", "issued", "date", "updated", "modified", "created", "lastmod")
_ALTERNATE = (None, "", "alternate", "http://www.iana.org/assignments/relation/alternate")
_LINE_ENDS = ("br", "p", "div", "li")
_OTHER_TITLES = ("{http://purl.org/dc/elements/1.1/}title", "{http://search.yahoo.com/mrss/}title")
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def is_doubtful(entries: Sequence[Raw], document: bytes) -> bool:
    """Whether entries lack what nearly every one has, or the document does what the libraries do not know."""
    if any(not entry.get("title") or not (entry.get("link") or entry.get("links")) for entry in entries):
        return True
    if not any("published" in entry or "updated" in entry for entry in entries):
        return True
    relative = any(not str(entry.get("link")).startswith("http") for entry in entries)
    if relative and b"xml:base" in document:
        return True
    return bool(_PECULIAR_TITLE.search(document, 0, _SAMPLE_BYTES)) or _picture_comes_first(document)


def looked_at_again(entries: Sequence[Raw], document: bytes, base: str) -> Sequence[Raw]:
    """The entries with title, link, times and id as the document has them; as they were if it is not theirs."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(document, parser, base_url=base)
    except (etree.XMLSyntaxError, ValueError):
        return entries
    elements = _elements(root) if root is not None else []
    if len(elements) != len(entries):
        return entries
    return [_joined(entry, element, base) for entry, element in zip(entries, elements, strict=True)]


def _joined(entry: Raw, element: Element, base: str) -> Raw:
    said = _said(element, base)
    if not said.get("title") and not entry.get("title"):
        said["title"] = next((text for part in element.iter(*_OTHER_TITLES) if (text := _text(part))), "")
    return {**entry, **said}


def _picture_comes_first(document: bytes) -> bool:
    """Whether the first entry names a picture before itself."""
    start = document.find(b"<item")
    picture = document.find(b"<media:title", start, start + _SAMPLE_BYTES) if start > 0 else -1
    return picture > 0 and not 0 < document.find(b"<title", start, picture) < picture


def _elements(root: Element) -> list[Element]:
    """Its entries, those within entries left out."""
    found = root.iterchildren("{*}entry") if _name(root) == "feed" else root.iter("{*}item")
    return [
        element for element in found if not any(_name(above) == "item" for above in element.iterancestors())
    ]


def _said(element: Element, base: str) -> dict[str, Any]:
    """What the entry says of itself: nothing that is missing or empty."""
    parts = list(_own(element))
    title = next((_title(part) for part in parts if _name(part) == "title"), "")
    time = next(
        (text for name in _TIMES for part in element.iterchildren(f"{{*}}{name}") if (text := _text(part))),
        "",
    )
    given = next((_text(part) for part in parts if _name(part) in ("guid", "id")), "") or element.get(
        _RDF_ABOUT, ""
    )
    said: dict[str, Any] = {"title": title, "published": time, "id": given.strip()}
    if link := _link(parts, base) or _permalink(parts):
        said |= {"link": link, "links": []}
    return {name: value for name, value in said.items() if value or name == "links"}


def _own(element: Element) -> Iterator[Element]:
    """Its children of its own kind: not the title of its picture, not the id of its source."""
    space = _space(element)
    for part in element:
        if isinstance(part.tag, str) and (_space(part) == space or not _space(part)):
            yield part


def _title(part: Element) -> str:
    """Its words, markup within them dropped; letters that went as base64 unpacked (Atom 0.3)."""
    text = "".join(_words(part))
    if part.get("mode") == "base64" or part.get("type") == "application/octet-stream":
        try:
            return base64.b64decode(text, validate=False).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return text
    return text


def _words(part: Element) -> Iterator[str]:
    yield part.text or ""
    for child in part:
        if _name(child) in _LINE_ENDS:
            yield " "
        yield from _words(child) if isinstance(child.tag, str) else ()
        yield child.tail or ""


def _link(parts: Sequence[Element], base: str) -> str | None:
    """The first that leads to the page: an alternate one of Atom, or a text of RSS."""
    for part in parts:
        if _name(part) != "link" or part.get("rel") not in _ALTERNATE:
            continue
        if link := clean_link(part.get("href") or _text(part), part.base or base):
            return link
    return None


def _permalink(parts: Sequence[Element]) -> str | None:
    for part in parts:
        if (
            _name(part) == "guid"
            and part.get("isPermaLink", "true") == "true"
            and _text(part).startswith("http")
        ):
            return clean_link(_text(part))
    return None


def _text(part: Element) -> str:
    return "".join(part.itertext()).strip()


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _space(element: Element) -> str:
    return element.tag[1:].partition("}")[0] if element.tag[:1] == "{" else ""
