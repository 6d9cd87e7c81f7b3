"""Messages that Telegram refused again and again for a reason we do not know: kept for the operators to see.

The settler writes them here before it moves the chat's cursor past them; ``/stats`` and the status page show the
newest. A stream, because its ids carry Redis' own time; capped, and gone a month after the last one. Of the chat
only a pseudonym is kept, of the message only which stories were in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.model import Address
from bot.store import keys
from bot.store.connect import Command, Database

MOST_KEPT = 200
LIFETIME_S = 30 * 86_400


@dataclass(frozen=True, slots=True)
class SetAside:
    """A message given up: for which chat (a pseudonym), why (Telegram's words), with which stories.

    ``at`` is None until it has been stored.
    """

    chat: str
    cause: str
    article_ids: tuple[str, ...]
    at: datetime | None = None


class SetAsideMessages:
    """The newest messages given up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, messages: Sequence[SetAside]) -> None:
        """Keep these; the oldest make room. Raises StoreUnavailable."""
        commands: list[Command] = [
            (
                *("XADD", keys.SET_ASIDE, "MAXLEN", MOST_KEPT, "*"),
                *("chat", message.chat, "cause", message.cause, "articles", " ".join(message.article_ids)),
            )
            for message in messages
        ]
        if commands:
            await self._database.run_many([*commands, ("EXPIRE", keys.SET_ASIDE, LIFETIME_S)])

    async def newest(self, limit: int = 20) -> list[SetAside]:
        """The newest first. Raises StoreUnavailable."""
        found = await self._database.run(("XREVRANGE", keys.SET_ASIDE, "+", "-", "COUNT", limit))
        return [
            SetAside(
                chat=fields[b"chat"].decode(),
                cause=fields[b"cause"].decode(),
                article_ids=tuple(fields[b"articles"].decode().split()),
                at=datetime.fromtimestamp(int(entry_id.partition(b"-")[0]) / 1000, UTC),
            )
            for entry_id, fields in found
        ]


def pseudonym(address: Address) -> str:
    """A chat's name in logs and reports: always the same for one chat, and not its id."""
    return hashlib.blake2b(str(address).encode(), digest_size=5).hexdigest()
