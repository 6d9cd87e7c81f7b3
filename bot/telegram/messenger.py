"""The fast path for pushes: a message becomes bytes once and goes to many chats; answers become outcomes.

The sender calls ``send`` under its own permits; nothing here waits for limits or tries again later. The one
second attempt is for a message whose markup Telegram refuses: it goes out without it at once, so that nobody
waits for a programmer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import aiohttp
import structlog

from bot.model import Address, Later, Message, Outcome, Refused
from bot.telegram.encoding import addressed, parameters_of, shared_part, simplified
from bot.telegram.fast_post import FastPost
from bot.telegram.faults import Fault
from bot.telegram.outcomes import TROUBLE_PAUSE_S, read_outcome

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PATIENCE_S = 30.0
"""A push may take this long, with everything; whoever waits longer holds a place that others need."""

CONNECT_PATIENCE_S = 10.0

DISTINCT_MESSAGES = 512
"""How many encoded messages are kept: what goes to many chats goes within moments."""


class Messenger:
    """Sends messages over a session that somebody else owns; ``api_url`` is the setting, without the token.

    ``paid`` passes ``allow_paid_broadcast``: above the free limit, for Stars.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        token: str,
        *,
        paid: bool = False,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._paid = paid
        self._line = FastPost(
            session,
            f"{api_url.rstrip('/')}/bot{token}/sendMessage",
            patience_s=patience_s,
            connect_s=min(patience_s, CONNECT_PATIENCE_S),
        )
        self._shared_part = lru_cache(maxsize=DISTINCT_MESSAGES)(self._encode)

    async def send(
        self, address: Address, message: Message, leaving: Callable[[], None] | None = None, /
    ) -> Outcome:
        """Send ``message``; formatting or buttons that Telegram refuses are left out in a second attempt.

        ``leaving`` is called when the request is written (see :class:`bot.model.Send`).
        """
        outcome = await self._post(addressed(address, self._shared_part(message)), leaving)
        if not isinstance(outcome, Refused):
            return outcome
        simpler = simplified(parameters_of(message, self._paid), outcome.reason)
        if simpler is None:
            return outcome
        log.warning(
            "message refused, sent without what was refused", cause=outcome.cause, what=outcome.reason
        )
        return await self._post(addressed(address, shared_part(simpler)))

    async def _post(self, content: bytes, leaving: Callable[[], None] | None = None) -> Outcome:
        answer = await self._line.post(content, leaving)
        if isinstance(answer, Fault):
            return Later(TROUBLE_PAUSE_S, answer.words, unsure=answer.unsure)
        return read_outcome(*answer)

    def _encode(self, message: Message) -> bytes:
        return shared_part(parameters_of(message, self._paid))
