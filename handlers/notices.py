"""What an administrator is told when a topic of their forum does not take stories any more."""

from __future__ import annotations

from bot.briefing import html
from bot.language import N_, Tongues
from bot.model import Address, Chat, GoneReason, Message

_PHRASES = {
    GoneReason.TOPIC_CLOSED: N_(
        "{topic} in “{group}” was closed, so I post nothing there. Its settings are kept: open it again, and stories "
        "go on."
    ),
    GoneReason.TOPIC_DELETED: N_(
        "{topic} in “{group}” was deleted, so I post nothing there any more. Other topics get their stories as before."
    ),
}
FIRST_SUPERGROUP = 1_000_000_000_000
"""Links to messages of private groups carry the id without Telegram's "-100"."""


def topic_notice(tongues: Tongues, chat: Chat, group: str, reason: GoneReason) -> Message:
    """Word the notice, in the topic's language."""
    tongue = tongues[chat.language]
    topic = html.link(html.text(tongue.gettext("A topic")), topic_link(chat.address))
    phrase = tongue.gettext(_PHRASES[reason])
    return Message(html.fill(phrase, topic=topic, group=html.isolated(html.one_line(group))))


def topic_link(address: Address) -> str:
    """Where a topic is, for those who are in the group."""
    return f"https://t.me/c/{-address.chat_id - FIRST_SUPERGROUP}/{address.thread_id}"
