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
    Entry("search", N_("Search the stories"), for_groups=True),
    Entry("rates", N_("Today’s exchange rates"), for_groups=True),
    Entry("convert", N_("How much is it in another currency?"), for_groups=True),
    Entry("chart", N_("A rate’s history as a picture"), for_groups=True),
    Entry("subscribe", N_("Choose countries and topics"), for_groups=True),
    Entry("unsubscribe", N_("Stop following"), for_groups=True),
    Entry("subscriptions", N_("What you follow"), for_groups=True),
    Entry("briefing", N_("The briefing: now, or every day at a time"), for_groups=True),
    Entry("settings", N_("All settings"), for_groups=True),
    Entry("mode", N_("Each story, only the briefing, or both")),
    Entry("alert", N_("Hear of a rate when it moves")),
    Entry("quiet", N_("Quiet hours")),
    Entry("timezone", N_("Your time zone")),
    Entry("language", N_("Your language")),
    Entry("channel", N_("Set up your channel")),
    Entry("stop", N_("Pause everything")),
    Entry("start", N_("Start, or start over")),
    Entry("privacy", N_("What I know about you")),
    Entry("delete", N_("Forget everything about this chat")),
    Entry("help", N_("All commands"), for_groups=True),
)

OPERATORS_MENU = (
    Entry("stats", N_("Numbers of this bot")),
    Entry("sources", N_("How each source is doing")),
    Entry("announce", N_("A message to every chat")),
    Entry("pause", N_("Stop all pushes")),
    Entry("resume", N_("Let pushes go on")),
)
"""Only in the menus of operators, nowhere else."""
