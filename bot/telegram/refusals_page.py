"""The page docs/telegram-errors.md, written from the table in ``refusals``: every text that is told apart, and why.

After changing the table: ``python -m bot.telegram.refusals_page > docs/telegram-errors.md`` (a test remembers it).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bot.model import GoneReason, RefusedReason
from bot.telegram.refusals import REFUSALS, Pause, Row, Verdict

GONE = (
    "Nothing more is sent there, to none of its topics. The settings wait 30 days for the chat to come back."
)
TOPIC = "That topic alone gets nothing more, and an administrator is told, once. Nothing falls into General."
SET_ASIDE = "Tried three times, with growing pauses; then set aside for the operators (`/stats`), and the chat goes on."

CONSEQUENCES: dict[GoneReason | RefusedReason, str] = {
    **dict.fromkeys(GoneReason, GONE),
    GoneReason.TOPIC_CLOSED: f"{TOPIC} Reopened, it gets its stories again.",
    GoneReason.TOPIC_DELETED: TOPIC,
    RefusedReason.MARKUP: "Sent again at once as plain text.",
    RefusedReason.KEYBOARD: "Sent again at once without buttons.",
    RefusedReason.TOO_LONG: SET_ASIDE,
    RefusedReason.EMPTY: SET_ASIDE,
    RefusedReason.UNKNOWN: SET_ASIDE,
}

HEAD = """\
# What Telegram says when it says no

Telegram explains a refusal in a sentence, and moves sentences between status 400 and 403 from time to time. So the
messenger goes by the text: the first row whose text occurs in the description, in any letter case, decides. This
page is made from [`bot/telegram/refusals.py`](../bot/telegram/refusals.py) by `python -m bot.telegram.refusals_page`.

"""

TAIL = """
## What is decided without a text

| answer | what the bot does |
|---|---|
| `migrate_to_chat_id` in the parameters | The group became a supergroup: settings, cursor and followers move to \
the new id, and what is owed goes there. |
| status 429 | The chat waits exactly as long as `retry_after` says; if a second chat is refused within ten seconds, \
the whole bot does. Nothing is lost, and it counts against no message. |
| status 401 or 404 | The token is not accepted: everything stays owed, and is tried again after five minutes. |
| status 403 with another text | As for a chat that is gone. |
| status 400 to 499 with another text | Tried three times, then set aside for the operators. |
| status 500 and above, no answer, no JSON | Everything stays owed, and is tried again with growing pauses. |
"""


def page() -> str:
    """The whole page."""
    return HEAD + "\n".join(_table()) + "\n" + TAIL


def _table() -> Iterator[str]:
    yield "| text | what it means | what the bot does |"
    yield "|---|---|---|"
    yield from map(_line, REFUSALS)


def _line(row: Row) -> str:
    meaning = row.meaning[:1].upper() + row.meaning[1:]
    return f"| `{row.text}` | {meaning}. | {consequence(row.verdict)} |"


def consequence(verdict: Verdict) -> str:
    """What the bot does, in words."""
    if isinstance(verdict, Pause):
        minutes = round(verdict.after_s / 60)
        return (
            f"Everything stays owed, and is tried again after {minutes} minutes: only the operator can help."
        )
    return CONSEQUENCES[verdict]


if __name__ == "__main__":
    sys.stdout.write(page())
