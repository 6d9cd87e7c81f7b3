"""Settings: what is right is taken, what is wrong is one line, and no secret is ever shown."""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.settings import Listen, Settings, load_settings

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
VARIABLES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper() in VARIABLES:
            monkeypatch.delenv(name)


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings(None)


def problem(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    with pytest.raises(SettingsError) as wrong:
        load(monkeypatch, **variables)
    [line] = wrong.value.problems
    assert "\n" not in line
    return line


def test_without_anything_set_the_defaults_are_those_of_the_contract() -> None:
    settings = load_settings(None)
    assert settings.bot_token is None
    assert settings.bot_api_url == "https://api.telegram.org"
    assert settings.redis_url is None
    assert settings.data_dir == Path("./data")
    assert settings.sources_file is None
    assert settings.admin_ids == frozenset()
    assert settings.default_language == "en"
    assert settings.default_timezone == "Asia/Almaty"
    assert settings.default_briefing_time == time(8, 0)
    assert settings.webhook_url is None
    assert len(settings.webhook_secret.get_secret_value()) >= 32
    assert settings.http_listen == Listen("127.0.0.1", 8080)
    assert settings.messages_per_second == 30
    assert settings.allow_paid_broadcast is False
    assert settings.max_concurrent_sends == 32
    assert settings.retention_days == 90
    assert settings.log_level == "INFO"
    assert settings.log_format == "text"


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = {name: "" for name in VARIABLES if name != "HTTP_LISTEN"}
    settings = load(monkeypatch, **empty)
    default = Settings()
    assert settings.model_dump(exclude={"webhook_secret"}) == default.model_dump(exclude={"webhook_secret"})


def test_an_empty_http_listen_means_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, HTTP_LISTEN="").http_listen is None


def test_blanks_around_a_value_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, DEFAULT_LANGUAGE=" ru ").default_language == "ru"


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text(f"BOT_TOKEN={TOKEN}\nRETENTION_DAYS=7\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("RETENTION_DAYS", "8")
    settings = load_settings(file)
    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.retention_days == 8


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"BOT_TOKEN=\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(file)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BOT_TOKEN", TOKEN),
        ("BOT_TOKEN", "1:" + "x" * 20),
        ("BOT_API_URL", "http://127.0.0.1:8081/"),
        ("REDIS_URL", "redis://localhost"),
        ("REDIS_URL", "redis://user:p%40ss@host:6379/1"),
        ("REDIS_URL", "rediss://[::1]:6380"),
        ("REDIS_URL", "unix:///run/redis.sock?db=1"),
        ("REDIS_URL", "redis+sentinel://:pw@a:26379,b:26379/mymaster"),
        ("REDIS_URL", "redis+cluster://a:7000,b:7001"),
        ("DEFAULT_TIMEZONE", "America/Argentina/Buenos_Aires"),
        ("DEFAULT_TIMEZONE", "UTC"),
        ("WEBHOOK_URL", "https://bot.example.org/telegram"),
        ("WEBHOOK_SECRET", "a-b_C9"),
        ("HTTP_LISTEN", "[::]:0"),
        ("MESSAGES_PER_SECOND", "1000"),
        ("ALLOW_PAID_BROADCAST", "yes"),
        ("LOG_LEVEL", "debug"),
        ("LOG_FORMAT", "JSON"),
    ],
)
def test_right_values_are_taken(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    load(monkeypatch, **{variable: value})


def test_values_become_what_they_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch,
        ADMIN_IDS="1, 22 ,333",
        DEFAULT_BRIEFING_TIME="7:30",
        HTTP_LISTEN=":9000",
        BOT_API_URL="http://a/",
    )
    assert settings.admin_ids == {1, 22, 333}
    assert settings.default_briefing_time == time(7, 30)
    assert settings.http_listen == Listen("0.0.0.0", 9000)
    assert settings.bot_api_url == "http://a"


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("BOT_API_URL", "api.telegram.org", "must be an http or https address"),
        ("DATA_DIR", __file__, "is not a folder"),
        ("SOURCES_FILE", "/nowhere/sources.toml", "is not a file"),
        ("ADMIN_IDS", "1,@me", "must be Telegram user ids"),
        ("DEFAULT_LANGUAGE", "de", "must be one of en, ru, kk, ky, uz, tg, tk"),
        ("DEFAULT_TIMEZONE", "Almaty", "must be a time zone"),
        ("DEFAULT_TIMEZONE", "Asia", "must be a time zone"),
        ("DEFAULT_TIMEZONE", "../etc/passwd", "must be a time zone"),
        ("DEFAULT_BRIEFING_TIME", "25:00", "must be a time of day"),
        ("DEFAULT_BRIEFING_TIME", "28800", "must be a time of day"),
        ("WEBHOOK_URL", "http://bot.example.org", "must be a public https address"),
        ("HTTP_LISTEN", "8080", "must be host:port"),
        ("HTTP_LISTEN", "localhost:99999", "must be host:port"),
        ("MESSAGES_PER_SECOND", "5000", 'must be between 1 and 1000 (is "5000")'),
        ("MESSAGES_PER_SECOND", "0", "must be between 1 and 1000"),
        ("MESSAGES_PER_SECOND", "many", "must be a whole number between 1 and 1000"),
        ("ALLOW_PAID_BROADCAST", "perhaps", "must be true or false"),
        ("RETENTION_DAYS", "-1", "must be between"),
        ("LOG_LEVEL", "LOUD", "must be one of DEBUG, INFO"),
        ("LOG_FORMAT", "xml", "must be one of text, json"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, line: str
) -> None:
    said = problem(monkeypatch, **{variable: value})
    assert said.startswith(f"{variable}: {line}")
    assert f'(is "{value}")' in said


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as wrong:
        load(monkeypatch, LOG_LEVEL="LOUD", BOT_TOKEN="x", RETENTION_DAYS="0")
    assert [line.partition(":")[0] for line in wrong.value.problems] == [
        "BOT_TOKEN",
        "RETENTION_DAYS",
        "LOG_LEVEL",
    ]


