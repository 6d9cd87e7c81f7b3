"""Where matplotlib keeps its list of fonts, on machines where it may not write into a home.

A container with a read-only root, a service user without a home: matplotlib would complain on standard error, once a
process. It gets a temporary folder instead, before it is imported.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

VARIABLE = "MPLCONFIGDIR"
"""matplotlib's own: https://matplotlib.org/stable/users/faq.html"""


@cache
def settle_matplotlib() -> None:
    """See to it that matplotlib finds a folder to write into. An operator's MPLCONFIGDIR stays."""
    if os.environ.get(VARIABLE) or all(map(_can_write, ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"))):
        return
    try:
        folder = tempfile.mkdtemp(prefix="briefing-charts-")
    except OSError as error:  # nothing at all can be written here: let matplotlib say what it needs
        log.warning("charts cannot be drawn: no folder for temporary files", cause=str(error))
        return
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[VARIABLE] = folder


_BELOW_HOME = {"XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache"}


def _can_write(variable: str) -> bool:
    """Whether matplotlib could use its folder below this one of the XDG base directories."""
    try:
        base = os.environ.get(variable) or Path.home() / _BELOW_HOME[variable]
        folder = Path(base, "matplotlib")
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: a user id without a home
        return False
    return os.access(folder, os.W_OK)
