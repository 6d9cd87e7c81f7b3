"""One process: what its roles share, and what it is called."""

from __future__ import annotations

import os
import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from aiohttp import web

from bot.assembly.patience import USUAL, Patience
from bot.assembly.stores import Store
from bot.http.health import Check
from bot.metering import NO_METER, Meter
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Process:
    """What the roles of one process share; ``stack`` closes it all. ``checks`` and ``routes`` are for the server."""

    stack: AsyncExitStack
    settings: Settings
    store: Store
    meter: Meter = NO_METER
    checks: dict[str, Check] = field(default_factory=dict)
    routes: list[web.RouteDef] = field(default_factory=list)
    patience: Patience = USUAL


def process_name() -> str:
    """By what consumer groups know this process."""
    return f"{socket.gethostname()}-{os.getpid()}"


def token_of(settings: Settings) -> str:
    """The token; the command line has seen to it that there is one."""
    assert settings.bot_token is not None
    return settings.bot_token.get_secret_value()
