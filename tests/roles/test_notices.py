"""A lost topic: one administrator is told, the owner first; who cannot be written to is passed over."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.demo.local_telegram import LocalTelegram
from bot.demo.people import Place
from bot.language import Tongues
from bot.model import Address, Chat, ChatKind, GoneReason, Message
from bot.roles.notices import Notices
from bot.telegram.groups import Groups
from bot.telegram.messenger import Messenger
from handlers.notices import topic_notice


class Unhurried:
    """Permits for everything at once."""

    async def answer(self, chat_id: int | None) -> float:
        return 0.0

    async def hold(self, chat_id: int | None, retry_after_s: float) -> None:
        raise AssertionError("nothing is limited here")


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram() as telegram:
        yield telegram


@pytest.fixture
async def notices(telegram: LocalTelegram) -> AsyncIterator[Notices]:
    async with aiohttp.ClientSession() as session:
        groups = Groups(session, telegram.api_url, telegram.token)
        send = Messenger(session, telegram.api_url, telegram.token).send

        def word(chat: Chat, group: str, reason: GoneReason) -> Message:
            return topic_notice(Tongues(), chat, group, reason)

        notices = Notices(groups, Unhurried(), send, word)
        yield notices
        await notices.aclose()


def lost(forum: Place, language: str = "en") -> Chat:
    return Chat(Address(forum.id, forum.topics[0].thread_id), ChatKind.SUPERGROUP, language, "Asia/Almaty")


async def test_the_owner_is_told_first_in_the_topics_language(
    telegram: LocalTelegram, notices: Notices
) -> None:
    owner, other = telegram.user(1, "Owner"), telegram.user(2, "Other")
    forum = telegram.supergroup("Редакция <1>", topics=["Energy"], administrators=[other], owner=owner)
    for person in (owner, other):
        await person.say("/start")
    notices.topic_lost(lost(forum, "ru"), GoneReason.TOPIC_CLOSED)
    await telegram.wait_for(lambda: owner.inbox)
    assert (owner.last.text or "").startswith("Тема в «Редакция <1>» закрыта")
    assert owner.last.links == [f"https://t.me/c/{-forum.id - 10**12}/{forum.topics[0].thread_id}"]
    assert not other.inbox


async def test_who_never_spoke_to_the_bot_is_passed_over(telegram: LocalTelegram, notices: Notices) -> None:
    owner, other = telegram.user(1, "Owner"), telegram.user(2, "Other")
    forum = telegram.supergroup("Newsroom", topics=["Energy"], administrators=[other], owner=owner)
    await other.say("/start")
    notices.topic_lost(lost(forum), GoneReason.TOPIC_DELETED)
    await telegram.wait_for(lambda: other.inbox)
    assert "was deleted" in (other.last.text or "")
    assert not owner.inbox


async def test_a_group_that_cannot_be_asked_is_no_trouble(telegram: LocalTelegram, notices: Notices) -> None:
    forum = telegram.supergroup("Newsroom", topics=["Energy"])
    chat = lost(forum)
    forum.delete()
    notices.topic_lost(chat, GoneReason.TOPIC_DELETED)
    calls = telegram.journal.calls
    await telegram.wait_for(lambda: any(call.method == "getChatAdministrators" for call in calls))
    assert telegram.journal.answers["sendMessage", 200] == 0
