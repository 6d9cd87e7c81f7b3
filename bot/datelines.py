"""The place and agency with which wire stories open: ``BISHKEK (TCA) —``, ``TORONTO, CA —``, ``BAKU, May 14,
Wire.``

It says where the reporter sat, not what the story is about: tagging must not count it, a summary must not
open with it.
"""

from __future__ import annotations

import re

_CAPITAL = r"[^\W\d_a-zа-яё]"
_TOWN = rf"{_CAPITAL}(?:{_CAPITAL}|['’‘\-–]){{1,24}}"
_PLACE = rf"(?:{_TOWN}(?:[ \-/]{_TOWN}){{0,3}})"
_REGION = r"(?:,\s+[A-Z][\w.]{1,20}(?:\s[A-Z][\w.]{1,20})?)"
_WHEN = r"(?:[.,]?\s+[A-ZА-Я][^\W\d_]{2,9}\.?\s+\d{1,2}(?:,?\s+\d{4})?)"
_AGENCY = r"(?:,?\s*\([^()\n]{2,40}\)|[,.]?\s+/?[A-Z][\w.]{1,15}(?:\s[A-Z][\w.]{1,15}){0,2}/?)"
_DASH = r"(?:\s*(?:--?|[—–―])\s+|\s*[—–―]\s*)"

_DATELINE = re.compile(
    rf"{_PLACE}{_REGION}?{_WHEN}?{_AGENCY}?{_DASH}|{_PLACE}{_REGION}?{_WHEN}{_AGENCY}?[.:]\s+|"
    rf"{_PLACE}\s*\([^()\n]{{2,40}}\)[.:,]?\s+|\([^()\n]{{2,40}}\)\s*[—–-]+\s*"
)
# Towns written like words, as Russian agencies do: "Астана. 5 мая. КазТАГ —", "Бишкек, 5 мая /Кабар/."
_AGENCY_STYLE = re.compile(
    r"[^\W\d_][\w\-/]{2,30}[.,]\s+\d{1,2}\s+[^\W\d_]{3,9}\.?,?\s*(?:\d{4}\s*(?:г\.?)?)?[.,]?\s*"
    r"(?:/[^/\n]{2,40}/|[^\W\d_][\w.]{1,15}(?:\s[^\W\d_][\w.]{1,15})?)?\s*[.—–-]+\s+"
)


def split_dateline(text: str) -> tuple[str, str]:
    """The dateline (empty if there is none) and the rest of the text."""
    start = len(text) - len(text.lstrip())
    match = _DATELINE.match(text, start) or _AGENCY_STYLE.match(text, start)
    if not match or match.end() >= len(text):
        return "", text
    return text[: match.end()], text[match.end() :]
