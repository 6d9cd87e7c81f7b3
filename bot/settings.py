"""What the operator can choose, read once from the environment or ``.env``; frozen, passed on by hand.

:func:`load_settings` turns every problem into one line that names the variable and says what would be right;
the command line prints them and exits with 2. No global instance: whoever needs a setting is given it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.redaction import redactor

Language = Literal["en", "ru", "kk", "ky", "uz", "tg", "tk"]
LANGUAGES: tuple[str, ...] = get_args(Language)

PUBLIC_BOT_API = "https://api.telegram.org"

REDIS_SCHEMES = ("redis", "rediss", "unix", "redis+sentinel", "redis+cluster")


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the HTTP server listens; port 0 is any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


# ── what is right, variable by variable; every ValueError reads on after "VARIABLE: " ──────────────────


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # its text may repeat the address, and with it a password
        raise ValueError("cannot be read as an address") from None


def _bot_token(token: SecretStr) -> SecretStr:
    # BotFather gives 35 letters; self-hosted and test servers take shorter ones.
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]{3,}", token.get_secret_value()):
        raise ValueError("is not a token as @BotFather gives it (digits, a colon, letters and digits)")
    return token


def _bot_api_url(url: str) -> str:
    parts = _parts(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an http or https address, like https://api.telegram.org")
    return url.rstrip("/")


def _webhook_url(url: str, info: ValidationInfo) -> str:
    parts = _parts(url)
    # Telegram's own server insists on https; one that the operator runs may bring updates without.
    schemes = ("https",) if info.data.get("bot_api_url") == PUBLIC_BOT_API else ("https", "http")
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError("must be a public https address, like https://bot.example.org/telegram")
    return url


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("must be 1 to 256 letters, digits, _ and - (Telegram allows no others)")
    return secret


def _redis_url(url: SecretStr) -> SecretStr:
    parts = _parts(url.get_secret_value())
    if parts.scheme not in REDIS_SCHEMES:
        raise ValueError(f"must begin with one of {', '.join(f'{scheme}://' for scheme in REDIS_SCHEMES)}")
    service = parts.path.strip("/")
    if parts.scheme == "unix" and not service:
        raise ValueError("must name a socket, like unix:///run/redis.sock")
    if parts.scheme == "redis+sentinel" and not (parts.netloc and service):
        raise ValueError("must be like redis+sentinel://host:port,host:port/service")
    if parts.scheme != "unix" and not parts.netloc.rpartition("@")[2]:
        raise ValueError(f"must name a host, like {parts.scheme}://localhost:6379")
    for host in parts.netloc.rpartition("@")[2].split(","):
        if not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]*)(:\d{1,5})?", host):
            raise ValueError("has a host and port that cannot be read; they are written host:port")
    return url


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise ValueError("must be a time zone of the IANA database, like Asia/Almaty") from None
    return name


def _clock_time(text: object) -> object:
    if not isinstance(text, str):
        return text
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not found:
        raise ValueError("must be a time of day, like 08:00")
    return time(int(found[1]), int(found[2]))


def _user_ids(text: object) -> object:
    if not isinstance(text, str):
        return text
    ids = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() for part in ids):
        raise ValueError("must be Telegram user ids, which are numbers, separated by commas")
    return frozenset(map(int, ids))


def _listen(text: object) -> object:
    if not isinstance(text, str):
        return text
    if not text:
        return None
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([^:\[\]/\s]*)):(\d{1,5})", text)
    if not found or int(found[3]) > 65535:
        raise ValueError("must be host:port, like 127.0.0.1:8080, or empty for no HTTP server")
    return Listen(found[1] or found[2] or "0.0.0.0", int(found[3]))


def _file(path: Path) -> Path:
    if not path.is_file():
        raise ValueError("is not a file")
    return path


def _folder(path: Path) -> Path:
    try:
        taken = path.exists() and not path.is_dir()
    except OSError as error:
        raise ValueError(f"cannot be a folder: {error.strerror}") from None
    if taken:
        raise ValueError("is not a folder")
    return path


_lower = BeforeValidator(lambda text: text.lower() if isinstance(text, str) else text)
_upper = BeforeValidator(lambda text: text.upper() if isinstance(text, str) else text)


class Settings(BaseSettings):
    """Every variable, in the order of ``.env.example``, which says what each means (a test compares them)."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] | None = None
    bot_api_url: Annotated[str, AfterValidator(_bot_api_url)] = PUBLIC_BOT_API
    redis_url: Annotated[SecretStr, AfterValidator(_redis_url)] | None = None
    data_dir: Annotated[Path, AfterValidator(_folder)] = Path("data")
    sources_file: Annotated[Path, AfterValidator(_file)] | None = None
    admin_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_user_ids)] = frozenset()
    default_language: Annotated[Language, _lower] = "en"
    default_timezone: Annotated[str, AfterValidator(_time_zone)] = "Asia/Almaty"
    default_briefing_time: Annotated[time, BeforeValidator(_clock_time)] = time(8, 0)
    webhook_url: Annotated[str, AfterValidator(_webhook_url)] | None = None
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = Field(
        default_factory=lambda: SecretStr(secrets.token_urlsafe(32))
    )
    http_listen: Annotated[Listen | None, NoDecode, BeforeValidator(_listen)] = Listen("127.0.0.1", 8080)
    messages_per_second: Annotated[int, Field(ge=1, le=1000)] = 30
    allow_paid_broadcast: bool = False
    max_concurrent_sends: Annotated[int, Field(ge=1, le=1000)] = 32
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 90
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], _upper] = "INFO"
    log_format: Annotated[Literal["text", "json"], _lower] = "text"

    @model_validator(mode="before")
    @classmethod
    def _empty_means_default(cls, given: dict[str, Any]) -> dict[str, Any]:
        """An empty variable counts as not set, but for ``HTTP_LISTEN``, where it means: no server."""
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
        return {name: value for name, value in stripped.items() if value != "" or name == "http_listen"}

    @model_validator(mode="after")
    def _webhook_has_a_server(self) -> Self:
        if self.webhook_url and self.http_listen is None:
            raise ValueError("WEBHOOK_URL: needs an HTTP server, but HTTP_LISTEN is empty")
        return self

    @property
    def secrets(self) -> frozenset[str]:
        """Everything in here that no log line and no error may show."""
        token = self.bot_token.get_secret_value() if self.bot_token else ""
        redis_url = self.redis_url.get_secret_value() if self.redis_url else ""
        parts = urlsplit(redis_url)
        sentinels = dict(parse_qsl(parts.query.replace("+", "%2B"))).get("sentinel_password", "")
        found = {
            token,
            token.partition(":")[2],
            self.webhook_secret.get_secret_value(),
            unquote(parts.password or ""),
            sentinels,
        }
        return frozenset(found - {""})


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment and, behind it, ``env_file``. Raises SettingsError, a line for each problem."""
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]  # pydantic-settings takes it unannounced
    except ValidationError as invalid:
        raise SettingsError([_problem(details) for details in invalid.errors()]) from None
    except (OSError, UnicodeDecodeError) as unreadable:
        raise SettingsError([f"{env_file}: cannot be read ({unreadable})"]) from None


SECRET_VARIABLES = frozenset({"BOT_TOKEN", "REDIS_URL", "WEBHOOK_SECRET"})


def _problem(details: Mapping[str, Any]) -> str:
    """One line for one of pydantic's findings: what would be right, and what was given if it may be shown."""
    if not details["loc"]:
        return _wish(details, "")
    variable = str(details["loc"][0]).upper()
    line = f"{variable}: {_wish(details, variable)}"
    if variable in SECRET_VARIABLES:
        return line
    given = redactor()(str(details["input"]))
    return f'{line} (is "{given if len(given) <= 80 else given[:79] + "…"}")'


def _wish(details: Mapping[str, Any], variable: str) -> str:
    if details["type"] == "value_error":
        return str(details["ctx"]["error"])
    if details["type"] == "literal_error":
        return f"must be one of {details['ctx']['expected'].replace(chr(39), '').replace(' or ', ', ')}"
    if details["type"] == "bool_parsing":
        return "must be true or false"
    field = Settings.model_fields[variable.lower()]
    bounds = {
        name: getattr(rule, name) for rule in field.metadata for name in ("ge", "le") if hasattr(rule, name)
    }
    if bounds:
        whole = "a whole number " if details["type"].startswith("int_") else ""
        return f"must be {whole}between {bounds['ge']} and {bounds['le']}"
    return str(details["msg"])
