"""The page on Telegram's refusals says what the table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.telegram.outcomes import find_refusal
from bot.telegram.refusals import REFUSALS, Row
from bot.telegram.refusals_page import consequence, page

PAGE = Path(__file__).parent.parent.parent / "docs" / "telegram-errors.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "python -m bot.telegram.refusals_page > docs/telegram-errors.md"
    )


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row.text)
def test_every_row_can_be_reached_and_has_a_consequence(row: Row) -> None:
    assert find_refusal(f"Bad Request: {row.text.lower()}") is row
    assert consequence(row.verdict)
