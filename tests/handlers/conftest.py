"""The whole conversation for tests: the local Telegram, a real Redis, and between them our handlers."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from bot.catalogue import load_catalogue
from bot.demo.local_telegram import LocalTelegram
from bot.demo.nouns import Message
from bot.demo.people import Place, Someone
from bot.language import Tongues
from bot.model import Address, Article, Chat, Tag
from bot.store.articles import Articles
from bot.store.chats import Chats
from bot.store.connect import Database
from bot.store.pictures import Pictures
from bot.store.rate_history import RateHistory
from bot.store.rates import Rates
from bot.store.search import Search
from bot.telegram.application import ALLOWED_UPDATES, build_application, initialize
from bot.telegram.limiter import AnswerLimiter
from bot.telegram.polling import AnyApplication, Poller
from bot.telegram.session import open_session
from bot.telegram.transport import AiohttpRequest
from handlers import register
from handlers.desk import open_desk
from handlers.services import Defaults, Services

OPERATOR = 900
"""The user id of the operator."""


class Unhurried:
    """Permits for everything at once: limits are tested where they are kept."""

    async def answer(self, chat_id: int | None) -> float:
        return 0.0

    async def hold(self, chat_id: int | None, retry_after_s: float) -> None:
        raise AssertionError("the local Telegram has no limits here")


@dataclass(frozen=True)
class World:
    """Telegram, the services behind the handlers, and what tests do with them."""

    telegram: LocalTelegram
    services: Services

    async def ask(self, who: Someone, text: str, place: Place | None = None) -> Message:
        """Say something and give the bot's next message, in the private chat or in ``place``."""
        before = len(self._inbox(who, place))
        await who.say(text, to=place)
        await self.telegram.wait_for(lambda: len(self._inbox(who, place)) > before)
        return self._inbox(who, place)[-1]

    async def says(self, who: Someone, text: str, place: Place | None = None) -> str:
        """Say something and give the text of the answer."""
        return (await self.ask(who, text, place)).text or ""

    async def stored(self, who: Someone | Place, thread_id: int | None = None) -> Chat:
        """The chat as it is stored now."""
        chat = await self.services.chats.get(Address(who.id, thread_id))
        assert chat is not None
        return chat

    def _inbox(self, who: Someone, place: Place | None) -> list[Message]:
        return place.inbox if place else who.inbox


def labels(message: Message) -> list[str]:
    """The labels of all buttons, row by row."""
    return [label for row in message.labels for label in row]


def stories(count: int) -> list[Article]:
    """Invented stories, newest first, by turns from Uzbekistan and Kazakhstan, all about energy."""
    now = dt.datetime.now(dt.UTC)
    return [
        Article(
            id=f"a{number}",
            title=f"Story {number}",
            link=f"https://news.example/{number}",
            published=now - dt.timedelta(minutes=5 * number + 5),
            source="The Steppe Courier",
            summary="It happened. It is over.",
            countries=(Tag("KZ"),) if number % 2 else (Tag("UZ"),),
            topics=(Tag("energy"),),
            aliases=(f"https://news.example/{number}",),
        )
        for number in range(count)
    ]


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram() as telegram:
        yield telegram


@pytest.fixture
def services(database: Database) -> Services:
    chats, articles = Chats(database), Articles(database, retention_s=90 * 86_400)
    return Services(
        chats=chats,
        articles=articles,
        rates=Rates(database),
        history=RateHistory(database),
        pictures=Pictures(database),
        catalogue=load_catalogue(),
        tongues=Tongues(),
        defaults=Defaults("en", "Asia/Almaty", dt.time(8, 0)),
        now=utc_now,
        search=Search(database, articles),
        desk=open_desk(database, chats, 30, utc_now),
        operators=frozenset({OPERATOR}),
    )


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
async def world(telegram: LocalTelegram, services: Services) -> AsyncIterator[World]:
    stopping = asyncio.Event()
    async with AsyncExitStack() as life:
        application = await an_application(telegram, life)
        register(application, services)
        assert await initialize(application, stopping)
        life.push_async_callback(application.shutdown)
        polling = asyncio.create_task(Poller(application, ALLOWED_UPDATES).run(stopping))
        yield World(telegram, services)
        await services.live.aclose()
        services.charts.close()
        stopping.set()
        await polling


async def an_application(telegram: LocalTelegram, life: AsyncExitStack) -> AnyApplication:
    sessions = [await life.enter_async_context(open_session(telegram.api_url, 8)) for _ in range(2)]
    return build_application(
        token=telegram.token,
        api_url=telegram.api_url,
        calls=AiohttpRequest(sessions[0]),
        polls=AiohttpRequest(sessions[1]),
        limiter=AnswerLimiter(Unhurried()),
    )


@pytest.fixture
def aigul(telegram: LocalTelegram) -> Someone:
    return telegram.user(1, "Aigul")
