"""The Lua scripts, as typed functions: a name, what its keys and arguments are, what comes back.

A script is the unit of atomicity. Each ``.lua`` file beside this one starts with the contract that its Python
caller relies on. Scripts are sent by their SHA-1; :class:`bot.store.connect.Database` teaches them to a server
that does not know them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script and the SHA-1 by which Redis knows it."""

    source: str
    sha1: str


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """A script with its keys (all in one slot) and arguments, ready to run alone or in a pipeline."""

    script: Script
    keys: tuple[str, ...]
    args: tuple[Any, ...]


@cache
def script(name: str) -> Script:
    """The script in ``<name>.lua``, with the shared prelude in front."""
    folder = files(__name__)
    source = folder.joinpath("prelude.lua").read_text() + folder.joinpath(f"{name}.lua").read_text()
    return Script(source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())
