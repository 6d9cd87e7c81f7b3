"""Broken pages are read or refused, never a crash and never a hang; `python -m benchmarks.fuzz` tries far more."""

from __future__ import annotations

import pytest

from benchmarks.fuzz import FORMATS, run


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", list(FORMATS))
def test_whatever_a_page_became_on_its_way_it_is_read_or_refused(name: str) -> None:
    assert list(run(name, 300)) == []
