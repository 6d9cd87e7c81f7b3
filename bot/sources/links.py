"""Addresses of stories: made absolute, freed of tracking, and brought into one spelling for comparison. Pure.

``clean_link`` is what a reader gets to tap, ``canonical_link`` only what two mentions of one page have in
common.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

_LONGEST = 2000  # characters; what is longer is no address of a story, and Telegram would not link it

# Parameters that say where the reader came from, never what is read.
_TRACKING = re.compile(
    r"(?:utm_\w+|at_(?:medium|campaign|custom\d)|ns_\w+|mc_[ce]id|pk_\w+|mtm_\w+|hsa_\w+|_hs\w+|wt_mc|wt\.mc_id|"
    r"fbclid|gclid|dclid|gbraid|wbraid|yclid|ysclid|msclkid|twclid|igshid|igsh|ttclid|srsltid|_openstat|"
    r"cmpid|ito|xtor|spm|ref_src|ref_url|soc_src|soc_trk|guccounter)",
    re.IGNORECASE,
)
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


def clean_link(link: str | None, base: str | None = None) -> str | None:
    """The http(s) address of ``link`` seen from ``base``, without tracking parameters; None if it is none."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        joined = urljoin(base or "", _UNSAFE.sub(lambda match: quote(match[0]), link.strip()))
        parts = urlsplit(joined)
        parts.port  # noqa: B018 (reading it is what checks it)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or len(joined) > _LONGEST:
        return None
    return urlunsplit(parts._replace(query=_without_tracking(parts)))


def canonical_link(link: str) -> str:
    """One spelling for all addresses of the same page; for comparison, not for tapping.

    What only looks like an address (a guid may say anything) is its own spelling.
    """
    try:
        parts = urlsplit(link)
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return link
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    path = re.sub(r"/(?:amp|feed|index\.(?:html?|php))?/*$", "", parts.path)
    query = urlencode(sorted(parse_qsl(_without_tracking(parts), keep_blank_values=True)))
    return f"{host}{port}{path}" + (f"?{query}" if query else "")


def _without_tracking(parts: SplitResult) -> str:
    """The query as it was, less the parameters that track; pieces that stay keep their spelling."""
    if not parts.query:
        return ""
    pieces = parts.query.split("&")
    return "&".join(piece for piece in pieces if not _TRACKING.fullmatch(piece.partition("=")[0]))
