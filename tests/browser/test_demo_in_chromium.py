"""The whole product in front of a person: ``briefing-bot demo`` as it is started, seen through a real Chromium."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.conftest import PHONE
from tests.processes import environment, program

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

PUSHED_WITHIN_MS = 90_000


@pytest_asyncio.fixture(loop_scope="module")
async def page_url(browser: Browser, tmp_path: Path) -> AsyncIterator[str]:
    """The page of a demo that runs as a process; it is stopped by SIGTERM and must then end with 0."""
    env = environment(HTTP_LISTEN="", DATA_DIR=str(tmp_path))
    async with program("-m", "bot", "demo", "--port", "0", env=env, cwd=tmp_path) as demo:
        await demo.says("started")
        page = re.search(r"page=(http://127\.0\.0\.1:\d+/)", demo.output)
        assert page is not None, demo.output
        yield page.group(1)
        assert demo.process.returncode is None, demo.output
        demo.process.terminate()
        assert await demo.ends() == 0, demo.output


async def test_start_a_tap_on_kazakhstan_and_the_push(browser: Browser, page_url: str) -> None:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(page_url)
    await page.get_by_role(
        "heading", name="Briefing Bot"
    ).first.wait_for()  # before that there is no chat to write in
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
