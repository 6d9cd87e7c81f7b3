"""What the sender asks about groups: who administers one, and what it is called. Two calls of the Bot API, as they are.

Anything that goes wrong is an empty answer: these questions are asked to be kind, nothing depends on them.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import orjson
from yarl import URL

from bot.telegram.faults import WIRE_ERRORS
from bot.telegram.outcomes import read_json

PATIENCE_S = 10.0
OWNER = "creator"


class Groups:
    """Asks over a session that somebody else owns."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str, token: str) -> None:
        self._session = session
        self._base = f"{api_url.rstrip('/')}/bot{token}"
        self._timeout = aiohttp.ClientTimeout(total=PATIENCE_S)

    async def administrators(self, chat_id: int) -> list[int]:
        """User ids of the people who administer a group, the owner first."""
        members = await self._ask("getChatAdministrators", chat_id) or []
        people = [member for member in members if not member["user"]["is_bot"]]
        people.sort(key=lambda member: member["status"] != OWNER)
        return [member["user"]["id"] for member in people]

    async def title(self, chat_id: int) -> str:
        """What a group is called."""
        return str((await self._ask("getChat", chat_id) or {}).get("title") or "")

    async def _ask(self, method: str, chat_id: int) -> Any:
        """The result of a call; None if there is none."""
        try:
            async with self._session.post(
                URL(f"{self._base}/{method}"),
                data=orjson.dumps({"chat_id": chat_id}),
                headers={"Content-Type": "application/json"},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                reply = read_json(await response.read())
        except WIRE_ERRORS:
            return None
        return reply.get("result") if reply and reply.get("ok") is True else None
