"""How people's updates come in when the bot runs as several processes."""

from __future__ import annotations

import asyncio
import signal

import pytest

from bot import assembly
from bot.errors import SettingsError
from bot.telegram.application import ALLOWED_UPDATES
from tests.stories.newsroom import Newsroom
from tests.stories.people import last_text
from tests.telegram.api import unused_port


async def ask(newsroom: Newsroom, number: int) -> None:
    person = newsroom.telegram.user(number)
    await person.say("/help")
    await newsroom.telegram.wait_for(lambda: "/latest" in last_text(person), timeout_s=30)


async def test_of_two_polling_bots_one_polls_and_the_other_takes_over_when_it_is_killed(
    newsroom: Newsroom,
) -> None:
    first = await newsroom.start_hasty_process("bot")
    await ask(newsroom, 1)
    await newsroom.start_hasty_process("bot")
    log = newsroom.folder / "log"
    await newsroom.wait_for(lambda: "standing by" in log.read_text())
    await ask(newsroom, 2)
    assert newsroom.telegram.journal.answers["getUpdates", 409] == 0
    await newsroom.kill(first)
    await ask(newsroom, 3)
    assert newsroom.telegram.journal.answers["getUpdates", 409] <= 1, "a killed poller's request may hang on"


async def test_by_webhook_updates_are_answered_and_telegram_knows_what_we_want(newsroom: Newsroom) -> None:
    port = unused_port()
    newsroom.env |= {"HTTP_LISTEN": f"127.0.0.1:{port}", "WEBHOOK_URL": f"http://127.0.0.1:{port}/updates"}
    async with newsroom.run(frozenset({"bot"})):
        await ask(newsroom, 1)
        assert newsroom.telegram.world.updates.allowed == frozenset(ALLOWED_UPDATES)
        webhook = newsroom.telegram.world.updates.webhook
        assert webhook is not None
        assert webhook.secret


async def test_from_webhook_back_to_polling_is_a_restart_without_the_variable(newsroom: Newsroom) -> None:
    port = unused_port()
    webhook = {"HTTP_LISTEN": f"127.0.0.1:{port}", "WEBHOOK_URL": f"http://127.0.0.1:{port}/updates"}
    async with newsroom.run(frozenset({"bot"}), **webhook):
        await ask(newsroom, 1)
    await newsroom.telegram.user(2).say("/help")  # while nobody is there to take it
    async with newsroom.run(frozenset({"bot"})):
        await newsroom.telegram.wait_for(lambda: "/latest" in last_text(newsroom.telegram.user(2)))
        assert newsroom.telegram.world.updates.webhook is None


async def test_an_update_that_was_taken_in_is_answered_after_a_kill(newsroom: Newsroom) -> None:
    port = unused_port()
    newsroom.env |= {"HTTP_LISTEN": f"127.0.0.1:{port}", "WEBHOOK_URL": f"http://127.0.0.1:{port}/updates"}
    process = await newsroom.start_hasty_process("bot")
    await ask(newsroom, 1)
    people = [newsroom.telegram.user(number) for number in range(10, 30)]
    for person in people:
        await person.say("/help")
    await newsroom.telegram.wait_for(lambda: len(newsroom.telegram.world.updates.pending) < 10)
    process.send_signal(signal.SIGKILL)
    await newsroom.start_hasty_process("bot")
    await newsroom.telegram.wait_for(lambda: all("/latest" in last_text(person) for person in people), 40)


async def test_a_webhook_without_its_port_refuses_to_start(newsroom: Newsroom) -> None:
    taken = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    settings = newsroom.settings(HTTP_LISTEN=f"127.0.0.1:{port}", WEBHOOK_URL="http://127.0.0.1:1/updates")
    async with taken:
        with pytest.raises(SettingsError, match=r"HTTP_LISTEN: .* cannot be had"):
            await assembly.serve(settings, frozenset({"bot"}), asyncio.Event())
