"""Secrets out of texts: what a person or a log will see comes through here first.

A text goes in and comes out with bot tokens, passwords inside addresses, and the secrets that the caller
knows replaced by ``***``. The settings' error lines, the logs and the health report use it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

HIDDEN = "***"

SHORTEST_KNOWN = 4
"""Known secrets shorter than this are left alone: hiding every "a" would hide the log, not the secret."""

_BOT_TOKEN = r"(?<!\d)\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}"
_USER_INFO = r"(?<=://)[^\s/?#\\\"'<>]*@"
_PASSWORD_PARAMETER = r"(?:(?<=[?&]password=)|(?<=[?&]sentinel_password=))[^&\s\\\"'<>]+"


def redactor(known: Iterable[str] = ()) -> Callable[[str], str]:
    """Make the function that hides what looks like a secret, and every ``known`` one, however escaped."""
    spellings = {
        spelling for secret in known if len(secret) >= SHORTEST_KNOWN for spelling in _spellings(secret)
    }
    exact = [re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True)]
    pattern = re.compile(
        "|".join([_BOT_TOKEN, *exact, _PASSWORD_PARAMETER, f"(?P<user_info>{_USER_INFO})"]), re.I
    )

    def hide(found: re.Match[str]) -> str:
        return f"{HIDDEN}@" if found["user_info"] else HIDDEN

    return lambda text: pattern.sub(hide, text)


def _spellings(secret: str) -> set[str]:
    """The secret as it stands in a text, in a URL and in a Python ``repr``; and each of these within JSON."""
    plain = {secret, quote(secret, safe=""), repr(secret)[1:-1]}
    return plain | {
        json.dumps(text, ensure_ascii=escaped)[1:-1] for text in plain for escaped in (True, False)
    }
