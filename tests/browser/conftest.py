"""A real Chromium, and the demo page with a tiny scripted bot behind it.

The browser is started once a module, so that everything in a module runs in one event loop.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from bot.demo import NO_LIMITS, Demo

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1180, "height": 800}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        await browser.close()


class ScriptedBot:
    """Answers ``/start`` with a keyboard, ticks what is tapped, and otherwise does what ``script`` says."""

    def __init__(self, session: aiohttp.ClientSession, demo: Demo) -> None:
        self.session = session
        self.demo = demo
        self.ticked: set[str] = set()

    async def call(self, method: str, **params: Any) -> Any:
        url = f"{self.demo.api_url}/bot{self.demo.token}/{method}"
        async with self.session.post(url, json=params) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def run(self) -> None:
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=30):
                offset = update["update_id"] + 1
                if "message" in update:
                    await self.hear(update["message"])
                elif "callback_query" in update:
                    await self.tapped(update["callback_query"])
                elif "inline_query" in update:
                    await self.asked(update["inline_query"])

    async def hear(self, message: dict[str, Any]) -> None:
        chat_id = message["chat"]["id"]
        match message.get("text", "").split():
            case ["/start"]:
                await self.call("sendMessage", chat_id=chat_id, text="Choose", reply_markup=self.keyboard())
            case ["/html", *words]:
                await self.call("sendMessage", chat_id=chat_id, text=" ".join(words), parse_mode="HTML")

    async def tapped(self, query: dict[str, Any]) -> None:
        message = query["message"]
        target = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
        if query["data"] == "alert":
            await self.call(
                "answerCallbackQuery", callback_query_id=query["id"], text="Careful", show_alert=True
            )
            return
        self.ticked ^= {query["data"]}
        await self.call("editMessageReplyMarkup", **target, reply_markup=self.keyboard())
        await self.call("answerCallbackQuery", callback_query_id=query["id"], text="You follow it now")

    async def asked(self, query: dict[str, Any]) -> None:
        content = {"message_text": "1 USD = <b>505 KZT</b>", "parse_mode": "HTML"}
        result = {"type": "article", "id": "1", "title": "1 USD", "description": query["query"]}
        results = [{**result, "input_message_content": content}]
        await self.call("answerInlineQuery", inline_query_id=query["id"], results=results)

    def keyboard(self) -> dict[str, Any]:
        rows = [("Kazakhstan", "KZ"), ("Kyrgyzstan", "KG"), ("Alert", "alert")]
        return {
            "inline_keyboard": [
                [{"text": f"{'✅ ' if data in self.ticked else ''}{name}", "callback_data": data}]
                for name, data in rows
            ]
        }


@pytest_asyncio.fixture(loop_scope="module")
async def demo() -> AsyncIterator[Demo]:
    async with Demo(port=0, limits=NO_LIMITS) as demo:
        yield demo


@pytest_asyncio.fixture(loop_scope="module")
async def bot(demo: Demo) -> AsyncIterator[ScriptedBot]:
    async with aiohttp.ClientSession() as session:
        bot = ScriptedBot(session, demo)
        commands = [("start", "begin"), ("rates", "exchange rates"), ("settings", "everything")]
        described = [{"command": name, "description": about} for name, about in commands]
        await bot.call("setMyCommands", commands=described)
        running = asyncio.create_task(bot.run())
        yield bot
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, demo: Demo, bot: ScriptedBot) -> AsyncIterator[Page]:
    """The chat page on a phone; a test fails if it logs an error or throws."""
    complaints: list[str] = []
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    await page.goto(demo.page_url)
    await page.get_by_role("heading", name="Briefing Bot").first.wait_for()
    yield page
    await context.close()
    assert complaints == []
