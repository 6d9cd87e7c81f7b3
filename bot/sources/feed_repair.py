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
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}>")
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]{0,2000}(?:\[|>)", re.IGNORECASE)
_LOOSE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,31});)?"
)
# Tags that HTML never closes, written as HTML writes them.
_UNCLOSED = re.compile(
    r"<((?:br|hr|img|wbr)\b(?:\s[^<>]{0,2000})?)(?<!/)>(?!\s{0,20}</(?:br|hr|img|wbr)\b)", re.IGNORECASE
)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
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


def mend(text: str) -> str:
    """The text, fit for an XML parser that is told it is UTF-8."""
    text = _without_doctype(_DECLARATION.sub("", _ILLEGAL.sub("", text), count=1)).strip()
    return _outside_cdata(text) if _LOOSE.search(text) or _UNCLOSED.search(text) else text


def _without_doctype(text: str) -> str:
    """Both kinds: ``<!DOCTYPE rss …>`` and the one with definitions in brackets."""
    match = _DOCTYPE.search(text, 0, 5000)
    if not match:
        return text
    if match[0].endswith(">"):
        return text[: match.start()] + text[match.end() :]
    end = re.compile(r"\]\s{0,20}>").search(text, match.end())
    return text[: match.start()] + (text[end.end() :] if end else "")


def _outside_cdata(text: str) -> str:
    before, *rest = text.split(_CDATA)
    pieces = [_closed(before)]
    for piece in rest:
        inside, end, after = piece.partition(_CDATA_END)
        pieces += [_CDATA, inside, end, _closed(after)]
    return "".join(pieces)


def _closed(text: str) -> str:
    return _UNCLOSED.sub(r"<\1/>", _LOOSE.sub(_meant, text))


def _meant(match: re.Match[str]) -> str:
    """``&nbsp;`` is the space that it names; any other ampersand is an ampersand."""
    letter = html5.get(f"{match[1]};") if match[1] else None
    if letter is None:
        return "&amp;" + match[0][1:]
    return "".join(f"&#{ord(part)};" if part in _MARKUP else part for part in letter)
