"""The command line, as a person or a supervisor meets it: what it says, and what it exits with."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from bot.__main__ import ROLES, main
from bot.demo import LocalTelegram
from tests.processes import environment, program

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"


async def briefing_bot(cwd: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    async with program("-m", "bot", *arguments, cwd=cwd, env=environment(**variables)) as it:
        return await it.ends(), it.output


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"briefing-bot \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for command in ("run", *ROLES, "demo", "check", "export", "import"):
        assert re.search(rf"^ +{command} ", said, re.MULTILINE), command


@pytest.mark.parametrize("arguments", [["dance"], ["demo", "--port", "many"], ["export"], ["run", "fast"]])
def test_what_makes_no_sense_is_told_and_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "check"])
async def test_wrong_settings_are_a_line_each_and_exit_with_2(command: str, tmp_path: Path) -> None:
    code, said = await briefing_bot(
        tmp_path, command, BOT_TOKEN="12345-oops", MESSAGES_PER_SECOND="5000", LOG_LEVEL="loud"
    )
    assert code == 2
    assert said.splitlines() == [
        "BOT_TOKEN: is not a token as @BotFather gives it (digits, a colon, letters and digits)",
        'MESSAGES_PER_SECOND: must be between 1 and 1000 (is "5000")',
        'LOG_LEVEL: must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL (is "LOUD")',
    ]


@pytest.mark.parametrize("role", ["bot", "sender"])
async def test_a_role_that_needs_the_token_says_so(role: str, tmp_path: Path) -> None:
    code, said = await briefing_bot(tmp_path, role)
    assert code == 2
    assert said == f"BOT_TOKEN: is needed by the {role}; @BotFather gives you one\n"


async def test_settings_are_read_from_the_file_beside_us(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RETENTION_DAYS=0\n")
    code, said = await briefing_bot(tmp_path, "worker")
    assert code == 2
    assert said.startswith("RETENTION_DAYS: ")


async def test_a_data_dir_that_cannot_be_used_is_one_line_and_exits_with_1(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked" / "redis.sock").mkdir()
    code, said = await briefing_bot(tmp_path, "worker", DATA_DIR=str(tmp_path / "locked"))
    assert code == 1
    assert said.splitlines()[-1].endswith("redis.sock is in the way: Is a directory")
    assert "Traceback" not in said


# ── the whole thing, as a process ────────────────────────────────────────────────────────────────────


def whole_bot(telegram: LocalTelegram, folder: Path) -> dict[str, str]:
    (folder / "sources.toml").write_text("")
    return environment(
        BOT_TOKEN=TOKEN,
        BOT_API_URL=telegram.api_url,
        DATA_DIR=str(folder / "data"),
        SOURCES_FILE=str(folder / "sources.toml"),
        HTTP_LISTEN="127.0.0.1:0",
        LOG_LEVEL="DEBUG",
    )


async def test_run_polls_telegram_until_it_is_stopped_and_never_shows_the_token(tmp_path: Path) -> None:
    async with (
        LocalTelegram(token=TOKEN) as telegram,
        program("-m", "bot", cwd=tmp_path, env=whole_bot(telegram, tmp_path)) as it,
    ):
        await it.says("started")
        await telegram.wait_for(lambda: telegram.journal.of("setMyCommands"), timeout_s=20)
        it.process.send_signal(signal.SIGTERM)
        assert await it.ends() == 0, it.output
    assert "stopped" in it.output
    assert "Traceback" not in it.output
    assert TOKEN.partition(":")[2] not in it.output


async def test_a_token_that_telegram_does_not_know_is_told_without_being_shown(tmp_path: Path) -> None:
    async with (
        LocalTelegram(token="1:another-token-altogether") as telegram,
        program("-m", "bot", cwd=tmp_path, env=whole_bot(telegram, tmp_path)) as it,
    ):
        assert await it.ends() == 1, it.output
    assert "BOT_TOKEN" in it.output
    assert "Traceback" not in it.output
    assert TOKEN.partition(":")[2] not in it.output


async def test_without_a_token_run_is_the_demo_and_says_so_in_one_line(tmp_path: Path) -> None:
    async with program("-m", "bot", "run", cwd=tmp_path, env=environment(HTTP_LISTEN="")) as it:
        await it.says("\n")
    assert it.output.splitlines()[0] == "No BOT_TOKEN: this is the demo, with a Telegram of its own."


async def test_the_demo_ends_on_ctrl_c_and_leaves_no_data_behind(tmp_path: Path) -> None:
    async with program(
        "-m", "bot", "demo", "--port", "0", cwd=tmp_path, env=environment(HTTP_LISTEN="")
    ) as it:
        await it.says("the demo is ready")
        it.process.send_signal(signal.SIGINT)
        assert await it.ends() == 0, it.output
    assert list(tmp_path.iterdir()) == []
