"""A feed's bytes → entries: RSS 0.9x to 2.0, RDF, Atom, JSON Feed, in any encoding, well-formed or nearly so.

fastfeedparser reads nearly everything (100,000 entries a second); where it fails or finds nothing, feedparser
(slow, forgiving) has the second word. Both answer in feedparser's shape, of which an ``outline`` reads as much as it
is asked for. What is well-formed UTF-8 goes to the fast library as it came; all else is decoded and mended before.
The caller runs this in a thread for big bodies.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime

import fastfeedparser

from bot.errors import FormatError
from bot.sources.decoding import decode
from bot.sources.feed_repair import inflate, mend
from bot.sources.json_feed import parse_json_feed
from bot.sources.links import clean_link
from bot.sources.outline import Raw, RawOutline, Surroundings
from bot.sources.plain_text import plain_line
from bot.sources.well_formed import parse_well_formed

MOST_ENTRIES = 10_000
_HEAD = 20_000  # characters: everything that a feed says about itself comes before its first entries
_TTL_MIN = re.compile(r"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(r"<sy:updatePeriod\b[^>]{0,100}>\s*(\w+)\s*</", re.IGNORECASE)
_FREQUENCY = re.compile(r"<sy:updateFrequency\b[^>]{0,100}>\s*(\d{1,4})\s*</", re.IGNORECASE)
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
# A base of an item's own is something that only feedparser minds.
_ITEM_BASE = re.compile(r"<(?:item|entry|link)\b[^>]{0,500}?\bxml:base\s*=")
_ROOT_BASE = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF|channel)\b[^>]{0,2000}?\bxml:base\s*=\s*[\"']([^\"']+)")
_LANGUAGE = re.compile(
    r"<(?:dc:)?language>\s*([A-Za-z]{2,3}(?:[-_]\w{1,8})*)\s*</|"
    r"<(?:rss|feed|rdf:RDF)\b[^>]{0,1000}?\bxml:lang\s*=\s*[\"']([A-Za-z]{2,3}(?:-\w{1,8})*)[\"']",
    re.IGNORECASE,
)
_FILLED = ("title", "link", "links", "published")
_MOST_PATIENCE = 500_000  # bytes; feedparser takes seconds for more, at every poll
_FIRST_ENTRY = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]")
_PERIODS_S = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed said. ``ttl_s`` is its own wish for the time between two polls; ``head`` is its beginning as text."""

    entries: tuple[RawOutline, ...]
    title: str | None = None
    language: str | None = None
    ttl_s: float | None = None
    head: str = ""


def parse_feed(
    body: bytes, *, content_type: str | None, base_url: str, source: str, now: datetime
) -> ParsedFeed:
    """Every entry of the feed, in its order, at most 10,000 of them.

    Raises FormatError if the body is empty, HTML, or anything else that is no feed. Entries that cannot be
    read are left out; a feed cut off in the middle yields what came before.
    """
    body = inflate(body)
    head = body[:_HEAD].decode("utf-8", "replace")
    raw = parse_well_formed(body, content_type)
    if raw is None:
        text = _decoded(body, content_type)
        head = text[:_HEAD]
        is_json = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
        raw = parse_json_feed(text) if is_json else _parse_xml(text, base_url)
    if any(_has_gap(entry) for entry in raw["entries"]) and len(body) < _MOST_PATIENCE:
        raw = _with_gaps_filled(raw, body, content_type, base_url)
    about = raw["feed"]
    preface = _before_entries(head)
    language = _language(preface) or about.get("language") or None
    around = Surroundings(_base(preface, base_url), source, now, language)
    return ParsedFeed(
        entries=tuple([RawOutline(entry, around) for entry in raw["entries"][:MOST_ENTRIES]]),
        title=plain_line(about.get("title") or "", limit=200) or None,
        language=language,
        ttl_s=_wish_s(preface),
        head=head,
    )


def _decoded(body: bytes, content_type: str | None) -> str:
    if not body.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FormatError("an empty page")
    return decode(body, content_type)


