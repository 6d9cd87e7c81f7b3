"""The table of `briefing-bot check`: whole in a file, fitted to a terminal, and never led astray by what it shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkup import Finding
from bot.findings_table import table

NEWEST = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
WELL = Finding("Courier", True, "RSS 2.0", 30, NEWEST, 0.24, "A bridge opens to traffic over the Naryn " * 3)
ILL = Finding(
    "A source with a name that goes on and on and on and on", False, "feed", words="answered 500 " * 20
)


def test_in_a_file_every_row_is_a_line_and_nothing_is_cut() -> None:
    heading, well, ill = table([WELL, ILL]).splitlines()
    assert heading.split() == ["name", "format", "items", "newest", "s", "seen"]
    assert well.startswith("✓  Courier")
    assert "RSS 2.0" in well
    assert "2026-06-15 10:30  0.2" in well
    assert WELL.words.strip() in well
    assert ill.startswith("✗  A source")
    assert ill.endswith(ILL.words.strip())


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_on_a_terminal_what_was_seen_is_cut_and_what_is_wrong_goes_on_below(columns: int) -> None:
    lines = table([WELL, ILL], columns).splitlines()
    assert max(map(len, lines)) <= columns
    assert lines[1].endswith("…")
    assert " ".join(" ".join(lines[2:]).split()).count("answered 500") == 20


def test_letters_that_take_two_columns_and_such_that_cannot_be_seen_keep_the_rows_aligned() -> None:
    wide = Finding("日本語", True, "feed", 1, None, 0, "\x1b[31m red \u202e turned")
    first, second = table([wide, Finding("Courier", True, "feed", 1, None, 0, "x")]).splitlines()[1:]
    assert first.index("feed") + 3 == second.index("feed")
    assert "\x1b" not in first
    assert "\u202e" not in first


@given(
    st.lists(st.builds(Finding, st.text(), st.booleans(), words=st.text())), st.none() | st.integers(1, 200)
)
def test_any_findings_are_a_table(findings: list[Finding], columns: int | None) -> None:
    assert len(table(findings, columns).splitlines()) >= len(findings) + 1
