"""The whole product in front of a person: ``briefing-bot demo`` as it is started, seen through a real Chromium."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

UP_WITHIN_S = 30
PUSHED_WITHIN_MS = 90_000


@pytest_asyncio.fixture(loop_scope="module")
async def page_url(tmp_path: Path) -> AsyncIterator[str]:
    """Where a demo of its own listens; it is stopped by SIGTERM and must then exit with 0."""
    port = _free_port()
    without_settings = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--port",
        str(port),
        cwd=Path(__file__).resolve().parents[2],
        env={**without_settings, "HTTP_LISTEN": "127.0.0.1:0", "DATA_DIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    url = f"http://127.0.0.1:{port}/"
    try:
        async with asyncio.timeout(UP_WITHIN_S):
            while url.encode() not in (line := await process.stdout.readline()):
                assert line, "the demo ended before its page was up"
        reading = asyncio.create_task(process.stdout.read())
        yield url
        process.terminate()
        async with asyncio.timeout(15):
            assert await process.wait() == 0, (await reading).decode()
            await reading
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_start_a_tap_on_kazakhstan_and_the_push(browser: Browser, page_url: str) -> None:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(page_url)
    await page.get_by_role("combobox", name="Message").press_sequentially("/start")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Kazakhstan").click()
    await expect(page.get_by_role("button", name=re.compile("✅.*Kazakhstan"))).to_be_visible(timeout=10_000)
    story = page.locator("article", has_text="The Sample Post")
    await expect(story.first).to_be_visible(timeout=PUSHED_WITHIN_MS)
    await expect(story.first).to_contain_text("🇰🇿")
    link = await story.first.get_by_role("link").first.get_attribute("href")
    await context.close()
    async with aiohttp.ClientSession() as session, session.get(link or "") as linked:
        assert "Sample story" in await linked.text()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
