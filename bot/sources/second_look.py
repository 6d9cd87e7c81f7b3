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
from bot.sources.well_formed import MOST_ENTRIES

Raw = Mapping[str, Any]
Element: TypeAlias = Any  # of lxml, which has no types

_TIMES = ("pubDate", "published", "issued", "date", "updated", "modified", "created", "lastmod")
_ENTRY = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>]")
_TITLE = re.compile(rb"<(?:\w{1,20}:)?title\b")
_LINK = re.compile(rb"<(?:\w{1,20}:)?link\b")
_TIME = re.compile(rf"<(?:\w{{1,20}}:)?(?:{'|'.join(_TIMES)})\b".encode())
_OWN_BASE = re.compile(rb"\bxml:base\s*=")
_PECULIAR_TITLE = re.compile(
    rb"<title\b(?:[^<>]{0,300}(?:base64|octet-stream|xhtml)|[^<>]{0,300}>[^<]*<(?!/title|!\[CDATA\[))"
)
_A_TIME = re.compile(rb"<(?:\w{1,20}:)?(?:pubDate|published|issued|date|updated)>([^<]{1,80})<")
_USUAL_TIME = re.compile(
    rb"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)|"
    rb"(?:[A-Z][a-z]{2}, )?\d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:GMT|UTC|[+-]\d{4})"
)
_SAMPLE_BYTES = 32 * 1024  # a feed's entries are made by one template: what one does, all do
_ALTERNATE = (None, "", "alternate", "http://www.iana.org/assignments/relation/alternate")
_LINE_ENDS = ("br", "p", "div", "li")
_DC_TITLE, _MEDIA_TITLE = "{http://purl.org/dc/elements/1.1/}title", "{http://search.yahoo.com/mrss/}title"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def is_doubtful(entries: Sequence[Raw], document: bytes) -> bool:
    """Whether entries lack what the document seems to have, or it does what the libraries do not know."""
    first = _ENTRY.search(document)
    start = first.start() if first else 0
    lacks = (
        (_TITLE, any(not entry.get("title") for entry in entries)),
        (_LINK, any(not entry.get("link") and not entry.get("links") for entry in entries)),
        (_TIME, not any((entry.get("published") or entry.get("updated") or "").strip() for entry in entries)),
        (_OWN_BASE, any(not str(entry.get("link")).startswith("http") for entry in entries)),
        (_PECULIAR_TITLE, True),
    )
    return any(
        is_lacking and bool(pattern.search(document, start, start + _SAMPLE_BYTES))
        for pattern, is_lacking in lacks
    ) or _picture_comes_first(document[start : start + _SAMPLE_BYTES])


def has_times(document: bytes) -> bool:
    """Whether anything in it is dated at all. Where nothing is, fastfeedparser takes a guid of "5" for the fifth."""
    return bool(_TIME.search(document))


def has_usual_times(document: bytes) -> bool:
    """Whether its first entry is dated in a way that every library reads rightly."""
    first = _ENTRY.search(document)
    time = _A_TIME.search(document, first.start(), first.start() + _SAMPLE_BYTES) if first else None
    return time is None or bool(_USUAL_TIME.fullmatch(time[1].strip()))


def looked_at_again(entries: Sequence[Raw], document: bytes, base: str) -> Sequence[Raw]:
    """The entries with title, link, times and id as the document has them; as they were if it is not theirs."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(document, parser, base_url=base)
    except (etree.XMLSyntaxError, ValueError):
        return entries
    elements = _elements(root)[:MOST_ENTRIES] if root is not None else []
    if len(elements) != len(entries):
        return entries
    has_bases = bool(_OWN_BASE.search(document))
    return [
        _joined(entry, element, _said(element, base, has_bases))
        for entry, element in zip(entries, elements, strict=True)
    ]


def _joined(entry: Raw, element: Element, said: dict[str, Any]) -> Raw:
    if not said.get("title") and not entry.get("title"):
        others = (*element.iterchildren(_DC_TITLE), *element.iter(_MEDIA_TITLE))
        said["title"] = next((text for part in others if (text := _text(part))), "")
    return {**entry, **said}


def _picture_comes_first(sample: bytes) -> bool:
    """Whether the first entry names a picture before itself."""
    picture = sample.find(b"<media:title")
    return picture > 0 and sample.find(b"<title", 0, picture) < 0


def _elements(root: Element) -> list[Element]:
    """Its entries, those within entries left out."""
    found = root.iterchildren("{*}entry") if _name(root) == "feed" else root.iter("{*}item")
    return [
        element for element in found if not any(_name(above) == "item" for above in element.iterancestors())
    ]


def _said(element: Element, base: str, has_bases: bool) -> dict[str, Any]:
    """What the entry says of itself: nothing that is missing or empty."""
    space = _space(element)
    own: dict[str, list[Element]] = {}
    times: dict[str, str] = {}
    for part in element.iterchildren(etree.Element):
        name = _name(part)
        if name in _TIMES and name not in times:
            times[name] = _time(part)
        elif _space(part) in (space, ""):  # not the title of its picture, not the id of its source
            own.setdefault(name, []).append(part)
    given = next((_text(part) for name in ("guid", "id") for part in own.get(name, ())), "")
    said: dict[str, Any] = {
        "title": next((_title(part) for part in own.get("title", ())), ""),
        "published": next((times[name] for name in _TIMES if times.get(name)), ""),
        "id": given or element.get(_RDF_ABOUT, "").strip(),
    }
    links = sorted(
        own.get("link", ()), key=lambda part: part.get("rel") is None
    )  # as the fast library has them
    if link := next(filter(None, (_link(part, base, has_bases) for part in links)), None) or _permalink(own):
        said |= {"link": link, "links": []}
    return {name: value for name, value in said.items() if value or name == "links"}


def _time(part: Element) -> str:
    """As it is written, or as markup within it says."""
    return next((said for child in part.iterchildren() if (said := child.get("datetime"))), "") or _text(part)


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


def _link(part: Element, base: str, has_bases: bool) -> str | None:
    """Where it leads, if that is the page: an alternate link of Atom, or the text of RSS."""
    if part.get("rel") not in _ALTERNATE:
        return None
    address = part.get("href") or _text(part)
    if address.startswith("http"):
        return str(address)
    return clean_link(address, (part.base if has_bases else None) or base)


def _permalink(own: Mapping[str, Sequence[Element]]) -> str | None:
    for part in own.get("guid", ()):
        if part.get("isPermaLink", "true") == "true" and _text(part).startswith("http"):
            return _text(part)
    return None


def _text(part: Element) -> str:
    return "".join(part.itertext()).strip()


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _space(element: Element) -> str:
    return element.tag[1:].partition("}")[0] if element.tag[:1] == "{" else ""
