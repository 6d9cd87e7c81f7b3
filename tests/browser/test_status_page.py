"""The status page in a real Chromium: on a phone and on a desk, in light and dark, alive, and without leaks."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from bot.http.server import http_server
from bot.http.status import status_routes
from bot.http.status_view import Status, status_of
from bot.http.verdict import Shared
from bot.settings import Listen
from tests.browser.conftest import DESK, PHONE
from tests.http.status_examples import NOW, TROUBLES, shared, well

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


class World:
    """What the page is told; change it while it is open."""

    def __init__(self) -> None:
        self.shared: Shared | None = shared()

    async def look(self) -> Status:
        return status_of(NOW, "0.1.0", well(), self.shared)


@asynccontextmanager
async def opened(browser: Browser, world: World, size: dict[str, int], scheme: str) -> AsyncIterator[Page]:
    """The page in a window; a test fails if it logs an error, throws, or asks anybody else for anything."""
    complaints: list[str] = []
    async with http_server(Listen("127.0.0.1", 0), status_routes(world.look)) as address:
        context = await browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on(
            "request",
            lambda r: (
                complaints.append(r.url)
                if f"//{address}/" not in r.url and not r.url.startswith("data:")
                else None
            ),
        )
        await page.goto(f"http://{address}/")
        yield page
        await context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_it_is_readable(browser: Browser, size: dict[str, int], scheme: str, tmp_path: Path) -> None:
    async with opened(browser, World(), size, scheme) as page:
        await page.get_by_role(
            "heading", name="All is well: a story is on its way to its readers."
        ).wait_for()
        assert await page.locator("#charts svg").count() == 4
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
        assert "Asia-Plus" in await page.locator("#sources li").first.inner_text(), "what fails stands first"
        assert "2 times" in await page.locator("#troubles").inner_text()
        folder = Path(os.environ.get("PICTURES", tmp_path))
        await page.screenshot(path=folder / f"status-{size['width']}-{scheme}.png", full_page=True)


async def test_it_refreshes_itself_and_says_when_things_change(browser: Browser) -> None:
    world = World()
    async with opened(browser, world, DESK, "light") as page:
        await page.clock.install()
        await page.reload()
        await page.get_by_text("All is well").wait_for()
        world.shared = None
        await page.clock.run_for(6000)
        await page.get_by_role("heading", name="Redis does not answer").wait_for()
        assert await page.title() == "✗ Briefing Bot"
        world.shared = shared(pushes_paused=True)
        await page.clock.run_for(6000)
        await page.get_by_text("/resume starts them again").wait_for()


async def test_words_from_outside_stay_words(browser: Browser) -> None:
    world = World()
    assert world.shared is not None
    nasty = "</script><script>document.title='mine'</script><img src=x onerror=alert(1)>"
    trouble = TROUBLES[0].__class__(NOW, nasty, grave=True)
    world.shared = shared(reading=world.shared.reading.__class__((), {}, (trouble,)))
    async with opened(browser, world, DESK, "light") as page:
        await page.get_by_text(nasty).wait_for()
        assert await page.title() == "✗ Briefing Bot"
