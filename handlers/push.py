"""What a due chat gets: the sender asks here, so that pushes are worded by the same hands as answers.

In come a chat, the log entries that it is owed, and the time; out comes one message, or none. Wording is
cached: a story that goes to many chats in one language and zone is worded once a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.briefing import html
from bot.briefing.alert_card import alert_card
from bot.briefing.cards import story_card
from bot.briefing.digest import WINDOW
from bot.briefing.edition import Edition
from bot.briefing.rate_alerts import due_alert
from bot.briefing.story_list import MOST_SHOWN, story_list
from bot.catalogue import Catalogue
from bot.language import Tongues
from bot.model import Article, Chat, ChatKind, LogEntry, Message
from bot.store.announcements import ANNOUNCEMENT
from bot.store.recent import Recent
from handlers.buttons import ShowLatest, encode
from handlers.digest import Briefings

WORDINGS_KEPT = 1024
MINUTE = timedelta(minutes=1)


class PushWriter:
    """Words what a chat is owed."""

    def __init__(self, catalogue: Catalogue, tongues: Tongues, now: Callable[[], datetime]) -> None:
        self._catalogue = catalogue
        self._tongues = tongues
        self._now = now
        self._worded = lru_cache(maxsize=WORDINGS_KEPT)(self._word)
        self._briefings = Briefings(tongues, catalogue)
        self._edition = Edition(())
        self._edition_number = -1
        self._minute = datetime.min.replace(tzinfo=UTC)

    def stories(self, chat: Chat, owed: Sequence[LogEntry]) -> Message | None:
        """One message with everything that ``chat`` is owed, oldest first; above ten, the most relevant ten.

        None if nothing is owed, or if the chat does not want pushes.
        """
        if not owed or not chat.reachable:
            return None
        if ANNOUNCEMENT in owed[0].article.topics:
            return dressed(Message(owed[0].article.summary), chat)
        if owed[0].article.move:
            return self._alerts(chat, owed)
        if not chat.mode.pushes:
            return None
        shown = owed if len(owed) <= MOST_SHOWN else most_relevant(chat, owed, MOST_SHOWN)
        articles = tuple([entry.article for entry in shown])
        wording = self._worded(articles, len(owed), chat.language, chat.timezone, self._this_minute())
        return dressed(wording, chat)

    def _this_minute(self) -> datetime:
        now = self._now()
        if not self._minute <= now < self._minute + MINUTE:
            self._minute = now.replace(second=0, microsecond=0)
        return self._minute

    def _alerts(self, chat: Chat, owed: Sequence[LogEntry]) -> Message | None:
        """The alerts of rates that moved; None if the chat has changed its mind about them."""
        moves = [entry.article.move for entry in owed if entry.article.move]
        due = [
            (alert, move.credit) for move in moves if (alert := due_alert(chat.alerts, move.old, move.new))
        ]
        if not due:
            return None
        alerts, credits = zip(*due, strict=True)
        return dressed(alert_card(alerts, self._tongues[chat.language], self._catalogue, credits), chat)

    def briefing(self, chat: Chat, since: datetime, recent: Recent, now: datetime) -> Message | None:
        """The chat's briefing of the moment ``now``, with what came out between ``since`` and then.

        None on a day without news, for who wants none then.
        """
        if recent.edition != self._edition_number:
            self._edition, self._edition_number = Edition(recent.articles), recent.edition
        choice = self._edition.choose(chat.follows, max(since, now - WINDOW), now)
        if not choice.stories and chat.briefing and chat.briefing.skip_empty:
            return None
        local = now.astimezone(ZoneInfo(chat.timezone))
        return dressed(self._briefings.write(chat, choice, recent.quotes, local, recent.credits), chat)

    def _word(
        self, articles: tuple[Article, ...], total: int, language: str, timezone: str, minute: datetime
    ) -> Message:
        tongue = self._tongues[language]
        local = minute.astimezone(ZoneInfo(timezone))
        if total == 1:
            return story_card(articles[0], tongue, self._catalogue, local)
        data = encode(ShowLatest())
        return story_list(articles, tongue, self._catalogue, local, total=total, latest_data=data)


def dressed(message: Message, chat: Chat) -> Message:
    """A message as this chat wants its pushes: with or without a sound, signed; a channel has no buttons.

    Buttons below a post would be everybody's, and what they bring would be posts, too.
    """
    if not chat.signature and not chat.silent and chat.kind is not ChatKind.CHANNEL:
        return message
    signature = html.isolated(chat.signature)
    signed = html.joined("\n\n", (html.Html(message.html), signature))
    fits = html.visible_length(signed) <= html.LONGEST_MESSAGE if signature else False
    buttons = () if chat.kind is ChatKind.CHANNEL else message.buttons
    return replace(message, html=signed if fits else message.html, buttons=buttons, silent=chat.silent)


def most_relevant(chat: Chat, owed: Sequence[LogEntry], limit: int) -> list[LogEntry]:
    """The ``limit`` entries that touch most of what the chat follows, the newer the better; in log order."""

    def relevance(entry: LogEntry) -> tuple[int, int]:
        return len(chat.follows.keys() & set(entry.article.tags)), entry.position

    best = sorted(owed, key=relevance, reverse=True)[:limit]
    return sorted(best, key=lambda entry: entry.position)
