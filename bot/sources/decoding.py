"""Bytes as they came → text, by the most trustworthy hint first. Every format that reads text comes through
here.

The order: byte order mark, the HTTP charset, what the document says of itself (XML declaration, ``<meta
charset>``), then a guess by charset-normalizer. A hint that does not decode the bytes is a wrong hint: the
next one is asked. What is valid UTF-8 is UTF-8 whatever it is called: no other charset looks like it by chance.
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
# Python calls these encodings; no page is written in them on purpose.
_NO_CHARSETS = frozenset({"unicode-escape", "raw-unicode-escape", "utf-7", "idna", "punycode", "undefined"})
_WIDE = ("utf-16", "utf16", "utf-32", "utf32", "ucs")
_IN_DISGUISE = ("iso-2022", "iso2022", "csiso2022", "hz", "utf-7", "utf7")
_ASCII = bytes(range(128))
_LONGEST_LETTER = 4  # bytes
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
    return header.get_content_charset() or None


def is_in_disguise(charset: str) -> bool:
    """Whether a charset writes its letters in ASCII, so that bytes which seem to be UTF-8 are not."""
    return charset.lower().replace("_", "-").startswith(_IN_DISGUISE)


def _hints(body: bytes, content_type: str | None) -> Iterator[str]:
    for mark, charset in _BOMS:
        if body.startswith(mark):
            yield charset
    told = [charset_of(content_type), _UTF16_START.get(body[:2])]
    told += [
        match[1].decode("ascii")
        for pattern in (_DECLARED, _META)
        if (match := pattern.search(body[:_HEAD_BYTES]))
    ]
    believed = [charset for charset in told if charset and not _is_refuted(charset, body)]
    if not any(charset.lower().startswith(_WIDE) or is_in_disguise(charset) for charset in believed):
        yield "utf-8"  # nothing else looks like it by chance
    yield from believed
    yield "utf-8"
    if not _is_mostly_utf8(body[:_SAMPLE_BYTES]):
        yield from _guesses(body[:_SAMPLE_BYTES])


def _is_mostly_utf8(sample: bytes) -> bool:
    """Whether a few bad bytes do not change what the page is written in."""
    bad = sample.decode("utf-8", "replace").count("\ufffd")
    return 4 * bad < len(sample.translate(None, _ASCII))


def _is_refuted(charset: str, body: bytes) -> bool:
    """A page that calls itself UTF-16 in single bytes is not."""
    return charset.lower().startswith(_WIDE) and b"\0" not in body[:_HEAD_BYTES]


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
    name = _MEANT.get(charset.lower(), charset)
    if name.lower().replace("_", "-") in _NO_CHARSETS:
        return None
    try:
        return body.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if error.start < len(body) - _LONGEST_LETTER or not error.start:
            return None
        return body[: error.start].decode(name, errors="replace").removeprefix("\ufeff")
    except (LookupError, UnicodeError, ValueError):
        return None
