"""A feed's bytes → entries: RSS 0.9x to 2.0, RDF, Atom, JSON Feed, in any encoding, well-formed or nearly so.

fastfeedparser reads nearly everything (100,000 entries a second); where it fails or finds nothing, feedparser
(slow, forgiving) has the last word. Both answer in feedparser's shape, of which an ``outline`` reads as much as it
is asked for. What is well-formed UTF-8 goes to the fast library as it came; all else is decoded, and mended if that is
not enough. What the library is known to overlook is looked at again. The caller runs this in a thread for big bodies.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from datetime import datetime

import fastfeedparser

from bot.errors import FormatError
from bot.sources.decoding import decode
from bot.sources.feed_repair import inflate, mend
from bot.sources.json_feed import parse_json_feed
from bot.sources.links import clean_link
from bot.sources.outline import RawOutline, Surroundings
from bot.sources.plain_text import plain_line
from bot.sources.second_look import has_times, has_usual_times, is_doubtful, looked_at_again
from bot.sources.well_formed import MOST_ENTRIES, RawFeed, parse_well_formed, undeclared

_HEAD = 20_000  # characters: everything that a feed says about itself comes before its first entries
_TTL_MIN = re.compile(r"<ttl>\s*(\d{1,15})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(r"<sy:updatePeriod\b[^>]{0,100}>\s*(\w+)\s*</", re.IGNORECASE)
_FREQUENCY = re.compile(r"<sy:updateFrequency\b[^>]{0,100}>\s*(\d{1,4})\s*</", re.IGNORECASE)
_ROOT_BASE = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF|channel)\b[^>]{0,2000}?\bxml:base\s*=\s*[\"']([^\"']+)")
_LANGUAGE = re.compile(
    r"<(?:dc:)?language>\s*([A-Za-z]{2,3}(?:[-_]\w{1,8})*)\s*</|"
    r"<(?:rss|feed|rdf:RDF)\b[^>]{0,1000}?\bxml:lang\s*=\s*[\"']([A-Za-z]{2,3}(?:-\w{1,8})*)[\"']",
    re.IGNORECASE,
)
_WORTH_COUNTING = 2_000_000  # bytes; a smaller feed has no room for more entries than memory has
_MOST_TAGS = 500_000  # a feed of 10 MB has half of them; a tree of more takes hundreds of megabytes
_MOST_PATIENCE = 500_000  # bytes; feedparser takes seconds for more, at every poll
_MOST_PATIENT_TAGS = 50_000
_LIKE_A_FEED = re.compile(rb"<(?:\w{1,20}:)?(?:rss|feed|rdf|channel|item|entry)[\s>]", re.IGNORECASE)
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
    raw = _read(inflate(body), content_type, base_url)
    preface = raw.preface[:_HEAD]
    language = _language(preface) or raw.language
    around = Surroundings(_base(preface, base_url), source, now, language)
    return ParsedFeed(
        entries=tuple([RawOutline(entry, around) for entry in raw.entries[:MOST_ENTRIES]]),
        title=plain_line(raw.title, limit=200) or None,
        language=language,
        ttl_s=_wish_s(preface),
        head=preface,
    )


def _read(body: bytes, content_type: str | None, base_url: str) -> RawFeed:
    """As it came; decoded; mended; by whoever else can read it."""
    if len(body) > _WORTH_COUNTING and _is_overfull(body):
        raise FormatError("a feed with more in it than anybody wrote")
    document = undeclared(body, content_type)
    found = parse_well_formed(document) if document else None
    if document is None or found is None:
        text = _decoded(body, content_type)
        if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
            return parse_json_feed(text)
        document, found = _decoded_or_mended(text, document)
        if found is None:
            return _patiently(document, base_url)
    if is_doubtful(found.entries, document):
        return replace(found, entries=looked_at_again(found.entries, document, base_url))
    return found


def _is_overfull(body: bytes) -> bool:
    tags = body.count(b"<")
    most_entries = 5 * MOST_ENTRIES
    return tags > _MOST_TAGS or (tags > most_entries < body.count(b"<item") + body.count(b"<entry"))


def _decoded_or_mended(text: str, refused: bytes | None) -> tuple[bytes, RawFeed | None]:
    """The feed, if it can be read fast, and the document that it was read from."""
    decoded = undeclared(text.encode("utf-8", "replace"), None) or b""
    if not _LIKE_A_FEED.search(decoded):
        raise FormatError(_what_else(decoded))
    found = parse_well_formed(decoded) if decoded != refused else None
    if found is None and b"<rdf:RDF" in decoded[:_HEAD]:
        found = _quickly(decoded, "")  # the native part reads no RDF, well-formed or not
    if found:
        return decoded, found
    document = mend(text)
    found = parse_well_formed(document) if document not in (refused, decoded) else None
    return document, found or _quickly(document, text)


def _decoded(body: bytes, content_type: str | None) -> str:
    if not body.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FormatError("an empty page")
    if b"\0\0\0\0" in body[:1000] and body.lstrip()[:1] not in (b"<", b"{", b"["):
        raise FormatError("not a text, so not a feed")
    return decode(body, content_type)


def _before_entries(document: bytes) -> str:
    """What a feed says about itself. Of a short one its end, too: some say it there."""
    head = document[:_HEAD].decode("utf-8", "replace")
    first = _FIRST_ENTRY.search(head)
    if first is None:
        return head
    last = max(head.rfind("</item>"), head.rfind("</entry>"))
    return head[: first.start()] + (head[last:] if last > 0 and len(document) < _HEAD else "")


def _quickly(document: bytes, text: str) -> RawFeed | None:
    """fastfeedparser's answer to what is not well-formed, if it has one; it has remedies of its own, too."""
    for attempt in (document, text.encode("utf-8", "replace")):
        try:
            found = fastfeedparser.parse(attempt)
        except Exception:  # whatever a parser raises on a stranger's bytes, the other one is asked
            continue
        if found["entries"]:
            about = found.get("feed") or {}
            entries = found["entries"]
            if not has_times(document):
                entries = [{**entry, "published": None} for entry in entries]
            elif not has_usual_times(document):
                entries = looked_at_again(entries, document, "")
            return RawFeed(
                entries, _before_entries(document), about.get("title") or "", about.get("language") or None
            )
        if "<!DOCTYPE" in text[:_HEAD]:
            return None
    return None


def _patiently(document: bytes, base_url: str) -> RawFeed:
    """feedparser's answer. Raises FormatError if this is no feed to it either."""
    document = document[:_MOST_PATIENCE]
    if document.count(b"<") > _MOST_PATIENT_TAGS:
        raise FormatError("a feed that cannot be read (too many tags)")
    import feedparser  # 60 ms to import, and most processes never need it

    try:
        found = feedparser.parse(
            # Never the bytes themselves: they might be taken for an address or a file name.
            io.BytesIO(document),
            response_headers={"content-location": base_url, "content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
        )
    except Exception as error:  # as above; here nobody is left to ask
        raise FormatError(f"a feed that cannot be read ({type(error).__name__})") from error
    if not found.get("version") and not found["entries"]:
        raise FormatError(_what_else(document))
    about = found.get("feed") or {}
    entries = [{**entry, "enclosures": entry.get("enclosures")} for entry in found["entries"]]
    return RawFeed(
        entries, _before_entries(document), about.get("title") or "", about.get("language") or None
    )


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
