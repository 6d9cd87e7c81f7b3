"""The only place that writes Telegram markup.

Everything that people read is built from the few functions here. :data:`Html` is a type of its own, so that
the type checker sees text that was not escaped: plain ``str`` goes in through :func:`text` (or the
placeholders of :func:`fill`), and whatever it contains arrives as plain text. The markup is the HTML style
of the Bot API (core.telegram.org/bots/api#html-style).
"""

from __future__ import annotations

import html as standard_html
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NewType
from urllib.parse import urlsplit

Html = NewType("Html", str)
"""Markup that Telegram accepts."""

LONGEST_MESSAGE = 4096
"""Telegram's limit for a message, in UTF-16 units after its markup is read."""

EMPTY = Html("")
ELLIPSIS = "…"

# Control characters but the line feed, halves of surrogate pairs, and explicit directional formatting (UAX #9, 2):
# one stray override would turn the rest of the message round.
_HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
# Where Unicode keeps the scripts that are written from right to left.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_TAG = re.compile(r"<[^<>]*>")


def clean(raw: str) -> str:
    """Remove what no reader should get: control characters, direction overrides, halves of surrogate pairs.

    Line ends of every kind become ``\\n``; tabs become spaces. Letters of right-to-left scripts stay as
    they are.
    """
    return _HARMFUL.sub("", _LINE_ENDS.sub("\n", raw).replace("\t", " "))


def one_line(raw: str) -> str:
    """Clean a title or a name: all white space, line ends included, becomes single spaces."""
    return " ".join(clean(raw).split())


def text(raw: str) -> Html:
    """Make any text safe to stand in a message."""
    return Html(standard_html.escape(clean(raw)))


def bold(inner: Html) -> Html:
    """Set in bold."""
    return _wrapped("b", inner)


def italic(inner: Html) -> Html:
    """Set in italics."""
    return _wrapped("i", inner)


def code(raw: str) -> Html:
    """Set in a fixed-width face; tapping it copies it."""
    return _wrapped("code", text(raw))


def quote(inner: Html) -> Html:
    """Set as a quotation."""
    return _wrapped("blockquote", inner)


def folded_quote(inner: Html) -> Html:
    """Set as a quotation of which long ones show three lines until they are tapped."""
    return Html(f"<blockquote expandable>{inner}</blockquote>") if inner else EMPTY


def link(inner: Html, url: str | None) -> Html:
    """Link to a web page; without one (or with an address that is none) the text stands alone."""
    if not inner or url is None or not is_web_address(url):
        return inner
    return Html(f'<a href="{standard_html.escape(clean(url))}">{inner}</a>')


def is_web_address(url: str) -> bool:
    """Whether Telegram opens this as a web page: http(s), with a host, without white space."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)


def isolated(raw: str) -> Html:
    """Make a foreign text safe and keep its writing direction to itself.

    A title with right-to-left letters is put between FSI and PDI (UAX #9, 2.7), so that it cannot reorder
    what stands beside it.
    """
    safe = text(raw)
    return Html(f"\u2068{safe}\u2069") if _RIGHT_TO_LEFT.search(safe) else safe


def joined(separator: str, parts: Iterable[Html]) -> Html:
    """Join the parts that are not empty."""
    return Html(str(text(separator)).join(part for part in parts if part))


def fill(template: str, **values: Html) -> Html:
    """Put markup into the ``{placeholders}`` of a (translated) phrase; the phrase itself is plain text."""
    return Html(text(template).format(**values))


def plain(markup: str) -> str:
    """Read markup back: the text that a person sees."""
    return standard_html.unescape(_TAG.sub("", markup))


def visible_length(markup: str) -> int:
    """Count a message as Telegram does: UTF-16 units, after tags and entities are read."""
    return utf16_length(plain(markup))


def utf16_length(raw: str) -> int:
    """Count UTF-16 units: letters beyond the basic plane (flags, most emoji) count two."""
    return len(raw) if raw.isascii() else len(raw.encode("utf-16-le", "surrogatepass")) // 2


def shortened(raw: str, limit: int) -> str:
    """Shorten a line to at most ``limit`` UTF-16 units, at the end of a word, with an ellipsis.

    Meant for titles; what has no space near its end (one enormous word, Chinese) is cut between letters.
    """
    if utf16_length(raw) <= limit:
        return raw
    kept, room = [], limit - utf16_length(ELLIPSIS)
    for char in raw:
        room -= utf16_length(char)
        if room < 0:
            break
        kept.append(char)
    start = "".join(kept)
    at_word = start if raw[len(start)].isspace() else start.rpartition(" ")[0]
    best = at_word if len(at_word) > len(start) * 0.6 else start
    return best.rstrip(" ,;:.!?–—-") + ELLIPSIS


def fitting(parts: Sequence[Html], assemble: Callable[[Sequence[Html], int], Html]) -> Html:
    """Assemble as many ``parts`` as one message can hold, from the first on.

    ``assemble(shown, hidden)`` builds the whole message from the parts shown and the number left out.
    Nothing is ever cut: a message becomes shorter by saying less.
    """
    for count in range(len(parts), 0, -1):
        message = assemble(parts[:count], len(parts) - count)
        if visible_length(message) <= LONGEST_MESSAGE:
            return message
    return assemble((), len(parts))


def _wrapped(tag: str, inner: Html) -> Html:
    return Html(f"<{tag}>{inner}</{tag}>") if inner else EMPTY
