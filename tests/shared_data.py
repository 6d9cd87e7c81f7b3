"""Where real inputs lie that must not be copied into the project; tests skip, with a reason, where they are missing."""

from pathlib import Path

import pytest


def shared_data() -> Path | None:
    """The folder of real inputs beside the checkout, or None on a machine that has none."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    return folder if folder.is_dir() else None


def require_shared_data() -> Path:
    """The folder, or a skip of the calling test."""
    folder = shared_data()
    if folder is None:
        pytest.skip("the real inputs (shared/data beside the checkout) are not on this machine")
    return folder
