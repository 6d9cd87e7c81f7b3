"""What operators work with: numbers, announcements, the switch for pushes. One value, made by :func:`open_desk`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from bot.store.announcements import Announcements
from bot.store.backlog import BacklogMeter
from bot.store.chats import Chats
from bot.store.connect import Database
from bot.store.held_rates import HeldRates
from bot.store.push_switch import PushSwitch
from bot.store.set_aside import SetAsideMessages
from bot.store.source_reports import SourceReports
from bot.store.statistics import Activity, ChatCensus, SentCounter


@dataclass(frozen=True, slots=True)
class Desk:
    """The rooms of the store that only operators ask."""

    activity: Activity
    announcements: Announcements
    backlog: BacklogMeter
    held_rates: HeldRates
    census: ChatCensus
    pushes: PushSwitch
    sent: SentCounter
    set_aside: SetAsideMessages
    sources: SourceReports


def open_desk(
    database: Database, chats: Chats, messages_per_second: float, now: Callable[[], dt.datetime]
) -> Desk:
    """Make a desk over a database that somebody else closes."""
    return Desk(
        activity=Activity(database, now),
        announcements=Announcements(database),
        backlog=BacklogMeter(database, messages_per_second),
        census=ChatCensus(chats),
        held_rates=HeldRates(database),
        pushes=PushSwitch(database),
        sent=SentCounter(database, now),
        set_aside=SetAsideMessages(database),
        sources=SourceReports(database),
    )
