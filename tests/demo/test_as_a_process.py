"""``python -m bot.demo``: the local Telegram as a process of its own."""

from __future__ import annotations

import json

import aiohttp

from tests.processes import program


async def test_it_says_where_it_is_and_what_it_counted() -> None:
    async with program("-m", "bot.demo", "--limits", "30") as running:
        await running.says("token")
        told = json.loads(running.output)
        url = f"{told['api_url']}/bot{told['token']}/sendMessage"
        async with aiohttp.ClientSession() as session:
            for status in (200, 429):
                async with session.post(url, json={"chat_id": 12345, "text": "x"}) as answer:
                    assert answer.status == status
        running.process.terminate()
        assert await running.ends() == 0
        counted = json.loads(running.output.splitlines()[1])
    assert counted["delivered"] == counted["refused_429"] == counted["busiest_second"] == 1
    assert counted["answers"] == {"sendMessage 200": 1, "sendMessage 429": 1}
