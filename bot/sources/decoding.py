"""Bytes as they came → text, by the most trustworthy hint first. Every format that reads text comes through
here.

The order: byte order mark, the HTTP charset, what the document says of itself (XML declaration, ``<meta
charset>``), then a guess by charset-normalizer. A hint that does not decode the bytes is a wrong hint: the
next one is asked.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email.message import Message

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._-]+)""", re.IGNORECASE)
_HEAD_BYTES = 4096
# Left to itself the guesser takes French for Baltic: where several fit, the one in use fits better.
_LIKELY = ["cp1252", "cp1251", "koi8_r", "cp1254", "cp1256"]
_LITTLE_CHAOS = 0.1
_SAMPLE_BYTES = 64 * 1024

# What pages call one thing and mean another (WHATWG Encoding Standard): their bytes 0x80–0x9F are letters.
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}
_UTF16_START = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of ``body``; never raises. What no hint explains is UTF-8 with replacement characters."""
    for charset in _hints(body, content_type):
        text = _try(body, charset)
        if text is not None:
            return text
    return body.decode("utf-8", errors="replace")


def charset_of(content_type: str | None) -> str | None:
    """The ``charset`` parameter of a Content-Type header, lower case, or None."""
    if not content_type or "charset" not in content_type.lower():
        return None
    header = Message()
    header["content-type"] = content_type.replace("\n", " ").replace("\r", " ")
    return header.get_content_charset()


def _hints(body: bytes, content_type: str | None) -> Iterator[str]:
    for mark, charset in _BOMS:
        if body.startswith(mark):
            yield charset
    told = charset_of(content_type)
    if told:
        yield told
    if body[:2] in _UTF16_START:
        yield _UTF16_START[body[:2]]
    head = body[:_HEAD_BYTES]
    for pattern in (_DECLARED, _META):
        if match := pattern.search(head):
            yield match[1].decode("ascii")
    yield "utf-8"
    yield from _guesses(body[:_SAMPLE_BYTES])


def _guesses(sample: bytes) -> Iterator[str]:
    """charset-normalizer's opinion: of the few that the region and its neighbors write in, then of all."""
    likely = from_bytes(sample, cp_isolation=_LIKELY).best()
    if likely and likely.chaos <= _LITTLE_CHAOS:
        yield likely.encoding
    if guess := from_bytes(sample).best():
        yield guess.encoding
    if likely:
        yield likely.encoding


def _try(body: bytes, charset: str) -> str | None:
    """Strictly, but for one thing: a body cut in the middle of a letter is still in its charset."""
    try:
        decoder = codecs.getincrementaldecoder(_MEANT.get(charset.lower(), charset))()
        return decoder.decode(body).removeprefix("\ufeff")
    except (LookupError, UnicodeError, ValueError, AttributeError):
        return None
