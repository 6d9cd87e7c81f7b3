"""What can go wrong on the wire, in words: from aiohttp's exceptions to a ``Fault`` that is safe to log.

aiohttp puts the URL into some of its messages, and the URL carries the token; so none of its texts pass this
room. ``transport`` turns a fault into python-telegram-bot's errors, ``messenger`` into an outcome.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import aiohttp

WIRE_ERRORS = (aiohttp.ClientError, OSError)
"""Everything that aiohttp raises for trouble on the way (``TimeoutError`` is an OSError)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Trouble on the way. ``unsure``: the request had begun to be written, so it may have been obeyed."""

    words: str
    timed_out: bool = False
    unsure: bool = False


WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (aiohttp.ConnectionTimeoutError, "no connection in time"),
    (aiohttp.ClientProxyConnectionError, "the proxy cannot be reached"),
    (aiohttp.ClientHttpProxyError, "the proxy refused to connect"),
    (aiohttp.ClientConnectorDNSError, "the server's name cannot be resolved"),
    (aiohttp.ClientConnectorCertificateError, "the server's certificate is not trusted"),
    (aiohttp.ClientConnectorSSLError, "no secure connection"),
    (aiohttp.ClientConnectorError, "cannot connect"),
    (aiohttp.ServerDisconnectedError, "the server hung up without an answer"),
    (aiohttp.ClientPayloadError, "the answer broke off"),
    (aiohttp.InvalidURL, "the address of the Bot API makes no sense"),
    (TimeoutError, "no answer in time"),
    (OSError, "the connection was lost"),
)
"""The first row that fits names the fault; each comes after its own special cases."""


def read_fault(error: BaseException, begun: bool) -> Fault:
    """Say what ``error`` means. ``begun``: whether any of the request's body had been handed to the wire."""
    words = next((words for kind, words in WORDS if isinstance(error, kind)), type(error).__name__)
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        words += f" ({os.strerror(error.errno)})"
    return Fault(words, timed_out=isinstance(error, TimeoutError), unsure=begun)
