"""The operator's list of sources (TOML) → frozen values; every mistake becomes one line that names entry and
key.

The assembly calls :func:`load_sources` once at start; ``None`` means the list that comes with the program.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationError,
    field_validator,
)

from bot.catalogue import load_catalogue
from bot.errors import SettingsError
from bot.model import Tag
from bot.sources.hours import PublishingHours, read_hours
from bot.sources.rates import RATES_FORMATS

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d{1,6})\s*([smhd])")
_DATE_FIELD = re.compile(r"\{date(?::([^{}]*))?\}")


def _seconds(value: object) -> float:
    """``"5m"`` → 300.0. The shortest interval is a second: nobody's news is newer than that."""
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or int(match[1]) == 0:
        raise ValueError('write a number and a unit, like "30s", "5m", "2h" or "1d"')
    return float(int(match[1]) * _UNITS_S[match[2]])


def _hours(value: object) -> PublishingHours:
    return read_hours(value if isinstance(value, str) else "")


Seconds = Annotated[float, BeforeValidator(_seconds)]
Hours = Annotated[InstanceOf[PublishingHours], BeforeValidator(_hours)]
CurrencyCode = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Percent = Annotated[Decimal, Field(gt=0, le=1000)]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class _Source(BaseModel):
    """What news and rates have in common. Keys that nobody knows are mistakes, not extras."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Name
    url: str
    every_s: Seconds = Field(alias="every")
    enabled: bool = True
    attribution: str | None = None

    @field_validator("name", "attribution")
    @classmethod
    def _one_line(cls, text: str | None) -> str | None:
        if text is not None and (not text.strip() or not text.isprintable()):
            raise ValueError("write one line of plain text")
        return text

    @field_validator("url")
    @classmethod
    def _http(cls, url: str) -> str:
        problem = url_problem(url)
        if problem:
            raise ValueError(problem)
        return url


class NewsSource(_Source):
    """A page or feed with stories. ``countries`` and ``topics`` are what every one of them is about."""

    format: Literal["feed", "wordpress", "listing"]
    every_s: Seconds = Field(default=300.0, alias="every")
    countries: Annotated[tuple[Tag, ...], Field(strict=False)] = ()
    topics: Annotated[tuple[Tag, ...], Field(strict=False)] = ()
    language: Literal["en", "ru", "kk", "ky", "uz", "tg", "tk"] | None = None
    full_text: bool = False

    @field_validator("countries", "topics")
    @classmethod
    def _known(cls, tags: tuple[str, ...], info: Any) -> tuple[str, ...]:
        catalogue = load_catalogue()
        known = [entry.code for entry in getattr(catalogue, info.field_name)]
        for tag in tags:
            if tag not in known:
                raise ValueError(f'"{tag}" is not one of {", ".join(known)}')
        return tags


class RatesSource(_Source):
    """A bank's page of rates. ``{date:%d.%m.%Y}`` in the address is replaced by the day that is asked for.

    ``history`` is where the bank serves past days, where that is another address: dated, or a page with many days.
    ``hours`` are those in which it publishes: outside them it is asked less often.
    """

    format: str
    history: str | None = None
    hours: Hours | None = None
    every_s: Seconds = Field(default=1800.0, alias="every")

    @field_validator("history")
    @classmethod
    def _http_too(cls, url: str | None) -> str | None:
        return None if url is None else cls._http(url)

    @field_validator("format")
    @classmethod
    def _registered(cls, name: str) -> str:
        if name not in RATES_FORMATS:
            raise ValueError(f"must be one of {', '.join(RATES_FORMATS)}")
        return name

    def today(self, now: datetime) -> date:
        """The date where the bank is; in UTC if its hours, and so its zone, are not known."""
        return self.hours.local_day(now) if self.hours else now.astimezone(UTC).date()

    def poll_in_s(self, now: datetime) -> float:
        """How long to leave the bank alone, as far as the operator's file decides."""
        return self.hours.poll_in_s(self.every_s, now) if self.hours else self.every_s

    @property
    def dated(self) -> bool:
        """Whether the address asks for a day."""
        return bool(_DATE_FIELD.search(self.url))

    def url_for(self, day: date) -> str:
        """The address, with ``day`` in it where it asks for one."""
        return _dated(self.url, day)

    @property
    def history_address(self) -> str | None:
        """Where past days are; None if this source has none."""
        return self.history or (self.url if self.dated else None)

    @property
    def history_is_dated(self) -> bool:
        """Whether past days are asked for one by one."""
        return bool(_DATE_FIELD.search(self.history_address or ""))

    def history_url_for(self, day: date) -> str:
        """The address of a past day."""
        return _dated(self.history_address or self.url, day)


