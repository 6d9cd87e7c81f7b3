"""From the text of a story to the sentences that a summary may quote: whole, clean, in their order.

Plain text comes in as a source gave it; what publishing leaves in it goes: datelines, bylines, caption codes,
picture credits, headings that lost their line ("Key Points Uzbekistan will cut…"). sentencex finds the ends.
:mod:`bot.briefing.summary` chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sentencex import segment

from bot.briefing.summary_subheads import Subheads
from bot.datelines import split_dateline

LONGEST_READ = 6000
"""What a story has to say is said by then."""

_CAPTION = re.compile(r"\[caption\b[^\]]*\].*?(?:\[/caption\]|$)", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(r"\[/?[a-z_]+(?:\s[^\]]*)?\]")
_CUT = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|…|\.{3})\s*$")
_CREDIT = re.compile(
    r"^\W*(?:photo|image|picture|video|source|foto|фото|видео|сурет|сүрөт|аксу?|surat|read (?:more|also)|see also|"
    r"also read|continue reading|related|читайте также|opinion|tca)\s*(?:by\b.*|credit\b.*)?[:/|©]",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"^(?:(?:we use cookies|share this|follow us|subscribe to our|sign up (?:for|to)|all rights reserved|"
    r"(?:media|press) contact|for more information|click here|the post .* appeared first|все права защищены|"
    r"подпи(?:сывайтесь|шитесь) на|следите за|барлық құқықтар|бардык укуктар|barcha huquqlar)\b|"
    r"об этом (?:сообщ|пиш|говор|заяв|стало известно)[^,:;]{0,110}$)",
    re.IGNORECASE,
)
"""What a page says about itself, and a sentence that only says who told."""

_BYLINE = re.compile(
    r"(?:By|Автор:?|Reporting by|Written by|Edited by)(?:\s+[^\W\d_a-zа-яё][\w.’'\-]+){1,4}(?:\s*[,|–—-]\s.{0,60})?"
)
_LEADING_BYLINE = re.compile(
    r"By (?:[A-Z][\w.’'\-]+ ){2,3}(?:(?:in|for) [A-Z]\w+ )?[|•—–-]\s*|By [A-Z][a-z’'\-]+ [A-Z][a-z’'\-]+\s+(?=[A-Z]{3})"
)
_WHOLE = re.compile(r"[.!?。؟।][\"'”’»)\]]*$")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:Dr|Mr|Mrs|Ms|St|No|Prof|Gov|Sen|Gen|vs|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|[A-ZА-Я]|гг?|им|ул|тыс|млн|млрд)\.$"
)
_CYRILLIC = re.compile("[Ѐ-ӿ]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A whole sentence and where it stands: ``place`` counts sentences, ``paragraph`` paragraphs."""

    text: str
    place: int
    paragraph: int


def sentences(title: str, text: str) -> tuple[Sentence, ...]:
    """The whole sentences of a story in their order."""
    text = _CODE.sub(" ", _CAPTION.sub("\n", text[:LONGEST_READ])) if "[" in text else text[:LONGEST_READ]
    text = ending_with_ellipsis(text)
    language = "ru" if len(_CYRILLIC.findall(text[:400])) > 60 else "en"
    paragraphs = (_headless(" ".join(line.split()), title) for line in text.split("\n"))
    blocks = [list(_split(line, language)) for line in paragraphs if line]
    subheads = Subheads(title, [sentence for block in blocks for sentence in block])
    found: list[Sentence] = []
    for number, block in enumerate(block for block in blocks if not _is_furniture(block)):
        for sentence in _cleaned(block, subheads):
            found.append(Sentence(sentence, len(found), number))
    return tuple(found)


def ending_with_ellipsis(text: str) -> str:
    """A text that was cut off ("…in Astana [...]"), with the usual sign for it."""
    return _CUT.sub("…", text)


def is_whole(sentence: str) -> bool:
    """Whether the text ends where a sentence does."""
    return bool(_WHOLE.search(sentence)) and not _ABBREVIATED.search(sentence)


def _split(line: str, language: str) -> Iterator[str]:
    """Sentences of one paragraph; what ends in an abbreviation or in a quotation's middle is joined again."""
    pending = ""
    for piece in segment(language, line):
        pending = f"{pending} {piece.strip()}".strip()
        if not _ABBREVIATED.search(pending):
            yield pending
            pending = ""
    if pending:
        yield pending


def _headless(line: str, title: str) -> str:
    """A paragraph without what stands before its first sentence: the headline again, a byline, a dateline."""
    if title and line.startswith(title):
        line = line[len(title) :].lstrip(" .:—–-|")
    return split_dateline(_LEADING_BYLINE.sub("", line, count=1))[1].lstrip(" -–—•·")


def _cleaned(block: list[str], subheads: Subheads) -> Iterator[str]:
    for sentence in map(subheads.without, block):
        if is_whole(sentence) and not _CREDIT.match(sentence) and not _FURNITURE.match(sentence):
            yield sentence


def _is_furniture(block: list[str]) -> bool:
    """Whether a paragraph is none: a byline, a credit."""
    if len(block) != 1:
        return False
    line = block[0]
    return bool(_BYLINE.fullmatch(line.rstrip(".")) or _CREDIT.match(line))
