"""The nouns of the product, as frozen values. Every other room speaks in these; this one imports nothing of ours.

Times are aware datetimes, money is :class:`~decimal.Decimal`, log positions are integers. The rooms of this package
are for reading; everybody imports from the package itself.
"""

from bot.model.messages import Button, Message
from bot.model.outcomes import Gone, GoneReason, Later, Moved, Outcome, Refused, RefusedReason, Sent
from bot.model.readers import (
    Address,
    BriefingPlan,
    Chat,
    ChatKind,
    Days,
    Mode,
    Position,
    QuietHours,
    RateAlert,
    RateRule,
    RateThreshold,
    Side,
    Tag,
)
from bot.model.seams import AnswerPermits, Lane, Send
from bot.model.stories import Article, FeedEntry, Fixing, LogEntry, Page, Quote, RateMove

__all__ = [
    "Address",
    "AnswerPermits",
    "Article",
    "BriefingPlan",
    "Button",
    "Chat",
    "ChatKind",
    "Days",
    "FeedEntry",
    "Fixing",
    "Gone",
    "GoneReason",
    "Lane",
    "Later",
    "LogEntry",
    "Message",
    "Mode",
    "Moved",
    "Outcome",
    "Page",
    "Position",
    "QuietHours",
    "Quote",
    "RateAlert",
    "RateMove",
    "RateRule",
    "RateThreshold",
    "Refused",
    "RefusedReason",
    "Send",
    "Sent",
    "Side",
    "Tag",
]
