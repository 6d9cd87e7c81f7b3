"""``briefing-bot check``: a table, and an exit code that scripts can use."""

from __future__ import annotations

import asyncio
import sys

from tests.stories.newsroom import Newsroom, Page


async def check(newsroom: Newsroom) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "check", env=newsroom.environment(), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_when_all_is_well_the_table_says_so_and_the_exit_code_is_0(newsroom: Newsroom) -> None:
    code, said = await check(newsroom)
    assert code == 0, said
    assert "@local_briefing_bot" in said
    assert "Tashkent opens a park" in said
    assert newsroom.telegram.token not in said


async def test_a_source_that_fails_is_named_with_its_reason_and_the_exit_code_is_1(
    newsroom: Newsroom,
) -> None:
    newsroom.pages["/gone"] = Page(status=404)
    newsroom.extra_sources = f'[[news]]\nname = "Gone"\nurl = "{newsroom.url}/gone"\nformat = "feed"\n'
    code, said = await check(newsroom)
    assert code == 1
    (row,) = [line for line in said.splitlines() if "Gone" in line]
    assert row.startswith("✗")
    assert "404" in row


async def test_one_row_for_every_trouble_and_the_well_ones_are_read_all_the_same(newsroom: Newsroom) -> None:
    troubles = {
        "Html": (Page(b"<html><body>Welcome</body></html>"), "a web page (HTML), not a feed"),
        "Empty": (Page(b""), "an empty page"),
        "Quiet": (Page(b"<rss version='2.0'><channel><title>T</title></channel></rss>"), "nothing to read"),
        "Gone": (Page(status=410), "gone for good (410)"),
    }
    newsroom.pages |= {f"/{name}": page for name, (page, _) in troubles.items()}
    newsroom.extra_sources = "".join(
        f'[[news]]\nname = "{name}"\nurl = "{newsroom.url}/{name}"\nformat = "feed"\n' for name in troubles
    )
    code, said = await check(newsroom)
    assert code == 1
    for name, (_, words) in troubles.items():
        (row,) = [line for line in said.splitlines() if name in line]
        assert row.startswith("✗")
        assert words in row
    assert "✓  Daily      RSS 2.0" in said
