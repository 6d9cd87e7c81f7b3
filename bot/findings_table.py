"""The findings of ``briefing-bot check`` as a table for a terminal of any width, or for a file. Pure."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

from bot.checkup import Finding

_HEADINGS = ("", "name", "format", "items", "newest", "s", "seen")
_WIDEST_NAME = 44
_WIDEST_FORMAT = 30
_ROOMY = 100  # columns; below that, dates are shorter
_NARROWEST_WORDS = 24


def table(findings: Sequence[Finding], columns: int | None = None) -> str:
    """All findings, aligned: a mark, name, format, items, newest, seconds, and what was seen or is wrong.

    ``columns`` is the width of the terminal: what was seen is cut there, what is wrong goes on below. None: as wide as
    it takes.
    """
    rows = [_cells(finding, columns or 1000) for finding in findings]
    widths = [max(map(_width, column)) for column in zip(_HEADINGS[:-1], *rows, strict=True)]
    indent = sum(widths) + 2 * len(widths)
    left = None if columns is None else max(columns - indent, _NARROWEST_WORDS)
    lines = [_line(_HEADINGS[:-1], widths, _HEADINGS[-1])]
    for finding, cells in zip(findings, rows, strict=True):
        first, *more = _words(finding, left)
        lines.append(_line(cells, widths, first))
        lines += [" " * indent + line for line in more]
    return "\n".join(lines)


def _cells(finding: Finding, columns: int) -> tuple[str, ...]:
    """The row without its last cell."""
    day = "%d %b" if columns < _ROOMY else "%Y-%m-%d %H:%M"
    return (
        "✓" if finding.well else "✗",
        _shortened(_visible(finding.name), min(max(columns // 4, 22), _WIDEST_NAME)),
        _shortened(_visible(finding.kind), min(max(columns // 7, 14), _WIDEST_FORMAT)),
        "" if finding.items is None else str(finding.items),
        finding.newest.strftime(day) if finding.newest else "",
        f"{finding.took_s:.1f}",
    )


def _line(cells: Sequence[str], widths: Sequence[int], words: str) -> str:
    padded = [cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join((*padded, words)).rstrip()


def _words(finding: Finding, left: int | None) -> list[str]:
    words = _visible(finding.words)
    if left is None:
        return [words]
    if finding.well:
        return [_shortened(words, left)]
    return textwrap.wrap(words, left) or [""]


def _shortened(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while _width(text) >= width:
        text = text[:-1]
    return text + "…"


def _visible(text: str) -> str:
    """One line of what can be seen: a stranger's title must not move the cursor, nor turn the line around."""
    return "".join(letter for letter in " ".join(text.split()) if unicodedata.category(letter)[0] != "C")


def _width(text: str) -> int:
    """How many columns a terminal needs: letters of East Asia take two, accents none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
