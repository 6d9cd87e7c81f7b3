"""Links in the docs lead somewhere, and what the docs say of numbers is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.__main__ import WRONG_SETTINGS
from bot.roles import stand_by
from bot.roles.held_source import LEASE_S as POLL_LEASE_S
from bot.running import AT_ONCE
from bot.settings import Settings
from bot.store.outbox import LEASE_S
from bot.store.updates_queue import LEASE_S as UPDATE_LEASE_S
from bot.watch import HANGS_AFTER_S
from tests.processes import REPOSITORY

OURS = ("running.md", "scale.md", "metrics.md", "security.md", "rates.md")


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", OURS)
def test_links_lead_somewhere(name: str) -> None:
    page = REPOSITORY / "docs" / name
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        if linked.name == "speed.md":  # made by hand with the benchmarks
            continue
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


@pytest.mark.parametrize("name", OURS)
def test_files_that_are_named_exist(name: str) -> None:
    text = (REPOSITORY / "docs" / name).read_text()
    for path in re.findall(r"`((?:deploy|tests|bot)/[\w./@-]+)`", text):
        assert (REPOSITORY / path).exists(), path


def running() -> str:
    return (REPOSITORY / "docs" / "running.md").read_text()


def test_times_are_those_of_the_code() -> None:
    text = " ".join(running().split())
    takes_over_s = stand_by.LEASE_S + stand_by.ASK_EVERY_S
    assert f"another polls within {takes_over_s:.0f} s (within {stand_by.ASK_EVERY_S:.0f} s after" in text
    assert f"delivered by another after at most {LEASE_S:.0f} s" in text
    assert "their lease runs out (a quarter of a minute at most)" in text
    assert POLL_LEASE_S <= 15
    assert f"comes back after {UPDATE_LEASE_S:.0f} s" in text
    assert f"stands still for {HANGS_AFTER_S:.0f} s" in text


def test_exit_codes_are_those_of_the_code() -> None:
    codes = set(map(int, re.findall(r"^\| (\d+) \|", running(), re.MULTILINE)))
    assert codes == {0, 1, WRONG_SETTINGS, AT_ONCE}


def test_every_variable_that_is_named_exists() -> None:
    variables = {name.upper() for name in Settings.model_fields}
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", running()))
    assert named <= variables


def test_the_picture_of_the_status_page_is_small() -> None:
    assert 10_000 < (REPOSITORY / "docs" / "pictures" / "status.png").stat().st_size < 200_000
