"""The sender: makes followers of new stories due (side one), and serves the chats that are due (side two)."""

from __future__ import annotations

import asyncio
import time

import structlog

from bot.errors import StoreUnavailable
from bot.model import Position
from bot.roles.delivery import Delivery
from bot.roles.leases import Leases
from bot.roles.merging import GATHER_S, merging_window_s
from bot.roles.outage import Outage
from bot.roles.settler import Settler
from bot.store.backlog import BacklogMeter
from bot.store.fanout import Fanout, NewEntry
from bot.store.log_tail import LogTail
from bot.waiting import pause

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

POLL_S = 0.5


class Sender:
    """One sender process; any number of them share the work."""

    def __init__(
        self,
        fanout: Fanout,
        backlog: BacklogMeter,
        tail: LogTail,
        leases: Leases,
        delivery: Delivery,
        settler: Settler,
        gather_s: float = GATHER_S,
    ) -> None:
        self._fanout = fanout
        self._backlog = backlog
        self._tail = tail
        self._leases = leases
        self._delivery = delivery
        self._settler = settler
        self._gather_s = gather_s

    async def run(self, stopping: asyncio.Event) -> None:
        """Fan out and deliver until told to stop; what is in hand then is finished and written down."""
        no_more = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._settler.run(no_more))
            group.create_task(self._leases.run(no_more))
            group.create_task(self._fan_out(stopping))
            try:
                await self._load_log(stopping)
                await self._delivery.run(stopping)
            finally:
                no_more.set()

    async def _load_log(self, stopping: asyncio.Event) -> None:
        outage = Outage("reading the log")
        while not stopping.is_set():
            try:
                await self._tail.refresh()
            except StoreUnavailable as error:
                await outage.wait(error, stopping)
            else:
                outage.over()
                return

    async def _fan_out(self, stopping: asyncio.Event) -> None:
        outage = Outage("fan-out")
        gathered: dict[Position, NewEntry] = {}
        since = 0.0
        while not stopping.is_set():
            try:
                fresh = {entry.position: entry for entry in await self._fanout.read()}
                since = time.monotonic() if fresh and not gathered else since
                gathered |= fresh
                gathered_for_s = time.monotonic() - since
                if gathered and gathered_for_s >= self._gather_s and gathered_for_s >= await self._window_s():
                    met = await self._fanout.mark(list(gathered.values()))
                    log.info("stories fanned out", stories=len(gathered), followers=met)
                    gathered.clear()
                outage.over()
            except StoreUnavailable as error:
                await outage.wait(error, stopping)
            await pause(stopping, POLL_S)

    async def _window_s(self) -> float:
        return merging_window_s((await self._backlog.measure()).wait_s, self._gather_s)
