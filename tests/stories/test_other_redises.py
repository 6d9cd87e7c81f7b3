"""The main job over a Sentinel pair whose master dies in the middle of a broadcast, and over a Cluster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.redis_kinds import SentinelPair, ThreeMasters, cut_off, running
from tests.stories.newsroom import Newsroom
from tests.stories.people import ask_until, last_text, stories_in, subscribe


@pytest.fixture
def pair() -> Iterator[SentinelPair]:
    with running(SentinelPair()) as pair:
        yield pair


@pytest.fixture
def cluster() -> Iterator[ThreeMasters]:
    with running(ThreeMasters()) as cluster:
        yield cluster


async def test_a_fail_over_during_a_broadcast_loses_no_story(newsroom: Newsroom, pair: SentinelPair) -> None:
    newsroom.env["REDIS_URL"] = pair.url
    readers = [newsroom.telegram.user(number) for number in range(1, 61)]
    async with newsroom.run():
        for reader in readers:
            await subscribe(newsroom, reader, "KZ")
        await newsroom.first_poll()
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: sum(bool(stories_in(r)) for r in readers) >= 10, 20)
        pair.fail_over()
        await newsroom.telegram.wait_for(lambda: all(stories_in(reader) for reader in readers), 60)
        newsroom.feed.publish("Almaty grows", "Kazakhstan’s largest city has more people.")
        await newsroom.telegram.wait_for(lambda: all("Almaty" in last_text(reader) for reader in readers), 60)
    doubles = sum(len(stories_in(reader)) - 2 for reader in readers)
    assert 0 <= doubles <= 32, "at most what was in flight"


async def test_nobody_is_told_what_dies_with_the_master(newsroom: Newsroom, pair: SentinelPair) -> None:
    newsroom.env["REDIS_URL"] = pair.url
    readers = [newsroom.telegram.user(number) for number in range(1, 31)]
    late = [newsroom.telegram.user(number) for number in range(61, 63)]
    async with newsroom.run():
        for reader in readers:
            await subscribe(newsroom, reader, "KZ")
        await newsroom.first_poll()
        newsroom.feed.publish("Astana grows", "Kazakhstan’s capital has more people.")
        await newsroom.telegram.wait_for(lambda: sum(bool(stories_in(r)) for r in readers) >= 3, 20)
        cut_off(pair.replica, pair.master)
        for person in late:
            await subscribe(newsroom, person, "KZ")
        assert not any("Kazakhstan" in last_text(person) for person in late), "not copied, not confirmed"
        pair.master.kill()
        pair.replica.resume()
        await newsroom.telegram.wait_for(lambda: all(stories_in(reader) for reader in readers), 60)
        for person in late:
            await ask_until(newsroom, person, "/subscribe KZ", "Kazakhstan")


async def test_the_main_job_over_a_cluster(newsroom: Newsroom, cluster: ThreeMasters) -> None:
    newsroom.env["REDIS_URL"] = cluster.url
    readers = [newsroom.telegram.user(number) for number in range(1, 9)]
    async with newsroom.run():
        for reader in readers:
            await subscribe(newsroom, reader, "KZ energy")
        await newsroom.first_poll()
        newsroom.feed.publish("Kazakhstan builds a power plant", "Electricity for Almaty.")
        await newsroom.telegram.wait_for(lambda: all(stories_in(reader) for reader in readers), 20)
        await readers[0].say("/latest KZ")
        await newsroom.telegram.wait_for(lambda: "power plant" in last_text(readers[0]))
        await readers[0].say("/delete")
        await newsroom.telegram.wait_for(lambda: "power plant" not in last_text(readers[0]))
    assert [len(stories_in(reader)) for reader in readers[1:]] == [1] * 7
