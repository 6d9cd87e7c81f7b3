"""Secrets are hidden wherever they turn up, however they are written."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import redactor

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/getMe", "POST https://api.telegram.org/bot***/getMe"),
        (f"/bot{quote(TOKEN, safe='')}/getMe", "/bot***/getMe"),
        ("redis://user:pa%40ss@host:6379/0 is down", "redis://***@host:6379/0 is down"),
        ("unix://:pw@/run/redis.sock", "unix://***@/run/redis.sock"),
        ("redis+sentinel://:pw@a:1,b:2/main", "redis+sentinel://***@a:1,b:2/main"),
        ("redis://host/0?password=pw&db=1", "redis://host/0?password=***&db=1"),
        ("redis+sentinel://h:1/s?sentinel_password=pw", "redis+sentinel://h:1/s?sentinel_password=***"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_even_if_nobody_told(text: str, shown: str) -> None:
    assert redactor()(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "08:00",
        "at 2026-11-24T04:23:39.808725Z",
        "https://timesca.com/a?b=c",
        "me@example.org",
        "chat 12345: sent",
        "",
    ],
)
def test_the_rest_stays_as_it_is(text: str) -> None:
    assert redactor(["sesame"])(text) == text


@given(st.text(min_size=4), st.text(), st.text())
def test_a_known_secret_is_hidden_in_every_spelling(secret: str, before: str, after: str) -> None:
    redact = redactor([secret])
    for spelling in (secret, quote(secret, safe=""), repr(secret)[1:-1]):
        assert redact(spelling) == "***"
    assert redact(json.dumps({"a": secret})) == '{"a": "***"}'
    assert "***" in redact(before + secret + after)


def test_a_secret_too_short_to_be_one_does_not_blacken_the_log() -> None:
    assert redactor(["a", ""])("a banana") == "a banana"
