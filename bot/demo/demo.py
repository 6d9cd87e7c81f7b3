"""Everything that ``briefing-bot demo`` puts around the bot: the local Telegram, its chat page, the samples.

    async with Demo(port=8090) as demo:
        …run the bot with demo.token, demo.api_url and the sources of demo.sources_toml…

There is one person ("you", played on the page), a forum group with two topics and a channel; the bot is in
all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.demo import samples
from bot.demo.limits import Limits
from bot.demo.local_telegram import LocalTelegram
from bot.demo.page_api import PageApi
from bot.demo.page_view import LinkCard, PageView
from bot.demo.who import Status

TOKEN = "1234567890:demo-token-that-opens-nothing-but-this-page"
YOU = 1001
SAMPLE_NOTES = {
    "label": "Sample data",
    "note": "Everything happens on this machine. Stories and rates are invented; a new story comes every minute.",
}
LIVE_NOTES = {
    "label": "Live sources",
    "note": "The chat happens on this machine; stories and rates come from the real sources.",
}
KEPT_CALLS = 2000


class Demo:
    """The surroundings of a bot without a token.

    ``live``: the page says that the stories are real (the caller then gives the bot its real sources).
    ``interval``: between two sample stories. ``port`` 0 takes any free one.
    """

    def __init__(
        self,
        *,
        port: int = 8090,
        live: bool = False,
        interval: timedelta = timedelta(minutes=1),
        limits: Limits | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.telegram = LocalTelegram(
            token=TOKEN,
            username="briefing_demo_bot",
            limits=limits or Limits(),
            port=port,
            now=now,
            journal_keeps=KEPT_CALLS,
        )
        self.token = TOKEN
        self._now = now
        self._interval = interval
        self._notes = LIVE_NOTES if live else SAMPLE_NOTES
        self._news: samples.SampleNews | None = None
        self._page: PageApi | None = None

    async def __aenter__(self) -> Self:
        self._populate()
        self.telegram.other_pages = self._serve
        await self.telegram.__aenter__()
        self._news = samples.SampleNews(self._now(), self._interval, self.telegram.api_url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.telegram.__aexit__(kind, error, trace)

    @property
    def api_url(self) -> str:
        """For BOT_API_URL."""
        return self.telegram.api_url

    @property
    def page_url(self) -> str:
        """The chat page."""
        return f"{self.telegram.api_url}/"

    @property
    def sources_toml(self) -> str:
        """A sources file that polls the samples."""
        return samples.sources_toml(self.telegram.api_url)

    def _populate(self) -> None:
        telegram = self.telegram
        you = telegram.user(YOU, "Alex", language_code="en", username="alex")
        friend = telegram.user(YOU + 1, "Dana", language_code="kk")
        telegram.supergroup("Silk Road Readers", owner=you, members=[friend], topics=["Energy", "Kazakhstan"])
        telegram.channel(
            "Steppe Daily", owner=you, members=[friend], username="steppe_daily", bot=Status.ADMINISTRATOR
        )
        self._page = PageApi(you, PageView(telegram.platform, you.person, self._card), self._notes)

    def _card(self, url: str) -> LinkCard | None:
        return self._news.card(url) if self._news else None

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        assert self._page is not None
        if request.path.startswith("/sample/") and self._news is not None:
            return samples.serve(self._news, request, self._now())
        return await self._page.serve(request)
