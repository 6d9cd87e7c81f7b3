"""Names in Cyrillic letters → about the Latin letters in which English texts write them, for comparison only."""

from __future__ import annotations

import re

_LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "қ": "q", "ғ": "gh", "ҳ": "h", "ӯ": "u", "ӣ": "i", "ҷ": "j", "ң": "ng", "ө": "o", "ү": "u", "ұ": "u",
        "ә": "a", "і": "i", "ў": "o", "һ": "h",
    }
)  # fmt: skip


_SOUNDS = str.maketrans(
    {"y": "i", "j": "i", "o": "u", "e": "i", "h": None, "w": "v", "q": "k", "x": "k", "'": None}
)
_DOUBLED = re.compile(r"(.)\1")
_HEARD = 6


def sound_of(name: str) -> str:
    """About how the beginning of a name in Latin letters sounds: ``issyk`` and ``yssyk`` are one lake."""
    return _DOUBLED.sub(r"\1", name.translate(_SOUNDS))[:_HEARD]


def in_latin(name: str) -> str:
    """``бишкек`` → ``bishkek``; Latin letters stay."""
    return name if name.isascii() else name.translate(_LETTERS)
