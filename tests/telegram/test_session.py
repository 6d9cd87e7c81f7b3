"""Proxies: which one the environment asks for, and that requests really go through it."""

import asyncio
import base64

import pytest
from yarl import URL

from bot.errors import SettingsError
from bot.model import Address, Message, Sent
from bot.telegram.messenger import Messenger
from bot.telegram.session import open_session, proxy_for
from tests.telegram.api import TOKEN

TELEGRAM = "https://api.telegram.org"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"https_proxy": "http://me:secret@proxy:3128"}, "http://me:secret@proxy:3128"),
        ({"HTTP_PROXY": "http://proxy:3128"}, None),
        ({"ALL_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"ALL_PROXY": "socks5://sox:1080", "HTTPS_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "localhost,.telegram.org"}, None),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "example.org"}, "http://proxy:3128"),
    ],
)
def test_the_environment_chooses_the_proxy(
    environment: pytest.MonkeyPatch, variables: dict[str, str], proxy: str | None
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)
    assert proxy_for(TELEGRAM) == (None if proxy is None else URL(proxy))


@pytest.mark.parametrize("address", ["socks5://me:secret@sox:1080", "http://[secret", "secret", "http://"])
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(
    environment: pytest.MonkeyPatch, address: str
) -> None:
    environment.setenv("HTTPS_PROXY", address)
    with pytest.raises(SettingsError) as caught:
        proxy_for(TELEGRAM)
    assert caught.value.problems == ["HTTPS_PROXY: only http:// and https:// proxies can be used"]


async def test_messages_go_through_the_proxy_with_its_password(environment: pytest.MonkeyPatch) -> None:
    heads: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        body = b'{"ok":true,"result":{"message_id":5}}'
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body)
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    environment.setenv("HTTP_PROXY", f"http://me:secret@127.0.0.1:{port}")
    async with server, open_session("http://telegram.invalid", 2) as session:
        sent = await Messenger(session, "http://telegram.invalid", TOKEN).send(Address(1), Message("hi"))
    assert sent == Sent(5)
    assert heads[0].startswith(f"POST http://telegram.invalid/bot{TOKEN}/sendMessage HTTP/1.1\r\n".encode())
    assert b"Proxy-Authorization: Basic " + base64.b64encode(b"me:secret") in heads[0]
