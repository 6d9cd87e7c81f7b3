"""What went wrong on the way to a source, in one phrase that fits after "The source …": for log and ``/sources``.

The only place that knows the exceptions of aiohttp. Never the address, which may carry a key.
"""

from __future__ import annotations

import os
import ssl

import aiohttp


def in_words(error: BaseException, *, connect_s: float, total_s: float) -> str:
    """One phrase for the operator; the limits are those that were set, in seconds."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            return f"could not be reached within {connect_s:g} s"
        case TimeoutError():
            return f"took longer than {total_s:g} s"
        case aiohttp.ClientConnectorCertificateError() | ssl.SSLCertVerificationError():
            return "has a TLS certificate that cannot be trusted"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return "could not agree on TLS"
        case aiohttp.ClientConnectorDNSError():
            return "has a host name that cannot be found"
        case aiohttp.ClientConnectorError():
            return f"refused the connection ({os.strerror(error.os_error.errno or 0)})"
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError() | ValueError():
            return "has no valid http(s) address"
        case aiohttp.ClientPayloadError():
            return "sent a body that breaks off or cannot be decompressed"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | ConnectionError():
            return "closed the connection without an answer"
        case aiohttp.ClientResponseError():
            return "sent something that is not HTTP"
        case _:
            return f"could not be fetched ({type(error).__name__})"
