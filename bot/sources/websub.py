"""WebSub (W3C Recommendation, 2018) as far as a subscriber needs it: who is the hub, and is a notice really from it.

Pure. The role :mod:`bot.roles.hubs` asks the hub, the HTTP server hears it (:mod:`bot.http.websub`). A notice only
makes a source due at once: what is new is read by the usual poll, so that one way into the store is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.sources.links import clean_link

LEASE_S = 10 * 86_400
"""What is asked of a hub; it may grant another."""

_LINK = re.compile(r"<(?:\w+:)?link\b([^>]{0,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(rel|href)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_HASHES = ("sha1", "sha256", "sha384", "sha512")


@dataclass(frozen=True, slots=True)
class Hub:
    """Who announces a feed, and under which address of its own the hub knows it."""

    url: str
    topic: str


def hub_of(head: str, base: str, link_hub: str | None = None, link_self: str | None = None) -> Hub | None:
    """The hub of a feed, by the header ``Link`` first, else by the links at the head of the feed.

    Only an https hub, or one on the feed's own host, is believed: a stranger's feed must not make us write to our
    neighbors.
    """
    named = _links(head)
    hub = clean_link(link_hub or named.get("hub"), base)
    topic = clean_link(link_self or named.get("self"), base) or base
    if hub is None:
        return None
    is_safe = urlsplit(hub).scheme == "https" or urlsplit(hub).hostname == urlsplit(base).hostname
    return Hub(hub, topic) if is_safe else None


def subscription_form(hub: Hub, callback: str, secret: str) -> dict[str, str]:
    """What is posted to the hub (section 5.1)."""
    return {
        "hub.mode": "subscribe",
        "hub.topic": hub.topic,
        "hub.callback": callback,
        "hub.secret": secret,
        "hub.lease_seconds": str(LEASE_S),
    }


def is_signed(body: bytes, signature: str | None, secret: str) -> bool:
    """Whether ``X-Hub-Signature`` (section 8) shows that the sender knows the secret."""
    method, _, told = (signature or "").partition("=")
    if method not in _HASHES:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return hmac.compare_digest(expected, told.strip().lower().encode("ascii", "replace").decode())


def _links(head: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in _LINK.finditer(head):
        about = {name.lower(): double or single for name, double, single in _ATTRIBUTE.findall(tag[1])}
        for rel in about.get("rel", "").lower().split():
            found.setdefault(rel, about.get("href", "").replace("&amp;", "&"))
    return found
