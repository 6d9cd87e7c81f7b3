"""/metrics: what a meter was told, and what all processes share, as it is at that moment."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import StoreUnavailable
from bot.http.metrics import PrometheusMeter, metrics_route
from bot.http.server import http_server
from bot.metering import Meters, metered
from bot.model import Address, Gone, Lane, Later, Message, Outcome, Sent
from bot.settings import Listen
from bot.store.backlog import Backlog


async def look(meter: PrometheusMeter, backlog: Backlog | None) -> dict[str, float]:
    """Sample name with labels → value, over HTTP and Prometheus' own parser."""

    async def measure() -> Backlog:
        if backlog is None:
            raise StoreUnavailable("no Redis")
        return backlog

    async def updates_waiting() -> int:
        return 3

    route = metrics_route(meter, measure, updates_waiting)
    async with (
        http_server(Listen("127.0.0.1", 0), [route]) as address,
        aiohttp.ClientSession() as session,
        session.get(f"http://{address}/metrics") as answer,
    ):
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        families = text_string_to_metric_families(await answer.text())
        return {
            " ".join((sample.name, *(f"{k}={v}" for k, v in sorted(sample.labels.items())))): sample.value
            for family in families
            for sample in family.samples
        }


def meter() -> PrometheusMeter:
    return PrometheusMeter("1.2.3", ("sender", "bot"), lambda: 42)


async def test_outcomes_of_pushes_are_counted_as_they_come() -> None:
    prometheus = meter()
    outcomes: list[Outcome] = [
        Sent(1),
        Sent(2),
        Gone("blocked"),
        Later(7.5, "Too Many Requests", limited=True),
    ]
    waiting = iter(outcomes)

    async def send(_to: Address, _message: Message, _leaving: Callable[[], None] | None = None) -> Outcome:
        return next(waiting)

    counted = metered(send, Meters(prometheus))
    assert [await counted(Address(1), Message("hi")) for _ in outcomes] == outcomes
    found = await look(prometheus, Backlog(5, 2, 61.0, 30))
    assert found["briefing_messages_total lane=push outcome=sent"] == 2
    assert found["briefing_messages_total lane=push outcome=gone"] == 1
    assert found["briefing_rate_limited_total lane=push"] == 1
    assert found["briefing_held_seconds_total lane=push"] == 7.5
    assert found["briefing_send_seconds_count lane=push"] == 4


async def test_what_all_share_is_asked_for_at_each_look() -> None:
    found = await look(meter(), Backlog(due=5, in_hand=2, oldest_s=61.0, messages_per_second=30))
    assert found["briefing_owed_chats"] == 5
    assert found["briefing_chats_in_hand"] == 2
    assert found["briefing_owed_oldest_seconds"] == 61
    assert found["briefing_updates_waiting"] == 3
    assert found["briefing_redis_up"] == 1
    assert found["briefing_redis_round_trips_total"] == 42
    assert found["briefing_build_info roles=bot,sender version=1.2.3"] == 1


async def test_without_redis_the_process_own_numbers_are_still_there() -> None:
    prometheus = meter()
    prometheus.sent(Lane.ANSWER, "sent", 0.1)
    found = await look(prometheus, None)
    assert found["briefing_redis_up"] == 0
    assert found["briefing_messages_total lane=answer outcome=sent"] == 1


async def test_nothing_is_counted_twice_by_two_meters() -> None:
    one, other = meter(), meter()
    both = Meters(one, other)
    both.polled("Daily", "news", 0.2)
    both.stored("Daily", ("energy",))
    both.handled("latest", 0.05)
    both.lagged(0.001)
    for prometheus in (one, other):
        found = await look(prometheus, None)
        assert found["briefing_polls_total result=news source=Daily"] == 1
        assert found["briefing_article_topics_total topic=energy"] == 1
        assert found["briefing_command_seconds_count command=latest"] == 1
        assert found["briefing_event_loop_lag_seconds_count"] == 1
