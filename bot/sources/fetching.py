"""The one HTTP client for sources: polite, bounded, and with every failure in words.

``Fetcher.fetch`` asks conditionally (ETag, Last-Modified) and answers with a value: fetched, not modified, or
gone. What a source does wrong is a FetchError, translated here once from whatever aiohttp raises. Limits: 10
s to connect, 30 s for all, 5 redirects (http and https only; each host on the way has its turn), 10 MB after
decompression, read as a stream and cut off there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from io import BytesIO
from typing import NamedTuple

import aiohttp
from yarl import URL

from bot.errors import FetchError
from bot.sources.fetch_words import in_words
from bot.sources.http_headers import retry_after_s, wish_s
from bot.sources.journey import REDIRECTS, Journey, refuse_way_home
from bot.sources.manners import Manners
from bot.sources.robots import crawl_delay_s

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5"
)
_ROBOTS_LAST = timedelta(days=1)
_LONGEST_VALIDATOR = 1000  # characters; longer ones are somebody's joke and would be kept in Redis


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a source is put up with. Seconds and bytes (after decompression)."""

    connect_s: float = 10.0
    total_s: float = 30.0
    body_bytes: int = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request conditional (RFC 9110, section 13): kept by the caller, across restarts."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body. ``fresh_for_s`` is how long it stays good by the server's word.

    ``moved_to`` is the address to remember, as far as permanent redirects led; ``next_url`` what the
    header ``Link: rel=next`` points to, ``hub_url`` and ``self_url`` likewise (WebSub). ``whole`` is False if the
    connection broke off; ``validators`` are empty then, so that the rest can be had next time.
    """

    body: bytes
    content_type: str | None
    url: str
    validators: Validators
    fresh_for_s: float | None = None
    moved_to: str | None = None
    next_url: str | None = None
    hub_url: str | None = None
    self_url: str | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: what was read last time still holds."""

    validators: Validators
    fresh_for_s: float | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """410: the publisher says that this address will not come back."""


class _CrawlDelay(NamedTuple):
    seconds: float
    asked: datetime


class Fetcher:
    """Gets pages over a shared session. ``now`` is injected; so are the limits and the manners."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        manners: Manners | None = None,
        limits: Limits = Limits(),
    ) -> None:
        self._session = session
        self._now = now
        self._manners = manners or Manners()
        self._limits = limits
        self._delays: dict[URL, _CrawlDelay] = {}

    async def fetch(
        self,
        url: str,
        validators: Validators = Validators(),
        *,
        crawl_delay_s: float = 0.0,
        led_by: str | None = None,
    ) -> Fetched | NotModified | Gone:
        """Get one address. Raises FetchError, whose message is a phrase that fits after "The source …".

        A cut-off body is a value (``whole`` is False): what can be read of it is worth reading. ``led_by`` is the page
        that named the address, where the operator did not: no page of the public web leads us into our own network.
        """
        try:
            target = URL(url)
            if led_by is not None:
                refuse_way_home(URL(led_by), target)
            return await self._follow(target, validators, crawl_delay_s)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise self._failure(error) from error

    async def post_form(self, url: str, form: Mapping[str, str]) -> int:
        """Send a form, follow nothing, and return the status. Raises FetchError."""
        timeout = self._timeout(self._limits.total_s)
        headers = {"User-Agent": user_agent()}
        try:
            target = URL(url)
            async with (
                self._manners.turn(_host(target)),
                self._session.post(
                    target, data=form, headers=headers, allow_redirects=False, timeout=timeout
                ) as response,
            ):
                return response.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise self._failure(error) from error

    async def crawl_delay_s(self, url: str) -> float:
        """The ``Crawl-delay`` of the host's robots.txt, for pages made for people; asked for once a day, 0 if none."""
        host = URL(url).origin()
        known = self._delays.get(host)
        if known is None or known.asked < self._now() - _ROBOTS_LAST:
            known = self._delays[host] = _CrawlDelay(await self._read_crawl_delay(host), self._now())
        return known.seconds

    async def _read_crawl_delay(self, host: URL) -> float:
        try:
            answer = await self.fetch(str(host / "robots.txt"))
        except FetchError:
            return 0.0
        return crawl_delay_s(answer.body) if isinstance(answer, Fetched) else 0.0

    async def _follow(
        self, url: URL, validators: Validators, crawl_delay_s: float
    ) -> Fetched | NotModified | Gone:
        """From turn to turn, until there is something to read."""
        journey, clock_s = Journey(url, self._limits.total_s), asyncio.get_running_loop().time
        while True:
            async with self._manners.turn(_host(journey.url), crawl_delay_s):
                with journey.spending(clock_s):
                    answer = await self._step(journey, validators)
            if answer is not None:
                return answer

    async def _step(self, journey: Journey, validators: Validators) -> Fetched | NotModified | Gone | None:
        """One request; None if it was answered with a redirect, which is taken."""
        async with self._session.get(
            journey.url,
            headers=_request_headers(validators),
            cookies=journey.cookies() or None,
            allow_redirects=False,
            timeout=self._timeout(journey.left_s),
        ) as response:
            location = response.headers.get("Location")
            if response.status in REDIRECTS and location:
                journey.go_on(response.status, location, response.cookies)
                return None
            wish = wish_s(response.headers, self._now())
            if response.status == 304 and validators != Validators():
                return NotModified(_validators(response.headers, validators), wish, journey.moved_to)
            if response.status == 410:
                return Gone()
            if response.status != 200:
                raise self._refusal(response)
            return await self._page(response, journey, wish)

    async def _page(self, response: aiohttp.ClientResponse, journey: Journey, wish: float | None) -> Fetched:
        body, whole = await _read(response, self._limits.body_bytes)
        return Fetched(
            body=body,
            content_type=response.headers.get("Content-Type"),
            url=str(response.url),
            validators=_validators(response.headers) if whole else Validators(),
            fresh_for_s=wish if whole else None,
            moved_to=journey.moved_to,
            next_url=_linked(response, "next"),
            hub_url=_linked(response, "hub"),
            self_url=_linked(response, "self"),
            whole=whole,
        )

    def _timeout(self, total_s: float) -> aiohttp.ClientTimeout:
        connect_s = min(self._limits.connect_s, total_s)
        return aiohttp.ClientTimeout(total=total_s, connect=connect_s, sock_connect=connect_s)

    def _failure(self, error: BaseException) -> FetchError:
        return FetchError(in_words(error, connect_s=self._limits.connect_s, total_s=self._limits.total_s))

    def _refusal(self, response: aiohttp.ClientResponse) -> FetchError:
        wait_s = retry_after_s(response.headers, self._now())
        reason = f" ({response.reason})" if response.reason else ""
        return FetchError(
            f"answered {response.status}{reason[:80]}", status=response.status, retry_after_s=wait_s
        )


