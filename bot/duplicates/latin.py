"""Names in Cyrillic letters → about the Latin letters in which English texts write them, for comparison only."""

from __future__ import annotations

_LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "қ": "q", "ғ": "gh", "ҳ": "h", "ӯ": "u", "ӣ": "i", "ҷ": "j", "ң": "ng", "ө": "o", "ү": "u", "ұ": "u",
        "ә": "a", "і": "i", "ў": "o", "һ": "h",
    }
)  # fmt: skip


def in_latin(name: str) -> str:
    """``бишкек`` → ``bishkek``; Latin letters stay."""
    return name if name.isascii() else name.translate(_LETTERS)
