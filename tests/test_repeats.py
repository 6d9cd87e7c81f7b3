"""The same trouble is said a few times a minute, not a thousand; different ones and good news always."""

from __future__ import annotations

from typing import Any

import pytest
import structlog

from bot.repeats import MOST_REMEMBERED, SAID, WINDOW_S, Repeats


class Log:
    """What comes through, and a clock to move."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.repeats = Repeats(monotonic=lambda: self.now_s)
        self.lines: list[dict[str, Any]] = []

    def say(self, method: str, event: str, **details: Any) -> None:
        try:
            self.lines.append(dict(self.repeats(None, method, {"event": event, **details})))
        except structlog.DropEvent:
            return


@pytest.fixture
def log() -> Log:
    return Log()


def test_a_storm_of_one_trouble_is_a_few_lines_and_a_number(log: Log) -> None:
    for number in range(1000):
        log.say("warning", "source failed", source="Daily", cause="503", next_poll_in_s=number)
    assert len(log.lines) == SAID
    log.now_s = WINDOW_S
    log.say("warning", "source failed", source="Daily", cause="503")
    assert len(log.lines) == SAID + 1
    assert log.lines[-1]["left_out"] == 1000 - SAID
    log.say("warning", "source failed", source="Daily", cause="503")
    assert "left_out" not in log.lines[-1], "said once"


def test_other_sources_and_other_causes_are_other_troubles(log: Log) -> None:
    for number in range(50):
        log.say("warning", "source failed", source=f"Source {number}", cause="503")
        log.say("error", "source failed", source="Daily", cause=f"cause {number}")
    assert len(log.lines) == 100


def test_what_is_no_trouble_always_passes(log: Log) -> None:
    for _ in range(100):
        log.say("info", "stories stored", source="Daily")
    assert len(log.lines) == 100


def test_memory_is_bounded(log: Log) -> None:
    for number in range(5 * MOST_REMEMBERED):
        log.say("error", "trouble", cause=str(number))
    assert len(log.repeats._remembered) <= MOST_REMEMBERED
