"""The queue of one bot's updates: numbered, confirmed by offset, fetched by long polling or by a webhook.

Semantics of https://core.telegram.org/bots/api#getting-updates: an update stays until the bot asks for a
higher offset (or its webhook answers 200); a second poller throws the first one out with a 409.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bot.demo.refusals import bad_request, conflict
from bot.demo.who import Json

ONLY_ON_REQUEST = frozenset(("chat_member", "message_reaction", "message_reaction_count"))
MOST_AT_ONCE = 100
LONGEST_POLL_S = 50


class UpdateQueue:
    """What the bot has not confirmed yet."""

    def __init__(self) -> None:
        self.pending: deque[Json] = deque()
        self.allowed: frozenset[str] = frozenset()
        self.webhook: Webhook | None = None
        self._webhook_changed = asyncio.Event()
        self.polls = 0
        self._next_id = 100_001
        self._arrived = asyncio.Event()
        self._poller: _Poller | None = None

    def add(self, kind: str, payload: Json) -> None:
        """Queue an update, unless the bot said that it does not want this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST
        if not wanted:
            return
        self.pending.append({"update_id": self._next_id, kind: payload})
        self._next_id += 1
        self._arrived.set()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember which kinds the bot wants from now on (``None``: as before; empty: the default)."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def use_webhook(self, webhook: Webhook | None) -> None:
        """Push updates there from now on; ``None``: the bot fetches them."""
        self.webhook = webhook
        self._webhook_changed.set()

    async def webhook_set(self) -> Webhook:
        """Wait until there is a webhook."""
        while self.webhook is None:
            self._webhook_changed.clear()
            await self._webhook_changed.wait()
        return self.webhook

    def drop(self) -> None:
        """Forget everything that waits."""
        self.pending.clear()

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Confirm everything below ``offset`` and return what is left, waiting if there is nothing.

        Raises Refusal: 409 if a webhook is set, or if another poller takes over meanwhile.
        """
        if self.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        if timeout_s < 0:
            raise bad_request("timeout must be non-negative")
        me = self._take_over()
        self.polls += 1
        self._confirm(offset)
        try:
            async with asyncio.timeout(min(timeout_s, LONGEST_POLL_S)):
                while not self.pending and not me.sent_away:
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            pass
        finally:
            if self._poller is me:
                self._poller = None
        if me.sent_away:
            raise conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        return list(islice(self.pending, min(max(limit, 1), MOST_AT_ONCE)))

    def send_poller_away(self) -> None:
        """Whoever polls gets a 409 at once (another poller came, or Telegram goes down)."""
        if self._poller is not None:
            self._poller.sent_away = True
            self._arrived.set()

    def _take_over(self) -> _Poller:
        self.send_poller_away()
        self._poller = _Poller()
        return self._poller

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    async def oldest(self) -> Json:
        """Wait for the oldest update and leave it in the queue; ``taken`` removes it (for the webhook)."""
        while not self.pending:
            self._arrived.clear()
            await self._arrived.wait()
        return self.pending[0]

    def taken(self, update: Json) -> None:
        """The webhook has it: forget the update (unless it was dropped meanwhile)."""
        if self.pending and self.pending[0] is update:
            self.pending.popleft()


@dataclass(slots=True, eq=False)
class _Poller:
    """Somebody who waits in ``poll``."""

    sent_away: bool = False


class Webhook:
    """Where updates are pushed to, and how that goes."""

    def __init__(self, url: str, secret: str | None, ip_address: str | None, max_connections: int) -> None:
        self.url = url
        self.secret = secret
        self.ip_address = ip_address
        self.max_connections = max_connections
        self.last_error_date: int | None = None
        self.last_error_message: str | None = None