def _before_entries(head: str) -> str:
    """What a feed says about itself. Of a short one its end, too: some say it there."""
    first = _FIRST_ENTRY.search(head)
    if first is None:
        return head
    last = max(head.rfind("</item>"), head.rfind("</entry>"))
    return head[: first.start()] + (head[last:] if last > 0 and len(head) < _HEAD else "")


def _parse_xml(text: str, base_url: str) -> Raw:
    """The fast library's answer; the patient one's where that fails, finds nothing, or knows too little."""
    mended = _DECLARATION + mend(text).encode("utf-8", "replace")
    if _ITEM_BASE.search(text):
        return _patiently(mended, base_url)
    found = _quickly(mended)
    if not found and "<!DOCTYPE" not in text[:_HEAD]:
        found = _quickly(
            text.encode("utf-8", "replace")
        )  # it has remedies of its own for what is very broken
    return found or _patiently(mended, base_url)


def _quickly(document: bytes) -> Raw | None:
    """fastfeedparser's answer, if it has one with entries."""
    try:
        found = fastfeedparser.parse(document)
    except Exception:  # whatever a parser raises on a stranger's bytes, the other one is asked
        return None
    return {"feed": found.get("feed") or {}, "entries": found["entries"]} if found["entries"] else None


def _patiently(document: bytes, base_url: str) -> Raw:
    """feedparser's answer. Raises FormatError if this is no feed to it either."""
    import feedparser  # 60 ms to import, and most processes never need it

    try:
        found = feedparser.parse(
            io.BytesIO(
                document
            ),  # never the bytes themselves: they might be taken for an address or a file name
            response_headers={"content-location": base_url, "content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
        )
    except Exception as error:  # as above; here nobody is left to ask
        raise FormatError(f"a feed that cannot be read ({type(error).__name__})") from error
    if not found.get("version") and not found["entries"]:
        raise FormatError(_what_else(document))
    return {"feed": found.get("feed") or {}, "entries": found["entries"]}


def _has_gap(entry: Raw) -> bool:
    """Whether an entry lacks the two things that nearly every one has."""
    return not entry.get("title") or not (entry.get("link") or entry.get("links"))


def _with_gaps_filled(raw: Raw, body: bytes, content_type: str | None, base_url: str) -> Raw:
    """Titles and links that the fast library overlooked, from the patient one, if both see the same entries."""
    text = decode(body, content_type)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return raw
    try:
        patient = _patiently(_DECLARATION + mend(text).encode("utf-8", "replace"), base_url)["entries"]
    except FormatError:
        return raw
    if len(patient) != len(raw["entries"]):
        return raw
    pairs = zip(raw["entries"], patient, strict=True)
    return {
        "feed": raw["feed"],
        "entries": [_filled(*pair) if _has_gap(pair[0]) else pair[0] for pair in pairs],
    }


def _filled(entry: Raw, patient: Raw) -> Raw:
    known = {name: value for name, value in entry.items() if value}
    return {name: patient[name] for name in _FILLED if patient.get(name)} | known


def _what_else(document: bytes) -> str:
    return "a web page (HTML), not a feed" if b"<html" in document[:2000].lower() else "not a feed"


def _base(head: str, base_url: str) -> str:
    """What relative links are relative to: the root's xml:base, seen from the address of the feed."""
    match = _ROOT_BASE.search(head)
    return (clean_link(match[1], base_url) if match else None) or base_url


def _language(head: str) -> str | None:
    """The language of the feed as it says itself: ``<language>`` or the root's ``xml:lang``."""
    match = _LANGUAGE.search(head)
    return (match[1] or match[2]) if match else None


def _wish_s(head: str) -> float | None:
    """The longest of ``ttl`` (minutes) and ``sy:updatePeriod`` divided by its frequency."""
    wishes = []
    if match := _TTL_MIN.search(head):
        wishes.append(int(match[1]) * 60.0)
    if match := _PERIOD.search(head):
        frequency = _FREQUENCY.search(head)
        times = max(1, int(frequency[1])) if frequency else 1
        wishes.append(_PERIODS_S.get(match[1].lower(), 0) / times)
    return max(wishes, default=0.0) or None
