"""What there is to type: every command with its one line, in the order of /help and of Telegram's menu."""

from __future__ import annotations

from dataclasses import dataclass

from bot.language import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """A command and what it does, to be translated; ``for_groups``: stands in groups' menus too."""

    command: str
    phrase: str
    for_groups: bool = False


MENU = (
    Entry("latest", N_("The latest stories"), for_groups=True),
    Entry("rates", N_("Exchange rates of the day"), for_groups=True),
    Entry("subscribe", N_("Follow countries and topics"), for_groups=True),
    Entry("unsubscribe", N_("Stop following"), for_groups=True),
    Entry("subscriptions", N_("What you follow"), for_groups=True),
    Entry("start", N_("Begin, or begin again")),
    Entry("help", N_("All commands"), for_groups=True),
)