def _dated(url: str, day: date) -> str:
    return _DATE_FIELD.sub(lambda match: day.strftime(match[1] or "%Y-%m-%d"), url)


class Sources(BaseModel):
    """Everything that is polled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    news: tuple[NewsSource, ...] = ()
    rates: tuple[RatesSource, ...] = ()
    guard: Mapping[CurrencyCode, Percent] = Field(default_factory=dict)
    """How far a currency may move in a day unconfirmed, where that is not 10 %."""


def load_sources(path: Path | None) -> Sources:
    """The enabled sources of the file; of the bundled one for ``None``.

    Raises SettingsError with one line per problem.
    """
    name = str(path) if path else "sources.toml (bundled)"
    try:
        text = (
            path.read_text("utf-8")
            if path
            else files("bot.sources").joinpath("sources.toml").read_text("utf-8")
        )
        data = tomllib.loads(text)
    except OSError as error:
        raise SettingsError([f"SOURCES_FILE: cannot read {name}: {error.strerror or error}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{name}: not valid TOML: {error}"]) from error
    return _validated(data, name)


def url_problem(url: str) -> str | None:
    """What is wrong with an address, in words, or None. Loopback is fine: the operator wrote the file."""
    try:
        parts = urlsplit(_DATE_FIELD.sub("0", url))
        port_ok = parts.port is None or parts.port > 0
    except ValueError as error:
        return f"not an address: {error}"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "must be an address that begins with http:// or https://"
    if not port_ok or any(letter.isspace() for letter in url):
        return "must not contain spaces, nor port 0"
    return None


def _validated(data: dict[str, Any], name: str) -> Sources:
    try:
        sources = Sources.model_validate(data)
    except ValidationError as error:
        raise SettingsError([_line(name, data, problem) for problem in error.errors()]) from error
    problems = [
        f"{name}: [[{kind}]] {source!r}, key name: used by {count} entries; each needs a name of its own"
        for kind in ("news", "rates")
        for source, count in Counter(entry.name for entry in getattr(sources, kind)).items()
        if count > 1
    ]
    if problems:
        raise SettingsError(problems)
    news = tuple(source for source in sources.news if source.enabled)
    names = {source.name for source in news}
    return Sources(
        news=news,
        rates=tuple(_apart(source, names) for source in sources.rates if source.enabled),
        guard=sources.guard,
    )


def _apart(source: RatesSource, taken: set[str]) -> RatesSource:
    """A newspaper may have stories and rates under one name; the schedule and the reports tell them apart."""
    return source.model_copy(update={"name": f"{source.name} (rates)"}) if source.name in taken else source


def _line(file: str, data: dict[str, Any], problem: Any) -> str:
    """One problem in words: file, entry (by number and name), key, and what is wrong with it."""
    where = list(problem["loc"])
    kind = str(where[0]) if where else "file"
    entry = f"[[{kind}]]"
    if len(where) > 1 and isinstance(where[1], int):
        row = data[kind][where[1]]
        given = row.get("name") if isinstance(row, dict) else None
        entry = f"[[{kind}]] no. {where[1] + 1}" + (f" {given!r}" if isinstance(given, str) else "")
    key = f", key {where[2]}" if len(where) > 2 else ""
    return f"{file}: {entry}{key}: {_words(problem)}"


def _words(problem: Any) -> str:
    match problem["type"]:
        case "missing":
            return "is missing"
        case "tuple_type":
            return "must be a list"
        case "model_type" | "model_attributes_type":
            return "must be a table of keys and values"
        case "extra_forbidden":
            return "is not a key that I know"
        case _:
            return str(problem["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")
