"""Markup that is nested deeper, or holds more tags, than any page does → the same words, before a parser sees it.

A parser looks through all open elements at nearly every tag, so that 50,000 nested ``<div>`` take it ten seconds, and
ten times as many take minutes. Browsers stop at a depth of 512, and so does this. Pure, linear in the length.
"""

from __future__ import annotations

import re
from itertools import islice

DEEPEST = 512
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea)\b.*?(?:</\1|\Z)|<(/?)([a-z][^\s/>]{0,40})[^>]{0,5000}>?",
    re.IGNORECASE | re.DOTALL,
)
# These do not nest: they hold nothing, or the next one ends them.
_VOID = "area base br col embed hr img input link meta param source track wbr"
_FLAT = frozenset(f"{_VOID} p li dt dd option tr td th thead tbody script style textarea".split())


def levelled(markup: str) -> str:
    """The markup without the tags of what lies deeper than 512 elements; the text within them stays."""
    if markup.count("<") <= DEEPEST:
        return markup
    depth = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal depth
        _, closing, name = match.groups()
        if name is None or name.lower() in _FLAT:
            return match[0]
        if closing:
            depth = max(depth - 1, 0)
            return match[0] if depth < DEEPEST else " "
        depth += 1
        return match[0] if depth <= DEEPEST else " "

    return _TAG.sub(kept, markup)


def shortened(markup: str, most_tags: int) -> str:
    """The markup up to so many tags, those within scripts not counted."""
    if markup.count("<") <= most_tags:
        return markup
    tags = (match for match in _TAG.finditer(markup) if match[3] is not None)
    surplus = next(islice(tags, most_tags, None), None)
    return markup if surplus is None else markup[: surplus.start()]
