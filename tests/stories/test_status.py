"""Pages of a running bot: what all processes did together, said by any of them."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.stories.newsroom import Newsroom
from tests.stories.people import stories_in, subscribe
from tests.telegram.api import unused_port
from tests.waiting import wait_until


async def ask(port: int, path: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        if answer.content_type == "application/json":
            return answer.status, await answer.json()
        return answer.status, await answer.text()


async def test_what_was_done_shows_on_the_page_in_the_metrics_and_in_the_probes(newsroom: Newsroom) -> None:
    reader, port = newsroom.telegram.user(987_654_321), unused_port()
    async with newsroom.run(HTTP_LISTEN=f"127.0.0.1:{port}"):
        await subscribe(newsroom, reader, "KZ")
        await newsroom.first_poll()
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: stories_in(reader))

        async def status_with_the_push() -> Any:
            _, status = await ask(port, "/status.json")
            delivered = {chart["title"]: chart["total"] for chart in status["charts"]}.get("Delivered")
            return status if delivered == "1" else None

        status = await wait_until(status_with_the_push, within_s=25)
        assert status["level"] == "well", status
        assert [source["name"] for source in status["sources"]] == ["Daily"]
        assert status["processes"][0].startswith("1 × bot + sender + worker")
        _, page = await ask(port, "/")
        assert "All is well" in page
        assert str(reader.id) not in str(status)

        code, ready = await ask(port, "/readyz")
        assert (code, ready["ready"]) == (200, True)
        _, text = await ask(port, "/metrics")
        assert 'briefing_messages_total{lane="push",outcome="sent"} 1.0' in text
        assert 'briefing_messages_total{lane="answer",outcome="sent"} 1.0' in text
        assert 'briefing_command_seconds_count{command="subscribe"} 1.0' in text
        assert 'briefing_articles_total{source="Daily"} 2.0' in text


async def test_without_redis_the_probes_say_so_and_the_process_lives(newsroom: Newsroom) -> None:
    port = unused_port()
    async with newsroom.run(HTTP_LISTEN=f"127.0.0.1:{port}"):
        await newsroom.first_poll()
        newsroom.redis.kill()
        code, ready = await ask(port, "/readyz")
        assert code == 503
        assert ready["checks"]["redis"] != "ok"
        assert (await ask(port, "/healthz"))[0] == 200
        _, status = await ask(port, "/status.json")
        assert "Redis does not answer" in status["sentence"]
        assert "briefing_redis_up 0.0" in (await ask(port, "/metrics"))[1]
        newsroom.redis.start()
        await wait_until(lambda: _ready(port), within_s=20)


async def _ready(port: int) -> bool:
    return (await ask(port, "/readyz"))[0] == 200