async def _read(response: aiohttp.ClientResponse, limit: int) -> tuple[bytes, bool]:
    """The body, piece by piece and never more than ``limit``, and whether it came to its end."""
    declared = response.content_length
    if declared is not None and declared > limit:
        raise FetchError(f"sent more than {limit >> 20} MB")
    body = BytesIO()  # gives its bytes away without copying them
    try:
        async for piece in response.content.iter_any():
            if body.tell() + len(piece) > limit:
                raise FetchError(f"sent more than {limit >> 20} MB")
            body.write(piece)
    except (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, ConnectionResetError):
        if not body.tell():
            raise
        return body.getvalue(), False
    return body.getvalue(), True


def guest_session() -> aiohttp.ClientSession:
    """The session for a :class:`Fetcher`: it keeps no cookies, so nobody is known by one from poll to poll.

    Its connections are not limited: the manners do that host by host, and who waits for another host's end times out.
    """
    connector = aiohttp.TCPConnector(limit=0)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


def _host(url: URL) -> str:
    """Whose turn it is: the name, http and https alike; another port is another server."""
    return url.host or "" if url.is_default_port() else f"{url.host}:{url.port}"


@cache
def user_agent() -> str:
    """Who we are and where to complain, from the package's own metadata."""
    try:
        about = metadata("briefing-bot")
    except PackageNotFoundError:  # run from a folder that nobody installed
        return "briefing-bot"
    addresses = [line.partition(",")[2].strip() for line in about.get_all("Project-URL") or ()]
    return f"briefing-bot/{about['Version']}" + (f" (+{addresses[0]})" if addresses else "")


def _request_headers(validators: Validators) -> dict[str, str]:
    headers = {"User-Agent": user_agent(), "Accept": _ACCEPT}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _validators(headers: Mapping[str, str], known: Validators = Validators()) -> Validators:
    """What the answer says, else what was known before (a 304 need not repeat it)."""
    etag, modified = headers.get("ETag"), headers.get("Last-Modified")
    return Validators(
        etag if etag and len(etag) <= _LONGEST_VALIDATOR else known.etag,
        modified if modified and len(modified) <= _LONGEST_VALIDATOR else known.last_modified,
    )


def _linked(response: aiohttp.ClientResponse, rel: str) -> str | None:
    """What the header ``Link`` points to; a header that nobody can read is none (the page may be fine)."""
    try:
        link = response.links.get(rel)
    except ValueError:
        return None
    return str(link["url"]) if link and "url" in link else None
