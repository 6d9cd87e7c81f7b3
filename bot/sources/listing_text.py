"""A listing page as extracted text → its stories: a headline on a line of its own, running text on the next.

There are no links in such a page. What stands before the counter or before "Articles" belongs to the page.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.sources.dates import find_date
from bot.sources.listed import ListedStory
from bot.sources.listing_words import counter, excerpt_of, is_body, is_noise, is_role, is_section_head
from bot.sources.plain_text import one_line
from bot.sources.rates.ticker import ticker_lines

_LONGEST_HEADLINE = 300
_DATE_LINE = 40


def stories_of_text(text: str) -> Iterator[ListedStory]:
    """Every story of the page, from top to bottom."""
    headline: str | None = None
    for line in _story_lines([one_line(line) for line in text.splitlines()]):
        if is_body(line):
            if not (headline and is_role(headline)):
                excerpt, cut = excerpt_of(line)
                yield ListedStory(title=headline, link=None, excerpt=excerpt, truncated=cut)
            headline = None
        else:
            headline = line if len(line) <= _LONGEST_HEADLINE else None


def _story_lines(lines: list[str]) -> Iterator[str]:
    """The lines after the page's own head, without rates, dates and noise."""
    start = 0
    for number, line in enumerate(lines):
        if counter(line) or is_section_head(line):
            start = number + 1
    if not any(is_body(line) for line in lines[start:]):
        start = 0
    for line in lines[start:]:
        if not line or is_noise(line) or ticker_lines(line):
            continue
        if len(line) <= _DATE_LINE and find_date(line):
            continue
        yield line
