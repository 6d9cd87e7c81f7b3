"""What a site's robots.txt asks of those who read its pages by machine: the pause between two of them.

Parsing is Python's own (``urllib.robotparser``). Only ``Crawl-delay`` is read: feeds and APIs are made for machines,
and a listing page is there because the operator wrote its address down.
"""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

NAME = "briefing-bot"
LONGEST_S = 60.0
_MOST_LINES = 2000


def crawl_delay_s(robots_txt: bytes) -> float:
    """The ``Crawl-delay`` for us or for everybody, at most a minute; 0 where there is none that can be read."""
    parser = RobotFileParser()
    try:
        parser.parse(robots_txt.decode("utf-8", "replace").splitlines()[:_MOST_LINES])
        delay = parser.crawl_delay(NAME)
        return min(float(delay), LONGEST_S) if delay else 0.0
    except (ValueError, OverflowError):
        # The library trips over rules like "http://[" and over delays of four hundred digits.
        return 0.0
