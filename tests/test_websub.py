"""A hub is asked, asks back, and tells of news; whoever is not the hub is not heard. Real servers, a real Redis."""

from __future__ import annotations

import hashlib
import hmac
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.http.websub import callback_url, lease_s, websub_routes
from bot.roles.hubs import Hubs, is_due
from bot.sources.fetching import Fetcher
from bot.sources.websub import Hub, hub_of, is_signed
from bot.store.connect import Database
from bot.store.subscriptions import Subscription, Subscriptions
from tests.sources.conftest import Publisher, fetcher, publisher, session

__all__ = ["fetcher", "publisher", "session"]

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
TOPIC = "https://a.example/feed"


class OurServer:
    """Our HTTP server with the WebSub routes; ``woken`` are the sources that became due."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self.subscriptions = subscriptions
        self.woken: list[str] = []
        self.webhook = ""

    async def wake(self, source: str) -> None:
        self.woken.append(source)


@pytest.fixture
async def ours(database: Database) -> AsyncIterator[OurServer]:
    server = OurServer(Subscriptions(database))
    application = web.Application()
    application.add_routes(
        websub_routes("https://bot.example/telegram", server.subscriptions, server.wake, lambda: NOW)
    )
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.webhook = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield server
    await runner.cleanup()


class HubServer:
    """A hub that does what the specification says, on the publisher's server."""

    def __init__(self, publisher: Publisher, session: aiohttp.ClientSession) -> None:
        self.forms: list[dict[str, str]] = []
        self._session = session
        self.url = publisher.at("/hub", self._subscribe)

    async def _subscribe(self, request: web.BaseRequest) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        asked = {"hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "x1"}
        async with self._session.get(
            form["hub.callback"], params=asked | {"hub.lease_seconds": "864000"}
        ) as answer:
            assert (answer.status, await answer.text()) == (200, "x1")
        return web.Response(status=202)

    async def tell(self, body: bytes, secret: str) -> int:
        signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        address = self.forms[-1]["hub.callback"]
        async with self._session.post(address, data=body, headers={"X-Hub-Signature": signature}) as answer:
            return answer.status


async def test_from_the_feed_to_a_notice_that_wakes_its_source(
    ours: OurServer, publisher: Publisher, session: aiohttp.ClientSession, fetcher: Fetcher
) -> None:
    hub = HubServer(publisher, session)
    hubs = Hubs(ours.subscriptions, fetcher, callback_url(ours.webhook), lambda: NOW)
    for _ in range(2):
        await hubs.keep("Courier", Hub(hub.url, TOPIC))
    assert len(hub.forms) == 1, "asked once: the lease is long"
    kept = await ours.subscriptions.of("Courier")
    assert kept is not None
    assert kept.until == NOW + timedelta(days=10)
    assert await hub.tell(b"<rss/>", hub.forms[0]["hub.secret"]) == 202
    assert ours.woken == ["Courier"]


async def test_a_notice_without_the_secret_wakes_nobody_and_a_strange_address_is_not_found(
    ours: OurServer, publisher: Publisher, session: aiohttp.ClientSession, fetcher: Fetcher
) -> None:
    hub = HubServer(publisher, session)
    await Hubs(ours.subscriptions, fetcher, callback_url(ours.webhook), lambda: NOW).keep(
        "C", Hub(hub.url, TOPIC)
    )
    assert await hub.tell(b"<rss/>", "guessed") == 202
    assert ours.woken == []
    async with session.post(callback_url(ours.webhook) + "/nobody", data=b"") as answer:
        assert answer.status == 404
    wrong_topic = {"hub.mode": "subscribe", "hub.topic": "https://other.example/", "hub.challenge": "x"}
    async with session.get(hub.forms[0]["hub.callback"], params=wrong_topic) as answer:
        assert answer.status == 404


async def test_a_hub_that_cannot_be_reached_is_asked_again_hours_later(
    ours: OurServer, publisher: Publisher, fetcher: Fetcher
) -> None:
    now = NOW
    hubs = Hubs(ours.subscriptions, fetcher, callback_url(ours.webhook), lambda: now)
    asked = publisher.says("/hub", "", status=500)
    for _ in range(3):
        await hubs.keep("Courier", Hub(asked, TOPIC))
    assert len(publisher.requests) == 1
    now += timedelta(hours=7)
    await hubs.keep("Courier", Hub(asked, TOPIC))
    assert len(publisher.requests) == 2


def test_a_subscription_is_renewed_before_its_lease_ends() -> None:
    known = Subscription(
        "C", "1", "h", "t", "s", asked=NOW - timedelta(days=9), until=NOW + timedelta(hours=20)
    )
    assert is_due(known, NOW)
    assert not is_due(known, NOW - timedelta(days=3))


@pytest.mark.parametrize(
    ("head", "hub"),
    [
        (
            "<link rel='hub' href='https://hub.example/'/><link href='https://a.example/f' rel='self'/>",
            Hub("https://hub.example/", "https://a.example/f"),
        ),
        ('<atom:link rel="hub" href="https://hub.example/"/>', Hub("https://hub.example/", TOPIC)),
        ("<link rel='hub' href='http://127.0.0.1:6379/'/>", None),
        ("<link rel='hub' href='file:///etc/passwd'/>", None),
        ("<link rel='self' href='https://a.example/f'/>", None),
    ],
)
def test_the_hub_of_a_feed_is_the_one_it_names_if_that_is_safe_to_ask(head: str, hub: Hub | None) -> None:
    assert hub_of(head, TOPIC) == hub


def test_the_header_goes_before_the_feed() -> None:
    head = "<link rel='hub' href='https://old.example/'/>"
    assert hub_of(head, TOPIC, "https://new.example/", None) == Hub("https://new.example/", TOPIC)


@given(st.binary(max_size=50), st.text(max_size=60))
def test_no_signature_but_the_right_one_is_believed(body: bytes, signature: str) -> None:
    right = hmac.new(b"secret", body, hashlib.sha1).hexdigest()
    assert is_signed(body, f"sha1={right}", "secret")
    assert not is_signed(body, signature, "secret")
    assert not is_signed(body, None, "secret")


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("3600", 3600), ("0", 60), ("1e99", 2592000), ("nan", 86400), (None, 86400), ("x", 86400)],
)
def test_a_lease_is_believed_within_reason(told: str | None, seconds: float) -> None:
    assert lease_s(told) == seconds


