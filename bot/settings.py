"""What the operator can choose, read once from the environment or ``.env``; frozen, passed on by hand.

``load()`` turns every problem into one line that names the variable (CONTRACT: exit 2, no traceback). There is
no global instance: whoever needs a setting is given it.
"""

from __future__ import annotations

import secrets
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk")

REDIS_SCHEMES = ("redis", "rediss", "unix", "redis+sentinel", "redis+cluster")


class Settings(BaseSettings):
    """Every variable of ``.env.example``; the docstring there and the field here are compared by a test."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    bot_token: SecretStr | None = None
    bot_api_url: str = "https://api.telegram.org"
    redis_url: SecretStr | None = None
    data_dir: Path = Path("data")
    sources_file: Path | None = None
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    default_language: Literal["en", "ru", "kk", "ky", "uz", "tg", "tk"] = "en"
    default_timezone: str = "Asia/Almaty"
    default_briefing_time: time = time(8, 0)
    webhook_url: str | None = None
    webhook_secret: SecretStr = Field(default_factory=lambda: SecretStr(secrets.token_urlsafe(32)))
    http_listen: str = "127.0.0.1:8080"
    messages_per_second: Annotated[int, Field(ge=1, le=1000)] = 30
    allow_paid_broadcast: bool = False
    max_concurrent_sends: Annotated[int, Field(ge=1, le=1000)] = 32
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 90
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
