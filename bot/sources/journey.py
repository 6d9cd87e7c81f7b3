"""One request's way from the address that was asked for to the page: redirects, their cookies, the time that is left.

The fetcher makes a :class:`Journey` for each fetch and takes every step of it itself, because each host on the way has
a turn to wait for. Pure but for the clock that it is given.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import aiohttp
from yarl import URL

from bot.errors import FetchError

MOST_REDIRECTS = 5
PERMANENT = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_ADDRESS = 2000  # characters; a longer one would be kept in Redis for nobody's good


@dataclass(slots=True)
class Journey:
    """Where a fetch is. ``moved_to`` is how far permanent redirects led, from the start and without a gap.

    ``left_s`` is the time that may still be spent with servers; waiting for a turn does not count.
    """

    url: URL
    left_s: float
    moved_to: str | None = None
    steps: int = 0
    _for_good: bool = True
    _jar: aiohttp.CookieJar | None = field(default=None, repr=False)

    @contextmanager
    def spending(self, clock_s: Callable[[], float]) -> Iterator[None]:
        """What passes within the block is spent."""
        begun_s = clock_s()
        try:
            yield
        finally:
            self.left_s = max(self.left_s - (clock_s() - begun_s), 0.001)

    def cookies(self) -> Mapping[str, str]:
        """What servers on the way wanted to hear again here; forgotten when the journey ends."""
        if self._jar is None:
            return {}
        return {name: cookie.value for name, cookie in self._jar.filter_cookies(self.url).items()}

    def go_on(self, status: int, location: str, cookies: SimpleCookie) -> None:
        """Take a redirect. Raises FetchError if it leads too far, astray, or home."""
        self.steps += 1
        if self.steps > MOST_REDIRECTS:
            raise FetchError(f"redirected more than {MOST_REDIRECTS} times")
        if cookies:
            self._jar = self._jar or aiohttp.CookieJar(unsafe=True)
            self._jar.update_cookies(cookies, self.url)
        target = _target(self.url, location)
        refuse_way_home(self.url, target)
        self._for_good = self._for_good and status in PERMANENT and len(str(target)) <= _LONGEST_ADDRESS
        if self._for_good:
            self.moved_to = str(target)
        self.url = target


def refuse_way_home(led_by: URL, target: URL) -> None:
    """Raise FetchError if a page of the public web leads into this machine or the network around it.

    The operator may poll whatever the sources file says, loopback included; a stranger's page may not make us do so.
    Judged by what the address says, without asking the name servers.
    """
    if is_near(target.host or "") and not is_near(led_by.host or ""):
        raise FetchError("leads to an address that is not of the public web")


def is_near(host: str) -> bool:
    """Whether a host is this machine or in a private network, as far as its name tells."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name, last = host.lower().rstrip("."), host.lower().rstrip(".").rpartition(".")[2]
        is_number = last[:1].isdigit()  # "127.1", "0x7f.0.0.1": old spellings of numeric addresses
        return "." not in name or is_number or last in ("localhost", "local", "internal")
    return not address.is_global


def _target(here: URL, location: str) -> URL:
    """Where a ``Location`` leads; who we are goes along only on the same host."""
    try:
        named = URL(location)
        target = here.join(named)
        is_web = target.scheme in ("http", "https") and bool(named.host if named.scheme else target.host)
        is_web = is_web and target.port is not None
    except ValueError:
        is_web = False
    if not is_web:
        raise FetchError("redirected to something that is no http(s) address")
    if here.user and not target.user and target.origin() == here.origin():
        return target.with_user(here.user).with_password(here.password)
    return target
