"""``/metrics``: everything that a meter was told, as Prometheus reads it. docs/metrics.md says what each means.

The one room that knows prometheus-client. Numbers that belong to all processes together (the line of chats) are
asked for when somebody looks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from bot.errors import StoreUnavailable
from bot.model import Lane
from bot.store.backlog import Backlog

SEND_BUCKETS = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 10.0, 30.0)
POLL_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
COMMAND_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
LAG_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0)


class PrometheusMeter:
    """A meter (:class:`bot.metering.Meter`) with a registry of its own."""

    def __init__(self, version: str, roles: Iterable[str], round_trips: Callable[[], int]) -> None:
        # A time of birth for each label costs as much as its value, and nobody reads it.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        registry.register(_RoundTrips(round_trips))
        about = Gauge(
            "briefing_build_info", "Always 1; says what runs", ["version", "roles"], registry=registry
        )
        about.labels(version, ",".join(sorted(roles))).set(1)
        self._messages = Counter(
            "briefing_messages", "Messages by lane and outcome", ["lane", "outcome"], registry=registry
        )
        self._send = Histogram(
            "briefing_send_seconds",
            "One send, at Telegram",
            ["lane"],
            buckets=SEND_BUCKETS,
            registry=registry,
        )
        self._limited = Counter("briefing_rate_limited", "Answers of 429", ["lane"], registry=registry)
        self._held = Counter(
            "briefing_held_seconds", "Silence that 429s asked for", ["lane"], registry=registry
        )
        self._polls = Counter("briefing_polls", "Polls of sources", ["source", "result"], registry=registry)
        self._poll = Histogram(
            "briefing_poll_seconds",
            "One poll of a source",
            ["result"],
            buckets=POLL_BUCKETS,
            registry=registry,
        )
        self._articles = Counter("briefing_articles", "New stories", ["source"], registry=registry)
        self._topics = Counter(
            "briefing_article_topics", "New stories by topic", ["topic"], registry=registry
        )
        self._commands = Histogram(
            "briefing_command_seconds",
            "From an update's arrival to its answer",
            ["command"],
            buckets=COMMAND_BUCKETS,
            registry=registry,
        )
        self._lag = Histogram(
            "briefing_event_loop_lag_seconds", "How late timers are", buckets=LAG_BUCKETS, registry=registry
        )
        self._owed = Gauge("briefing_owed_chats", "Chats that wait for a message", registry=registry)
        self._in_hand = Gauge("briefing_chats_in_hand", "Chats that are being served", registry=registry)
        self._oldest = Gauge("briefing_owed_oldest_seconds", "The longest wait of a chat", registry=registry)
        self._updates = Gauge("briefing_updates_waiting", "Chats with unhandled updates", registry=registry)
        self._store_up = Gauge("briefing_redis_up", "1 if Redis answered just now", registry=registry)

    def sent(self, lane: Lane, outcome: str, seconds: float) -> None:
        """See :class:`bot.metering.Meter`."""
        self._messages.labels(lane.value, outcome).inc()
        self._send.labels(lane.value).observe(seconds)

    def held(self, lane: Lane, seconds: float) -> None:
        """See :class:`bot.metering.Meter`."""
        self._limited.labels(lane.value).inc()
        self._held.labels(lane.value).inc(seconds)

    def polled(self, source: str, result: str, seconds: float) -> None:
        """See :class:`bot.metering.Meter`."""
        self._polls.labels(source, result).inc()
        self._poll.labels(result).observe(seconds)

    def stored(self, source: str, topics: Iterable[str]) -> None:
        """See :class:`bot.metering.Meter`."""
        self._articles.labels(source).inc()
        for topic in topics:
            self._topics.labels(topic).inc()

    def handled(self, command: str, seconds: float) -> None:
        """See :class:`bot.metering.Meter`."""
        self._commands.labels(command).observe(seconds)

    def lagged(self, seconds: float) -> None:
        """See :class:`bot.metering.Meter`."""
        self._lag.observe(seconds)

    def shared(self, backlog: Backlog | None, updates_waiting: int) -> None:
        """What all processes share, as it is now; None while Redis is away."""
        self._store_up.set(backlog is not None)
        if backlog is not None:
            self._owed.set(backlog.due)
            self._in_hand.set(backlog.in_hand)
            self._oldest.set(backlog.oldest_s)
            self._updates.set(updates_waiting)


class _RoundTrips(Collector):
    """The store counts its round trips itself; they are read when somebody looks."""

    def __init__(self, round_trips: Callable[[], int]) -> None:
        self._round_trips = round_trips

    def collect(self) -> Iterator[Metric]:
        """One counter."""
        yield CounterMetricFamily(
            "briefing_redis_round_trips", "Times that Redis was asked", value=self._round_trips()
        )


def metrics_route(
    meter: PrometheusMeter,
    measure: Callable[[], Awaitable[Backlog]],
    updates_waiting: Callable[[], Awaitable[int]],
) -> web.RouteDef:
    """The route; ``measure`` and ``updates_waiting`` are asked at each look."""

    async def metrics(_: web.Request) -> web.Response:
        try:
            meter.shared(await measure(), await updates_waiting())
        except StoreUnavailable:
            meter.shared(None, 0)
        return web.Response(
            body=generate_latest(meter.registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )

    return web.get("/metrics", metrics)
