import pytest

from bot.demo.people import Someone
from bot.settings import LANGUAGES
from tests.handlers.conftest import World

ROOM = {1: 42, 2: 19, 3: 11, 4: 8, 5: 6}
"""Characters that a phone of 390 points shows of each button, by how many stand side by side; a flag counts two."""

SETTINGS = ("/settings", "/mode", "/quiet", "/timezone", "/language")
OTHERS = ("/start", "/subscribe", "/subscriptions", "/delete", "/briefing", "/briefing 8", "/alert", "/rates")


@pytest.mark.parametrize("code", LANGUAGES)
async def test_no_label_is_cut_in_any_language(world: World, aigul: Someone, code: str) -> None:
    await world.ask(aigul, f"/language {code}")
    await world.ask(aigul, "/subscribe KZ TM energy")
    for command in (*SETTINGS, *OTHERS):
        message = await world.ask(aigul, command)
        if command == "/settings":
            await aigul.tap(message, "☀️")
            await world.telegram.wait_for(lambda: "07" in str(aigul.last.labels))
            message = aigul.last
        for row in message.labels:
            tick = 2 * (command in SETTINGS and not any(label.startswith(("✅", "‹")) for label in row))
            assert max(map(len, row)) + tick <= ROOM[len(row)], (command, row)
