"""What a feed calls itself: RSS 2.0, Atom 1.0, JSON Feed 1.1 … For ``briefing-bot check``. Pure."""

from __future__ import annotations

import re

_ROOT = re.compile(r"<(?:\w{1,20}:)?(rss|feed|RDF)\b([^>]{0,2000})", re.IGNORECASE)
_VERSION = re.compile(r"\bversion\s*=\s*[\"']([\w.]{1,10})[\"']")
_JSON_FEED = re.compile(r"jsonfeed\.org/version/([\d.]{1,5})")


def dialect(head: str) -> str:
    """The dialect by the beginning of the document; ``feed`` where it does not say."""
    if match := _JSON_FEED.search(head.replace("\\/", "/")):
        return f"JSON Feed {match[1]}"
    root = _ROOT.search(head)
    if root is None:
        return "JSON Feed" if head.lstrip("\ufeff \t\r\n").startswith("{") else "feed"
    version = _VERSION.search(root[2])
    match root[1].lower():
        case "rss":
            return f"RSS {version[1]}" if version else "RSS"
        case "feed":
            return "Atom 0.3" if version and version[1] == "0.3" else "Atom 1.0"
        case _:
            return "RSS 0.90" if "my.netscape.com" in head else "RSS 1.0"
