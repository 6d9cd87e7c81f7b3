"""What publishing systems put around a story and no reader wants: captions, "Continue reading", "appeared
first on".

Plain text in, plain text out; whole lines or whole formulas go, a sentence of the story never does. Used on
every text that a source gives, whatever its format.
"""

from __future__ import annotations

import re

_CAPTION = re.compile(r"\[caption\b[^\]]{0,1000}\].{0,2000}?\[/caption\]\s*", re.DOTALL | re.IGNORECASE)
_SHORTCODE = re.compile(
    r"\[/?(?:caption|embed|gallery|audio|video|playlist|vc_\w+|et_pb_\w+)\b[^\]]{0,1000}\]\s*"
)
_FIRST_ON = re.compile(
    r"\b(?:The post|Сообщение|Запись|Статья)\s.{0,600}?"
    r"\b(?:appeared first on|first appeared on|появил(?:ась|ось|ся)(?: сначала)? на)\s.{0,200}$",
    re.DOTALL | re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:continue reading|read (?:more|on|the full (?:story|article)|full (?:story|article))|"
    r"more\s*(?:»|›|→|&raquo;)|(?:читать|читайте) (?:далее|дальше|полностью)|подробнее|толығырақ|батафсил|"
    r"davomini o[ʻ'‘`]qish|batafsil|giňişleýin)\b"
    r"\s*(?:[\"“«‘].{0,300}[\"”»’]|→|»|›|\.{3}|…|:|of\s.{0,200})?\s*[\])]?\s*$",
    re.IGNORECASE,
)


def without_boilerplate(text: str) -> str:
    """The story's own words."""
    if "[" in text:
        text = _SHORTCODE.sub("", _CAPTION.sub("", text))
    text = text.rstrip()
    for formula, length in ((_FIRST_ON, 1200), (_MORE, 400)):
        if match := formula.search(text, max(0, len(text) - length)):
            text = text[: match.start()].rstrip(" \n\t[(")
    return text.strip()
