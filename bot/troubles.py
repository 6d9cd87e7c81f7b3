"""The last troubles in words, for the status page: what the log says at WARNING and above, without its details.

A logging handler beside the one that writes. It keeps the event, the source and the cause; chats, update ids and
everything else that belongs to a person stay out. Other libraries' records are named, not quoted.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.redaction import redactor
from bot.store.pulse import Trouble

KEPT = 50
LONGEST = 240
SHOWN_FIELDS = ("role", "source", "waiting", "why", "cause")


class TroubleBook(logging.Handler):
    """Listens to the log while it is open (:meth:`open`)."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(logging.WARNING)
        self._redact = redactor(secrets)
        self._troubles: deque[Trouble] = deque(maxlen=KEPT)

    def open(self) -> None:
        """Begin to listen."""
        logging.getLogger().addHandler(self)

    def close(self) -> None:
        """Listen no more."""
        logging.getLogger().removeHandler(self)
        super().close()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record (logging calls this, from any thread)."""
        words = self._redact(_words(record))
        shown = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
        at = datetime.fromtimestamp(record.created, UTC)
        self._troubles.append(Trouble(at, shown, record.levelno >= logging.ERROR))

    def drain(self) -> Sequence[Trouble]:
        """Everything since the last time, oldest first."""
        found = []
        while self._troubles:
            found.append(self._troubles.popleft())
        return found

    def put_back(self, troubles: Sequence[Trouble]) -> None:
        """They could not be written down: keep them for the next time."""
        self._troubles.extendleft(reversed(troubles))


def _words(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, dict):
        return f"a library complains (see the log): {record.name}"
    details = [str(record.msg[name]) for name in SHOWN_FIELDS if record.msg.get(name)]
    return ": ".join([str(record.msg.get("event", "trouble")), *details])
