"""Lists of terms and their descriptions (``<dl>``), as some sites write their news → every pair in a ``<div>``.

There the parts of a story stand side by side, and nothing holds them together. HTML allows a ``<div>`` around a pair,
and then a story is a card like any other. Pure, markup in and out, linear in the length.
"""

from __future__ import annotations

import re

_LIST = re.compile(
    r"(<dl\b[^>]{0,2000}>)((?:(?!<dl\b|</dl).){1,300000})(</dl\s*>)", re.IGNORECASE | re.DOTALL
)
_TERM = re.compile(r"(?=<dt\b)", re.IGNORECASE)
_DESCRIPTION = re.compile(r"(?=<dd\b)", re.IGNORECASE)
_LINK = re.compile(r"<a\b", re.IGNORECASE)


def paired(markup: str) -> str:
    """The page with a ``<div>`` around each pair, where a list has several."""
    return _LIST.sub(_pairs, markup) if "<dl" in markup or "<DL" in markup else markup


def _pairs(found: re.Match[str]) -> str:
    opening, inside, closing = found.groups()
    before, *terms = _TERM.split(inside)
    if len(terms) < 2:
        return found[0]
    return opening + before + "".join(map(_pair, terms)) + closing


def _pair(term: str) -> str:
    """One story; or, under a term that only dates them, several."""
    head, *descriptions = _DESCRIPTION.split(term)
    if len(descriptions) < 2 or _LINK.search(head):
        return f"<div>{term}</div>"
    return "".join(f"<div>{head}{description}</div>" for description in descriptions)
