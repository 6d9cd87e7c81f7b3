"""What is done to a feed's text before an XML parser sees it, so that a small mistake does not cost the whole
feed.

Nothing here reads XML: characters that no XML may hold go, the document type goes (with every entity bomb
that it could define), named HTML entities and bare ampersands become what their author meant, line
breaks of HTML are closed. Text in CDATA is left
alone. Linear in the length of the text, whatever it holds.
"""

from __future__ import annotations

import re
import zlib
from html.entities import html5

from bot.errors import FormatError

_MOST_BYTES = 10 * 1024 * 1024
_ILLEGAL = bytes(set(range(0x20)) - set(b"\t\n\r"))
_NO_LETTERS = ("\ufffe", "\uffff")  # XML forbids these, too; lone surrogates do not come through encoding
_DECLARATION = re.compile(rb"<\?xml\b[^>]{0,500}>")
_DOCTYPE = re.compile(rb"<!DOCTYPE\b[^\[>]{0,2000}(?:\[|>)", re.IGNORECASE)
_DEFINITIONS_END = re.compile(rb"\]\s{0,20}>")
_LOOSE = re.compile(
    rb"&(?!lt;|gt;|(?:amp|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,31});)?"
)
# Tags that HTML never closes, written as HTML writes them.
_UNCLOSED = re.compile(
    rb"<((?:br|hr|img|wbr)\b(?:\s[^<>]{0,2000})?)(?<!/)>(?!\s{0,20}</(?:br|hr|img|wbr)\b)", re.IGNORECASE
)
_MOST_MISTAKES = 100_000  # what holds more is left as it is: mending it would take ten times its size
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_MARKUP = frozenset("<>&\"'")


def inflate(body: bytes) -> bytes:
    """A gzip file that no header announced, unpacked to 10 MB at most; any other body as it is."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(body, _MOST_BYTES)
    except zlib.error as error:
        raise FormatError("a gzip file that is damaged") from error
    if unpacker.unconsumed_tail:
        raise FormatError("a gzip file that unpacks to more than 10 MB")
    return unpacked


def mend(text: str) -> bytes:
    """The text in UTF-8 without a declaration, fit for an XML parser."""
    for letter in _NO_LETTERS:
        text = text.replace(letter, "")
    document = text.encode("utf-8", "replace").translate(None, _ILLEGAL)
    document = _without_doctype(_DECLARATION.sub(b"", document, count=1)).strip()
    return _outside_cdata(document) if _LOOSE.search(document) or _UNCLOSED.search(document) else document


def _without_doctype(document: bytes) -> bytes:
    """Both kinds: ``<!DOCTYPE rss …>`` and the one with definitions in brackets."""
    match = _DOCTYPE.search(document, 0, 5000)
    if not match:
        return document
    if match[0].endswith(b">"):
        return document[: match.start()] + document[match.end() :]
    end = _DEFINITIONS_END.search(document, match.end())
    return document[: match.start()] + (document[end.end() :] if end else b"")


def _outside_cdata(document: bytes) -> bytes:
    before, *rest = document.split(_CDATA)
    pieces = [_closed(before)]
    for piece in rest:
        inside, end, after = piece.partition(_CDATA_END)
        pieces += [_CDATA, inside, end, _closed(after)]
    return b"".join(pieces)


def _closed(document: bytes) -> bytes:
    return _UNCLOSED.sub(rb"<\1/>", _LOOSE.sub(_meant, document, count=_MOST_MISTAKES), count=_MOST_MISTAKES)


def _meant(match: re.Match[bytes]) -> bytes:
    """``&nbsp;`` is the space that it names; any other ampersand is an ampersand."""
    letter = html5.get(f"{match[1].decode()};") if match[1] else None
    if letter is None:
        return b"&amp;" + match[0][1:]
    return "".join(f"&#{ord(part)};" if part in _MARKUP else part for part in letter).encode()
