"""Markup → the plain text a person would read: tags dropped, entities decoded once, white space calm.

Titles and bodies from feeds, cells of listing pages and rates pages all come through here, so that after this
room everything is data: a ``<`` that is left is a less-than sign.
"""

from __future__ import annotations

import html
import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser

from bot.sources.nesting import levelled

_BLOCKS = (  # the usual ones first: they are looked for in this order, in every tag of every story
    "p|br|div|li|h[1-6]|tr|td|ul|ol|blockquote|figure|figcaption|table|section|article|header|footer|address|aside|"
    "caption|dd|dl|dt|fieldset|form|hr|main|marquee|nav|option|pre|tbody|tfoot|th|thead"
)
_BLOCK_EDGE = re.compile(rf"<(?=/?(?:{_BLOCKS})[\s/>])")
_SHOUTED = re.compile(r"</?[A-Z]")
_SHOUTED_EDGE = re.compile(_BLOCK_EDGE.pattern, re.IGNORECASE)
# Two links or spans that touch are drawn apart by the style sheet: a date beside a menu, a label beside a value.
_TOUCHING = re.compile(
    r"(</(?:a|span|time|button|label)>)(<(?:a|span|time|button|label)[\s>])", re.IGNORECASE
)
# In a line of text only what is a tag by name is a tag: "Orders < Plan" and "<and Wedding Photographers>" are
# words.
_INLINE = (
    f"{_BLOCKS}|a|abbr|acronym|audio|b|bdi|bdo|big|center|cite|code|data|del|dfn|em|font|i|iframe|img|ins|kbd|mark|"
    "nobr|q|rp|rt|ruby|s|samp|script|small|span|strike|strong|style|sub|sup|svg|time|tt|u|var|video|wbr"
)
# These are words, too ("the <object> of desire"), unless they say more than their name.
_RARE = "applet|base|button|canvas|embed|frame|frameset|input|label|link|map|meta|object|param|picture|source|track"
_TAG = re.compile(
    rf"<(?:/?(?:{_INLINE})(?:\s[^<>]*)?/?|(?:{_RARE})\s[^<>]*=[^<>]*|/(?:{_RARE})|!--.*?--)>",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNSEEN = ("script", "style", "template", "noscript", "iframe", "object", "svg", "head", "textarea", "select")
_NO_1252 = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
# The first two bytes of a letter in UTF-8, as Windows-1252 shows them.
_MUDDLED = re.compile("[\u00c2-\u00f4][\x80-\xbf\u0152-\u0192\u02c6-\u02dc\u2013-\u203a\u20ac\u2122]")
_BYTES_OF_1252 = {
    ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in _NO_1252
}
# Control characters and code points that no text has; direction marks stay, the message builder isolates
# them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def one_line(text: str) -> str:
    """White space collapsed to single spaces, control characters gone, letters composed (NFC)."""
    return " ".join(_composed(text).split())


def plain_line(markup: str, *, limit: int = 2000) -> str:
    """A title or other short text, HTML or not, as one plain line of at most ``limit`` characters."""
    text = markup[: limit * 8]
    if "<" in text:
        text = _TAG.sub(_gap, text)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    return one_line(text)[:limit].rstrip()


def unmuddled(text: str) -> str:
    """UTF-8 that was once taken for Windows-1252 and written again ("cafÃ©"), as it was before."""
    if not _MUDDLED.search(text):
        return text
    try:
        return text.translate(_BYTES_OF_1252).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def looks_like_html(text: str) -> bool:
    """Whether a string that may be plain or HTML carries a tag or an entity."""
    return ("<" in text and bool(_TAG.search(text))) or ("&" in text and bool(_ENTITY.search(text)))


def plain_text(markup: str) -> str:
    """A body that may or may not be HTML, as plain text: a line per block, no empty lines."""
    return tidy_lines(_text_of(markup) if looks_like_html(markup) else markup)


def page_text(markup: str) -> str:
    """A whole page as plain text: a line per block or part of a menu, scripts and the like left out."""
    return tidy_lines(_text_of(_TOUCHING.sub(r"\1\n\2", markup)))


def _text_of(markup: str) -> str:
    edge = _SHOUTED_EDGE if _SHOUTED.search(markup) else _BLOCK_EDGE
    tree = LexborHTMLParser(edge.sub("\n<", levelled(markup)))
    tree.strip_tags(list(_UNSEEN), recursive=True)
    root = tree.body or tree.root
    return root.text(separator="", strip=False) if root is not None else ""


def tidy_lines(text: str) -> str:
    """Each line like :func:`one_line`, empty ones dropped."""
    lines = [" ".join(line.split()) for line in _composed(text).splitlines()]
    return "\n".join(filter(None, lines))


def _composed(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _CONTROL.sub(" ", text) if _CONTROL.search(text) else text


def _gap(match: re.Match[str]) -> str:
    """A dropped tag leaves a space where it ended a block, nothing where it was within a word."""
    return " " if _SHOUTED_EDGE.match(match[0]) else ""
