"""Logs: one line per event, in the shape that was asked for, and never with a secret in it."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from bot.logs import configure_logs

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
PASSWORD = 'hunter2"\\é'

FORMS: list[Literal["text", "json"]] = ["text", "json"]


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leave logging to the other tests as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def logs(
    form: Literal["text", "json"], level: str = "INFO", stream: io.StringIO | None = None
) -> io.StringIO:
    stream = stream or io.StringIO()
    configure_logs(level, form, secrets=[TOKEN, PASSWORD], stream=stream)
    return stream


def test_json_is_a_line_per_event() -> None:
    stream = logs("json")
    structlog.get_logger("bot.worker").info("source failed", source="Times", status=500)
    logging.getLogger("aiohttp").warning("two\nlines")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first["event"] == "source failed"
    assert first["source"] == "Times"
    assert first["status"] == 500
    assert first["level"] == "info"
    assert first["logger"] == "bot.worker"
    assert first["timestamp"].endswith("Z")
    assert second["event"] == "two\nlines"


def test_json_takes_values_of_any_kind() -> None:
    stream = logs("json")
    structlog.get_logger().info("odd", value=object(), keys={1: {2}})
    assert json.loads(stream.getvalue())["event"] == "odd"


def test_text_is_readable_and_has_no_colours_in_a_file() -> None:
    stream = logs("text")
    structlog.get_logger("bot.worker").info("source failed", source="Times")
    line = stream.getvalue()
    assert "source failed" in line
    assert "source=Times" in line
    assert "\x1b" not in line


def test_text_has_colours_on_a_terminal() -> None:
    stream = logs("text", stream=Terminal())
    structlog.get_logger().info("source failed")
    assert "\x1b[" in stream.getvalue()


@pytest.mark.parametrize("form", FORMS)
def test_the_level_holds_for_all(form: Literal["text", "json"]) -> None:
    stream = logs(form, level="WARNING")
    structlog.get_logger().info("small talk")
    logging.getLogger("asyncio").info("small talk")
    structlog.get_logger().warning("news")
    logging.getLogger("asyncio").warning("news")
    assert "small talk" not in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 2


@pytest.mark.parametrize("form", FORMS)
def test_texts_of_chats_stay_out_even_when_debugging(form: Literal["text", "json"]) -> None:
    stream = logs(form, level="DEBUG")
    logging.getLogger("telegram.Bot").debug("sendMessage with parameters text=a secret love")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("form", FORMS)
def test_warnings_of_python_are_events_too(form: Literal["text", "json"]) -> None:
    stream = logs(form)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old habit", DeprecationWarning, stacklevel=1)
    assert "old habit" in stream.getvalue()


def fail_with_a_secret() -> None:
    try:
        raise ConnectionError(f"POST https://api.telegram.org/bot{TOKEN}/sendMessage")
    except ConnectionError as error:
        raise RuntimeError(f"redis://:{PASSWORD}@host") from error


@pytest.mark.parametrize("form", FORMS)
def test_no_secret_leaves_whatever_carries_it(form: Literal["text", "json"]) -> None:
    stream = logs(form, level="DEBUG")
    log = structlog.get_logger()
    log.info(f"in the event {TOKEN}")
    log.info("in a value", url=f"https://api.telegram.org/bot{TOKEN}/getMe", nested={"deep": [PASSWORD]})
    log.info("in a key", **{TOKEN: 1})
    logging.getLogger("aiohttp.client").error("in an argument: %s %r", TOKEN, {"password": PASSWORD})
    try:
        fail_with_a_secret()
    except RuntimeError:
        log.exception("in a traceback")
        logging.getLogger("asyncio").exception("in a traceback")
    written = stream.getvalue()
    assert written.count("in a traceback") == 2
    assert written.count("RuntimeError") >= 2
    for spelling in (TOKEN, TOKEN.partition(":")[2], "hunter2"):
        assert spelling not in written
    if form == "json":
        assert all(json.loads(line) for line in written.splitlines())


@pytest.mark.parametrize("form", FORMS)
def test_loggers_made_before_the_configuration_obey_it(form: Literal["text", "json"]) -> None:
    log = structlog.get_logger("early")
    stream = logs(form)
    log.info("late")
    assert "late" in stream.getvalue()
