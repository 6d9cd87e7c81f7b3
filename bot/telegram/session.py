"""The one HTTP stack to Telegram: opens aiohttp sessions, sized and proxied the way the Bot API wants.

The assembly opens one session for calls and one for the long poll (so that it never waits behind a
broadcast), and hands them to ``transport`` and ``messenger``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from bot.errors import SettingsError

USER_AGENT = "briefing-bot"

KEEP_ALIVE_S = 30.0
"""Less than Telegram's own 75 s, so that we rarely write into a connection that it is just closing."""


@asynccontextmanager
async def open_session(api_url: str, connections: int) -> AsyncIterator[aiohttp.ClientSession]:
    """Open a session to the Bot API at ``api_url`` with room for ``connections`` requests at once.

    Raises SettingsError when the environment names a proxy of a kind that cannot be used.
    """
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=KEEP_ALIVE_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": USER_AGENT},
        # Times are set by whoever calls: a long poll and a push have nothing in common.
        timeout=aiohttp.ClientTimeout(total=None),
        proxy=proxy_for(api_url),
    )
    async with session:
        yield session


def proxy_for(api_url: str) -> URL | None:
    """Find the proxy that the environment asks for (``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY`` …), if any.

    Looked up once: aiohttp's own ``trust_env`` asks the environment, in a thread, for every single request.
    Raises SettingsError for anything but an http proxy.
    """
    url = URL(api_url)
    if url.host is None or proxy_bypass(url.authority):
        return None
    proxies = getproxies()
    name = url.scheme if url.scheme in proxies else "all"
    if not (address := proxies.get(name)):
        return None
    try:
        proxy = URL(address)
    except ValueError:
        proxy = URL()
    if proxy.scheme not in {"http", "https"} or proxy.host is None:
        # Not the address itself: it may hold a password.
        raise SettingsError([f"{name.upper()}_PROXY: only http:// and https:// proxies can be used"])
    return proxy
