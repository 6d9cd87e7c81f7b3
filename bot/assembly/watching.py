"""How a process is looked at: its meters, its beat, its pages. The roles know nothing of it but the meter.

:func:`observe` makes the meters, which the roles are given; :meth:`Observation.routes` and
:meth:`Observation.watch` come into play when the roles are made.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from aiohttp import web

from bot.assembly import clock
from bot.errors import StoreUnavailable
from bot.http.health import Check, health_routes, reasons
from bot.http.metrics import PrometheusMeter, metrics_route
from bot.http.status import status_routes
from bot.http.status_view import Status, status_of
from bot.http.verdict import Shared
from bot.metering import Meter, Meters
from bot.reach import Reach
from bot.settings import Settings
from bot.store.backlog import BacklogMeter
from bot.store.connect import Database
from bot.store.pulse import ProcessNote, Pulse
from bot.store.push_switch import PushSwitch
from bot.store.source_reports import SourceReports
from bot.store.updates_queue import UpdatesQueue
from bot.tally import Tally
from bot.troubles import TroubleBook
from bot.watch import LAST_BEAT_S, Watch

VERSION = version("briefing-bot")  # of the package as it is installed


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything that looks at one process. ``meter`` is what its roles tell what they do."""

    meter: Meter
    name: str
    roles: tuple[str, ...]
    started: datetime
    prometheus: PrometheusMeter
    tally: Tally
    troubles: TroubleBook
    reach: Reach
    pulse: Pulse
    database: Database
    backlog: BacklogMeter

    def routes(self, checks: Mapping[str, Check]) -> list[web.RouteDef]:
        """Health, metrics and the status page."""

        async def look() -> Status:
            return status_of(clock.utc_now(), VERSION, await reasons(checks), await self._shared())

        updates = UpdatesQueue(self.database)
        return [
            *health_routes(checks, version=VERSION),
            metrics_route(self.prometheus, self.backlog.measure, updates.waiting),
            *status_routes(look),
        ]

    async def _shared(self) -> Shared | None:
        try:
            async with asyncio.timeout(3):
                return Shared(
                    reading=await self.pulse.read(clock.utc_now()),
                    backlog=await self.backlog.measure(),
                    sources=await SourceReports(self.database).all(),
                    pushes_paused=await PushSwitch(self.database).paused(),
                )
        except (StoreUnavailable, TimeoutError):
            return None

    async def watch(self, stopping: asyncio.Event) -> None:
        """Run beside the roles (as one of them)."""
        await Watch(self.meter, self._beat).run(stopping)
        # Where it fails, the note is old in half a minute.
        with suppress(StoreUnavailable, TimeoutError):
            async with asyncio.timeout(LAST_BEAT_S):
                await self._beat()
                await self.pulse.leave(self.name)

    async def _beat(self) -> None:
        minutes, troubles = self.tally.drain(), self.troubles.drain()
        note = ProcessNote(
            self.name, self.roles, VERSION, self.started, clock.utc_now(), lag_s=self.tally.worst_lag_s()
        )
        try:
            await self.pulse.beat(note, minutes, troubles)
        except StoreUnavailable:
            # The roles say what is wrong; what was counted is written down later.
            self.tally.put_back(minutes)
            self.troubles.put_back(troubles)


def observe(
    stack: AsyncExitStack, settings: Settings, database: Database, roles: Iterable[str]
) -> Observation:
    """Begin to look at this process, until ``stack`` is closed."""
    tally, troubles, reach = Tally(clock.utc_now), TroubleBook(settings.secrets), Reach()
    prometheus = PrometheusMeter(VERSION, roles, lambda: database.round_trips)
    troubles.open()
    stack.callback(troubles.close)
    return Observation(
        meter=Meters(prometheus, tally, reach),
        name=secrets.token_hex(6),
        roles=tuple(sorted(roles)),
        started=clock.utc_now(),
        prometheus=prometheus,
        tally=tally,
        troubles=troubles,
        reach=reach,
        pulse=Pulse(database),
        database=database,
        backlog=BacklogMeter(database, settings.messages_per_second),
    )


def goes_on(stopping: asyncio.Event) -> Check:
    """The check that fails as soon as the process is told to stop, so that nothing more is sent its way."""

    async def check() -> str | None:
        return "stopping" if stopping.is_set() else None

    return check
