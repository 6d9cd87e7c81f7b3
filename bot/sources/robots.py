"""What a site's robots.txt asks of those who read its pages by machine: the pause between two of them.

Parsing is Python's own (``urllib.robotparser``). Only ``Crawl-delay`` is read: feeds and APIs are made for machines,
and a listing page is there because the operator wrote its address down.
"""

from __future__ import annotations

import re
from urllib.robotparser import RobotFileParser

NAME = "briefing-bot"
LONGEST_S = 60.0
_MOST_BYTES = 500 * 1024  # what RFC 9309 (section 2.5) asks a crawler to read at least
_FRACTION = re.compile(r"^(\s*crawl-delay\s*:\s*\d{1,9})\.\d+", re.IGNORECASE | re.MULTILINE)


def crawl_delay_s(robots_txt: bytes) -> float:
    """The ``Crawl-delay`` for us or for everybody, at most a minute; 0 where there is none that can be read."""
    parser = RobotFileParser()
    rules = robots_txt[:_MOST_BYTES].decode("utf-8", "replace")
    try:
        parser.parse(_FRACTION.sub(_rounded_up, rules).splitlines())
        delay = parser.crawl_delay(NAME)
        return min(float(delay), LONGEST_S) if delay else 0.0
    except (ValueError, OverflowError):
        # The library trips over rules like "http://[" and over delays of four hundred digits.
        return 0.0


def _rounded_up(match: re.Match[str]) -> str:
    """The library overlooks fractions of a second, and with them the whole line."""
    rule, _, seconds = match[1].rpartition(":")
    return f"{rule}: {int(seconds) + 1}"
