"""The small words of listing pages, whatever their theme: counters, "read more", author boxes, empty pages,
spam.

Shared by the reader of text pages and the reader of HTML pages. Pure functions of a line of text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.sources.boilerplate import without_boilerplate
from bot.sources.dates import find_date
from bot.sources.relative_time import is_relative_time

_COUNTER = re.compile(
    r"(?:\b(?:viewing|showing|displaying|results?|stories|articles|posts|показан\w*|результат\w*|материал\w*)\b"
    r"\s*:?\s*){1,4}"
    r"(\d[\d,. ]*?)\s*[-–—]\s*(\d[\d,. ]*?)\s+(?:of|out of|from|из)\s+(?:about\s+)?(\d[\d,. ]*\d|\d)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?…][\"”»’)\]]*\s*$")
_SENTENCE_ENDS = re.compile(r"[.!?…][\"”»’)\]]*(?:\s|$)")
_CUT = re.compile(r"(?:\.{3}|…|\[\s*(?:\.{3}|…)\s*\])[\"”»’)]*\s*$")
_NOTHING = re.compile(
    r"nothing (?:was )?found|no (?:results|posts|articles|stories) (?:were )?found|nothing matched|"
    r"can[’']?t find what you|ничего не найдено|not found\b.{0,20}$",
    re.IGNORECASE,
)
_BOX = re.compile(
    r"^\W*(?:subscribe|sign up|donate|support (?:our|us\b|independent)|©|log ?in\b|подпи(?:шитесь|сывайтесь))|"
    r"\b(?:our|weekly|daily|free) newsletter|leave your (?:e-?mail )?address|(?:to|in) your inbox|"
    r"all rights reserved|(?:we|site) uses? cookies|cookie policy|нашу рассылку",
    re.IGNORECASE,
)
# The link farms that break into news sites; a story about a casino is a story.
_SPAM = re.compile(
    r"\bdeneme (?:bonusu?|kodu)|\bbonusu?\b.{0,60}\bgiri[sş]|\bcasino (?:siteleri|bonus)|\bcasibom|\bbahis siteleri|"
    r"\bslot (?:gacor|online|siteleri)|\b1xbet|\bbuy (?:viagra|cialis)|\bonline casino.{0,60}bonus|казино онлайн",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:senior |staff |chief |freelance |contributing |guest )*"
    r"(?:journalist|editor|reporter|author|writer|correspondent|columnist|contributor|analyst|photographer|biography|bio|"
    r"about(?: the author| us| this site| me)?)",
    re.IGNORECASE,
)
LONGEST_DATE = 40
"""Characters; a longer line that names a day tells something of it."""
_SHORTEST_DATE = 4
_FIGURE = re.compile(r"\d")
_CLOCK = re.compile(r"\d\d?:\d\d")
_SECTION = re.compile(
    r"(?:latest |all |more |recent )*(?:articles|stories|posts|news)(?: by .{1,60})?:?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Results:
    """A counter as printed: results ``first`` to ``last`` of ``total``; pages print nonsense like "1 - 6 of 2"."""

    first: int
    last: int
    total: int


def counter(text: str) -> Results | None:
    """The first counter of a page ("Viewing results 1 - 6 of 15")."""
    match = _COUNTER.search(text)
    if not match:
        return None
    first, last, total = (int(re.sub(r"\D", "", number)) for number in match.groups())
    return Results(first, last, total)


def is_body(line: str) -> bool:
    """Whether a line is running text: it ends like a sentence, and is long or has several of them."""
    line = excerpt_of(line)[0]
    if len(line) < 50 or not _ENDS.search(line):
        return False
    if len(line) < 220 and _is_headline_case(line):
        return False
    return len(line) >= 100 or len(_SENTENCE_ENDS.findall(line)) >= 2


def is_noise(line: str) -> bool:
    """Whether a line belongs to the page and not to a story: empty-page messages, newsletter boxes, spam."""
    return bool(_NOTHING.search(line) or _SPAM.search(line) or (len(line) < 300 and _BOX.search(line)))


def is_date_line(line: str) -> bool:
    """Whether a line only says when: a date, a time of day, "2 hours ago"."""
    if not _SHORTEST_DATE <= len(line) <= LONGEST_DATE:
        return False
    has_figures = bool(_FIGURE.search(line))
    return is_relative_time(line) or (has_figures and bool(_CLOCK.fullmatch(line) or find_date(line)))


def is_role(line: str) -> bool:
    """Whether a line says what somebody is ("Journalist"): what follows is a biography, no story."""
    return len(line) < 60 and bool(_ROLE.fullmatch(line.strip(" :—–-")))


def is_section_head(line: str) -> bool:
    """Whether a line only announces stories ("Articles", "Latest news")."""
    return len(line) < 80 and bool(_SECTION.fullmatch(line.strip()))


def excerpt_of(text: str) -> tuple[str, bool]:
    """An excerpt without captions and "read more", and whether it was cut off by an ellipsis."""
    excerpt = without_boilerplate(" ".join(text.split()))
    return excerpt, bool(_CUT.search(excerpt))


def _is_headline_case(line: str) -> bool:
    words = [word for word in line.split() if word[:1].isalpha() and len(word) > 3]
    return len(words) >= 4 and sum(word[0].isupper() for word in words) >= 0.8 * len(words)
