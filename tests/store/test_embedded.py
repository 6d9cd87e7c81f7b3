"""The Redis that the bot brings along: it starts, it survives, it ends with us, and it says what is wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.errors import EmbeddedRedisError
from bot.store.embedded import embedded_redis, url_of_running
from tests.waiting import wait_until

ANOTHER_BOT = """
import asyncio, sys
from pathlib import Path
from bot.logs import configure_logs
from bot.store.embedded import embedded_redis

configure_logs("WARNING", "text", secrets=[])

async def main():
    async with embedded_redis(Path(sys.argv[1])) as url:
        print(url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@asynccontextmanager
async def another_bot(data_dir: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A process that runs an embedded Redis, and its URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ANOTHER_BOT, data_dir, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        yield process, url
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def client(url: str) -> AsyncIterator[Redis]:
    redis = Redis.from_url(url, decode_responses=True)
    try:
        yield redis
    finally:
        await redis.aclose()


async def server_pid(url: str) -> int:
    async with client(url) as redis:
        return int((await redis.info("server"))["process_id"])


async def answers(url: str) -> bool:
    async with client(url) as redis:
        try:
            return bool(await redis.ping())
        except RedisConnectionError:
            return False


async def replaced(url: str, dead: int) -> bool:
    return await answers(url) and await server_pid(url) != dead


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie, which waits for its parent to look, does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return not Path("/proc/self").exists()


async def test_it_answers_within_a_blink_and_leaves_nothing_running(tmp_path: Path) -> None:
    started = time.monotonic()
    async with embedded_redis(tmp_path / "data") as url:
        assert time.monotonic() - started < 1  # 0.02 s on an idle machine
        pid = await server_pid(url)
    assert not alive(pid)
    assert not (tmp_path / "data" / "redis.sock").exists()


async def test_it_is_set_up_to_lose_nothing_and_to_be_small(tmp_path: Path) -> None:
    async with embedded_redis(tmp_path) as url, client(url) as redis:
        config = await redis.config_get("*")
    assert config["appendonly"] == "yes"
    assert config["appendfsync"] == "everysec"
    assert config["save"] == ""
    assert config["maxmemory-policy"] == "noeviction"
    assert config["port"] == "0"
    assert config["set-max-intset-entries"] == "4096"
    assert config["hash-max-ziplist-entries"] == "512"
    assert config["hash-max-ziplist-value"] == "256"


def open_to_others(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077]


async def test_nobody_else_on_the_machine_can_read_it(tmp_path: Path) -> None:
    async with embedded_redis(tmp_path / "data") as url, client(url) as redis:
        await redis.set("a", 1)
        assert open_to_others(tmp_path / "data") == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux shows the environment of a process")
async def test_the_bots_secrets_are_not_in_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123456:not-for-others")
    async with embedded_redis(tmp_path) as url:
        assert b"not-for-others" not in Path(f"/proc/{await server_pid(url)}/environ").read_bytes()


async def test_data_outlive_a_restart(tmp_path: Path) -> None:
    async with embedded_redis(tmp_path) as url, client(url) as redis:
        await redis.set("kept", "yes")
    async with embedded_redis(tmp_path) as url, client(url) as redis:
        assert await redis.get("kept") == "yes"


async def test_killed_in_mid_run_it_comes_back_with_everything_five_times_over(tmp_path: Path) -> None:
    async with embedded_redis(tmp_path) as url:
        for round_ in range(5):
            async with client(url) as redis:
                await redis.rpush("rounds", round_)
            pid = await server_pid(url)
            os.kill(pid, signal.SIGKILL)

            await wait_until(partial(replaced, url, pid))
        async with client(url) as redis:
            assert await redis.lrange("rounds", 0, -1) == ["0", "1", "2", "3", "4"]


async def test_it_ends_when_its_bot_is_killed_and_the_next_bot_finds_the_data(tmp_path: Path) -> None:
    async with another_bot(tmp_path) as (bot, url):
        async with client(url) as redis:
            await redis.set("kept", "yes")
        pid = await server_pid(url)
        bot.kill()
        await bot.wait()
    # At once, while the old server may still be busy ending.
    async with embedded_redis(tmp_path) as url, client(url) as redis:
        assert not alive(pid)
        assert await redis.get("kept") == "yes"


async def test_ctrl_c_in_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    async with another_bot(tmp_path) as (bot, url):
        assert os.getsid(await server_pid(url)) != os.getsid(bot.pid)


async def test_a_second_bot_on_the_same_folder_is_told_so_in_one_line_and_does_no_harm(
    tmp_path: Path,
) -> None:
    async with another_bot(tmp_path) as (bot, url):
        with pytest.raises(EmbeddedRedisError, match=rf"another bot \(process {bot.pid}\).*DATA_DIR") as told:
            async with embedded_redis(tmp_path):
                pass
        assert "\n" not in str(told.value)
        assert await answers(url)


async def test_a_command_beside_the_bot_finds_its_redis(tmp_path: Path) -> None:
    assert url_of_running(tmp_path) is None
    async with another_bot(tmp_path) as (_, url):
        assert url_of_running(tmp_path) == url
    assert url_of_running(tmp_path) is None


async def test_what_a_crash_left_behind_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "redis.sock").touch()
    (tmp_path / "redis.owner").write_text("1\n")
    (tmp_path / "redis.lock").touch()
    async with embedded_redis(tmp_path) as url:
        assert await answers(url)


async def test_a_command_cut_off_by_a_crash_is_given_up_alone(tmp_path: Path) -> None:
    whole = b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n"
    (tmp_path / "appendonly.aof").write_bytes(whole + whole[:-7])
    async with embedded_redis(tmp_path) as url, client(url) as redis:
        assert await redis.get("a") == "1"


async def test_a_path_too_long_for_a_socket_gets_a_short_private_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/tmp")
    data_dir = tmp_path / ("long" * 30)
    async with embedded_redis(data_dir) as url:
        socket = Path(url.removeprefix("unix://"))
        assert data_dir not in socket.parents
        assert open_to_others(socket.parent) == []
        assert await answers(url)
        assert url_of_running(data_dir) == url
    assert not socket.exists()
    socket.parent.rmdir()


async def test_blanks_and_quotes_in_the_path_are_harmless(tmp_path: Path) -> None:
    async with embedded_redis(tmp_path / "it's a folder, 100%") as url:
        assert await answers(url)


# ── what cannot start says why, in one line ──────────────────────────────────────────────────────────


async def reason(data_dir: Path) -> str:
    with pytest.raises(EmbeddedRedisError) as failed:
        async with embedded_redis(data_dir):
            pass
    assert "\n" not in str(failed.value)
    return str(failed.value)


async def test_a_damaged_append_only_file_is_not_touched_and_its_repair_is_named(tmp_path: Path) -> None:
    damaged = b"*1\r\nrubbish\r\n" * 3
    (tmp_path / "appendonly.aof").write_bytes(damaged)
    assert "redis-check-aof" in await reason(tmp_path)
    assert (tmp_path / "appendonly.aof").read_bytes() == damaged


async def test_data_of_a_newer_redis_are_not_overlooked(tmp_path: Path) -> None:
    async with embedded_redis(tmp_path) as url, client(url) as redis:
        if (await redis.info("server"))["redis_version"] >= "7":
            pytest.skip("the Redis here is 7 or newer")
    (tmp_path / "appendonlydir").mkdir()
    assert "written by Redis 7" in await reason(tmp_path)


async def test_a_data_dir_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "DATA_DIR" in await reason(tmp_path / "file")


async def test_something_in_the_sockets_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "redis.sock").mkdir()
    assert "redis.sock is in the way" in await reason(tmp_path)