async def test_a_hub_that_answers_for_something_else_agrees_to_nothing(
    ours: OurServer, session: aiohttp.ClientSession
) -> None:
    known = Subscription("C", "1", "https://hub.example/", TOPIC, "s", asked=NOW)
    await ours.subscriptions.put(known)
    asked = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "x", "hub.lease_seconds": "864000"}
    address = callback_url(ours.webhook) + "/1"
    wrong = [
        {"hub.topic": "https://other.example/"}, {"hub.topic": TOPIC + "/"}, {"hub.mode": "unsubscribe"},
        {"hub.mode": "SUBSCRIBE"}, {"hub.challenge": ""},
    ]  # fmt: skip
    for change in wrong:
        async with session.get(address, params=asked | change) as answer:
            assert answer.status == 404
    async with session.get(address, params={"hub.mode": "denied", "hub.reason": "\n" * 1000}) as answer:
        assert answer.status == 200
    assert await ours.subscriptions.of("C") == known


async def test_a_lease_without_end_ends_in_a_month(ours: OurServer, session: aiohttp.ClientSession) -> None:
    await ours.subscriptions.put(Subscription("C", "1", "https://hub.example/", TOPIC, "s", asked=NOW))
    asked = {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.challenge": "<b>x</b>",
        "hub.lease_seconds": "9" * 300,
    }
    async with session.get(callback_url(ours.webhook) + "/1", params=asked) as answer:
        assert (answer.status, await answer.text()) == (200, "<b>x</b>")
        assert answer.content_type == "text/plain", "what a hub says is no page of ours"
    kept = await ours.subscriptions.of("C")
    assert kept is not None
    assert kept.until is not None
    assert kept.until <= NOW + timedelta(days=30)


async def test_a_notice_of_many_megabytes_wakes_nobody(
    ours: OurServer, session: aiohttp.ClientSession
) -> None:
    await ours.subscriptions.put(Subscription("C", "1", "https://hub.example/", TOPIC, "s", asked=NOW))
    body = bytes(3_000_000)
    signed = {"X-Hub-Signature": "sha1=" + hmac.new(b"s", body, hashlib.sha1).hexdigest()}
    async with session.post(
        callback_url(ours.webhook) + "/1", data=io.BytesIO(body), headers=signed
    ) as answer:
        assert answer.status == 413
    assert ours.woken == []


@pytest.mark.parametrize("status", [301, 307, 400, 500])
async def test_a_hub_is_not_followed_elsewhere(
    ours: OurServer, publisher: Publisher, fetcher: Fetcher, status: int
) -> None:
    elsewhere = publisher.says("/elsewhere", "")
    hub = publisher.says("/hub", "", status=status, headers={"Location": elsewhere})
    await Hubs(ours.subscriptions, fetcher, callback_url(ours.webhook), lambda: NOW).keep(
        "C", Hub(hub, TOPIC)
    )
    assert [request.path for request in publisher.requests] == ["/hub"]
    kept = await ours.subscriptions.of("C")
    assert kept is not None
    assert kept.until is None
