"""What people see when something breaks: one friendly line; the cause is for the log."""

import pytest
from structlog.testing import capture_logs

from bot.demo.people import Someone
from tests.handlers.conftest import World
from tests.redis_server import RedisServer


@pytest.fixture
def redis_server() -> RedisServer:
    """One that this test may kill."""
    server = RedisServer()
    server.start()
    return server


async def test_without_redis_people_are_asked_to_try_again(
    world: World, aigul: Someone, redis_server: RedisServer
) -> None:
    welcome = await world.ask(aigul, "/start")
    redis_server.kill()
    with capture_logs() as logs:
        assert "try again in a minute" in await world.says(aigul, "/latest")
        assert "try again in a minute" in (await aigul.tap(welcome, "Kazakhstan")).text
    assert all(event["update_id"] for event in logs if event["event"] == "store unavailable while answering")
    redis_server.start()
    assert "Nothing here yet" in await world.says(aigul, "/latest")
    redis_server.close()