def test_a_bot_api_server_of_ones_own_may_bring_updates_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"BOT_API_URL": "http://127.0.0.1:8081", "WEBHOOK_URL": "http://127.0.0.1:8080/updates"}
    assert load(monkeypatch, **own).webhook_url == own["WEBHOOK_URL"]
    line = problem(monkeypatch, BOT_API_URL="", WEBHOOK_URL=own["WEBHOOK_URL"])
    assert "must be a public https address" in line


def test_a_webhook_without_a_server_makes_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    line = problem(monkeypatch, WEBHOOK_URL="https://bot.example.org/x", HTTP_LISTEN="")
    assert line == "WEBHOOK_URL: needs an HTTP server, but HTTP_LISTEN is empty"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BOT_TOKEN", "12345:not a token but still secret"),
        ("REDIS_URL", "http://user:hunter2secret@host"),
        ("REDIS_URL", "redis://:hunter2secret@host:port"),
        ("REDIS_URL", "redis://:hunter2secret\u2100@host"),
        ("WEBHOOK_SECRET", "hunter2secret with blanks"),
        ("ADMIN_IDS", TOKEN),  # the right value in the wrong place
        ("BOT_API_URL", f"ftp://x/{TOKEN}"),
        ("HTTP_LISTEN", "redis://user:hunter2secret@host"),
    ],
)
def test_a_wrong_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    line = problem(monkeypatch, **{variable: value})
    assert line.startswith(f"{variable}: ")
    assert "secret" not in line
    assert TOKEN.partition(":")[2] not in line


def test_no_way_of_showing_settings_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, BOT_TOKEN=TOKEN, REDIS_URL="redis://u:hunter2@h", WEBHOOK_SECRET="sesame")
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert not [secret for secret in (TOKEN, "hunter2", "sesame") if secret in shown]
    assert settings.secrets >= {TOKEN, TOKEN.partition(":")[2], "hunter2", "sesame"}


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None
)
@given(st.sampled_from(VARIABLES), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
@example("ADMIN_IDS", "²")
@example("REDIS_URL", "redis://[")
@example("WEBHOOK_URL", "https://[x")
@example("DEFAULT_TIMEZONE", "a\\b" * 2000)
@example("DATA_DIR", "a" * 300)
def test_whatever_is_written_it_is_taken_or_told(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    with monkeypatch.context() as patch:
        try:
            load(patch, **{variable: value})
        except SettingsError as wrong:
            told = wrong.problems
        else:
            told = []
    assert all(line.startswith(f"{variable}: ") for line in told)
