"""A Telegram of our own on 127.0.0.1: the world, its Bot API, its chat page, and handles for tests.

    async with LocalTelegram() as telegram:
        aigul = telegram.user(1, "Aigul", language_code="kk")
        …start the bot with BOT_API_URL=telegram.api_url and BOT_TOKEN=telegram.token…
        await aigul.say("/start")
        welcome = await telegram.wait_for(lambda: aigul.inbox)

Everything runs in the caller's event loop; bots under test are other processes, or tasks of the same loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, Unpack

from aiohttp import web

from bot.demo.bot_api import BotApi
from bot.demo.faults import Weather
from bot.demo.files import FileStore
from bot.demo.journal import Delivery, Journal
from bot.demo.limits import NO_LIMITS, Limits, Policeman
from bot.demo.nouns import Chat, Message
from bot.demo.people import Place, Someone
from bot.demo.platform import Platform
from bot.demo.profile import Profile
from bot.demo.queries import Queries
from bot.demo.telegram_world import ANONYMOUS_ADMINISTRATOR, FIRST_SUPERGROUP_ID, Clocks, TelegramWorld
from bot.demo.webhook import push_updates
from bot.demo.who import Kind, Member, Person, Status

T = TypeVar("T")
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

TEST_TOKEN = "424242:local-telegram-does-not-check-this-part"
BIGGEST_BODY_BYTES = 20 * 1024 * 1024


class PlaceWishes(TypedDict, total=False):
    """What a new group or channel may be given. ``bot`` is what the bot is in it, without being told."""

    chat_id: int
    username: str
    owner: Someone
    administrators: Iterable[Someone]
    members: Iterable[Someone]
    bot: Status


class LocalTelegram:
    """One bot, everybody around it, and the server that the bot talks to.

    ``limits``: off unless given (``Limits()`` are Telegram's own). ``now`` dates messages, ``monotonic``
    drives limits and the journal. ``journal_keeps`` bounds the memory of a long run (``None``: all).
    ``hospitable``: any chat id exists. State survives ``outage()``; nothing survives the ``async with``.
    """

    def __init__(
        self,
        *,
        token: str = TEST_TOKEN,
        username: str = "local_briefing_bot",
        name: str = "Briefing Bot",
        limits: Limits = NO_LIMITS,
        port: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        journal_keeps: int | None = None,
        hospitable: bool = False,
    ) -> None:
        self.token = token
        self.port = port
        self.journal = Journal(journal_keeps)
        bot = Person(int(token.split(":")[0]), name, username=username, is_bot=True)
        clocks = Clocks(now, monotonic)
        self.world = TelegramWorld(bot, clocks, self.journal, hospitable=hospitable)
        self.platform = Platform(self.world, Queries(self.world), Profile(), FileStore())
        self.policeman = Policeman(limits)
        self.bot_api = BotApi(token, self.platform, self.policeman)
        self.other_pages: Handler | None = None
        self._life = AsyncExitStack()
        self._runner: web.ServerRunner | None = None

    # ── coming up and going down ──────────────────────────────────────────────────────────────────

    async def __aenter__(self) -> Self:
        await self._listen()
        pusher = asyncio.create_task(push_updates(self.world), name="webhook")
        self._life.push_async_callback(_stop, pusher)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()
        await self._life.aclose()

    async def _listen(self) -> None:
        server = web.Server(self._serve, request_factory=_request, access_log=None)
        runner = web.ServerRunner(server, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = runner.addresses[0][1]
        self._runner = runner

    async def _close(self) -> None:
        self.world.updates.send_poller_away()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith(("/bot", "/file/bot")):
            return await self.bot_api.serve(request)
        if self.other_pages is not None:
            return await self.other_pages(request)
        return web.Response(status=404, text="Nothing here. The Bot API is at /bot<token>/<method>.\n")

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Telegram cannot be reached while this lasts: connections break, new ones are refused."""
        await self._close()
        try:
            yield
        finally:
            await self._listen()

    # ── where things are ──────────────────────────────────────────────────────────────────────────

    @property
    def api_url(self) -> str:
        """For BOT_API_URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def weather(self) -> Weather:
        """What goes wrong, call by call; see ``faults``."""
        return self.bot_api.weather

    @weather.setter
    def weather(self, weather: Weather) -> None:
        self.bot_api.weather = weather

    # ── who there is ──────────────────────────────────────────────────────────────────────────────

    def user(
        self,
        person_id: int,
        name: str = "Reader",
        *,
        language_code: str | None = "en",
        username: str | None = None,
    ) -> Someone:
        """Introduce a person, or get the one who has this id."""
        person = self.world.people.get(person_id)
        if person is None:
            person = Person(person_id, name, language_code, username)
            self.world.add_person(person)
        return Someone(self.platform, person)

    def group(self, title: str = "Group", **wishes: Unpack[PlaceWishes]) -> Place:
        """A basic group; the bot is a member of it unless ``bot`` says otherwise."""
        return self._place(Kind.GROUP, title, wishes)

    def supergroup(
        self, title: str = "Supergroup", *, topics: Sequence[str] = (), **wishes: Unpack[PlaceWishes]
    ) -> Place:
        """A supergroup; with ``topics`` it is a forum."""
        place = self._place(Kind.SUPERGROUP, title, wishes)
        place.chat.is_forum = bool(topics)
        for topic in topics:
            self.world.open_topic(place.chat, topic, ANONYMOUS_ADMINISTRATOR)
        return place

    def channel(self, title: str = "Channel", **wishes: Unpack[PlaceWishes]) -> Place:
        """A channel; the bot is an administrator of it unless ``bot`` says otherwise."""
        return self._place(Kind.CHANNEL, title, {"bot": Status.ADMINISTRATOR, **wishes})

    def _place(self, kind: Kind, title: str, wishes: PlaceWishes) -> Place:
        chat = Chat(
            wishes.get("chat_id") or self._free_id(kind), kind, title=title, username=wishes.get("username")
        )
        statuses = [(someone, Status.MEMBER) for someone in wishes.get("members", ())]
        statuses += [(someone, Status.ADMINISTRATOR) for someone in wishes.get("administrators", ())]
        if (owner := wishes.get("owner")) is not None:
            statuses.append((owner, Status.CREATOR))
        chat.members = {who.id: Member(who.person, status) for who, status in statuses}
        if (status := wishes.get("bot", Status.MEMBER)) is not Status.LEFT:
            chat.members[self.world.bot.id] = Member(self.world.bot, status)
        self.world.add_chat(chat)
        return Place(self.platform, chat)

    def _free_id(self, kind: Kind) -> int:
        if kind is Kind.GROUP:
            return (
                min((c.id for c in self.world.chats.values() if c.kind is kind), default=-4_000_000_000) - 1
            )
        return min((*self.world.chats, FIRST_SUPERGROUP_ID)) - 1

    def migrate(self, group: Place, by: Someone) -> Place:
        """Turn a group into a supergroup."""
        return Place(self.platform, self.world.migrate(group.chat, by.person))

    # ── what happened ─────────────────────────────────────────────────────────────────────────────

    def deliveries(self, chat_id: int) -> list[Delivery]:
        """What reached a chat, as first sent, oldest first."""
        return self.journal.deliveries(chat_id)

    def messages(self, chat_id: int) -> list[Message]:
        """Everything in a chat as it stands now."""
        return list(self.world.find(chat_id).messages.values())

    async def wait_for(self, condition: Callable[[], T], timeout_s: float = 10) -> T:
        """The first true value of ``condition``, looked at after each thing that happens here.

        Raises TimeoutError, naming the newest calls of the bot.
        """
        try:
            return await self.world.bell.wait_for(condition, timeout_s)
        except TimeoutError:
            calls = [f"{call.method} {call.status} {call.description}".strip() for call in self.journal.calls]
            raise TimeoutError(f"not within {timeout_s} s; the bot's newest calls: {calls[-8:]}") from None


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=BIGGEST_BODY_BYTES)


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
