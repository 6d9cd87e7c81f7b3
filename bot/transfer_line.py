"""One line of an import: a subscriber as JSON → the change that it makes. The format is a promise (CONTRACT 2).

Only ``chat_id`` is required; what else is missing takes the default of a new chat, by the operator's settings.
:mod:`bot.transfer_writing` writes such lines. When a briefing's plan began is no choice: it begins with the import.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails

from bot.language import SOURCE_LANGUAGE, Tongue, Tongues
from bot.model import (
    Address,
    BriefingPlan,
    Chat,
    ChatKind,
    Mode,
    Position,
    QuietHours,
    RateAlert,
    RateRule,
    RateThreshold,
    Side,
    Tag,
)
from bot.settings import Language
from bot.store.chats import Change
from handlers import choices
from handlers.reading import EVERY_DAY, read_days, read_quiet_hours, read_time


@cache
def _english() -> Tongue:
    return Tongues()[SOURCE_LANGUAGE]


@cache
def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise ValueError("must be a time zone of the IANA database, like Asia/Almaty") from None
    return name


def _time(text: object) -> dt.time:
    if isinstance(text, str) and (time := read_time(text)):
        return time
    raise ValueError("must be a time of day, like 08:00")


def _days(text: object) -> frozenset[int]:
    if isinstance(text, str) and (days := _named_days(text)):
        return days
    raise ValueError("must be daily, mon-fri, or days like sat,sun")


@lru_cache(256)
def _named_days(text: str) -> frozenset[int] | None:
    return read_days(text, _english())


def _quiet(text: object) -> QuietHours | None:
    if text is None:
        return None
    if isinstance(text, str) and (hours := read_quiet_hours(text)):
        return hours
    raise ValueError("must be like 22:00-07:00, or null")


def _tags(codes: list[str], info: ValidationInfo) -> list[str]:
    known: Mapping[str, Tag] = info.context or {}
    try:
        return list(dict.fromkeys([known[code.casefold()] for code in codes]))
    except KeyError as stranger:
        raise ValueError(f"{stranger} is no country or topic of the catalogue") from None


class _Briefing(BaseModel):
    time: Annotated[dt.time, BeforeValidator(_time)]
    days: Annotated[frozenset[int], BeforeValidator(_days)] = EVERY_DAY
    skip_empty: StrictBool = False
    rates: StrictBool = True


class _Alert(BaseModel):
    """One of ``percent``, ``above`` and ``below``."""

    currency: Annotated[StrictStr, Field(pattern="^[A-Z]{3}$")]
    percent: Annotated[Decimal, Field(gt=0, le=1000, max_digits=9)] | None = None
    above: Annotated[Decimal, Field(gt=0, max_digits=24)] | None = None
    below: Annotated[Decimal, Field(gt=0, max_digits=24)] | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if sum(limit is not None for limit in (self.percent, self.above, self.below)) != 1:
            raise ValueError("must have one of percent, above and below")
        return self

    def rule(self, since: Position) -> RateRule:
        if self.percent is not None:
            return RateAlert(self.currency, self.percent, since)
        side, level = (Side.ABOVE, self.above) if self.above is not None else (Side.BELOW, self.below)
        assert level is not None
        return RateThreshold(self.currency, side, level, since)


class _Line(BaseModel):
    """What may stand in a line. None: not given."""

    model_config = ConfigDict(extra="ignore")

    # Telegram's ids fit into 52 bits.
    chat_id: Annotated[StrictInt, Field(ge=-(2**52), le=2**52)]
    thread_id: Annotated[StrictInt, Field(ge=1, le=2**31)] | None = None
    type: ChatKind | None = None
    language: Language | None = None
    timezone: Annotated[StrictStr, AfterValidator(_time_zone)] | None = None
    mode: Mode | None = None
    subscriptions: Annotated[list[StrictStr], AfterValidator(_tags)] = []
    briefing: _Briefing | None = None
    quiet: Annotated[QuietHours | None, BeforeValidator(_quiet)] = None
    alerts: tuple[_Alert, ...] = ()
    paused: StrictBool = False
    silent: StrictBool = False
    signature: Annotated[StrictStr, Field(max_length=1000)] = ""
    gone_since: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class LineDefaults:
    """What a line need not say, and ``tags``: each code of the catalogue by its case-folded form."""

    language: str
    timezone: str
    briefing_time: dt.time
    tags: Mapping[str, Tag]


@dataclass(frozen=True, slots=True)
class Imported:
    """A line that was read: the chat if it is new, what the line makes of it, and whether that has briefings."""

    new: Chat
    change: Change
    briefed: bool


def read_line(line: bytes, defaults: LineDefaults, clock: Position) -> Imported:
    """Read a line at this time (in ms). Raises ValueError, in words for the person who wrote it."""
    try:
        read = _Line.model_validate_json(line, context=defaults.tags)
    except ValidationError as invalid:
        raise ValueError("; ".join(_problem(details) for details in invalid.errors())) from None
    if read.chat_id == 0:
        raise ValueError("chat_id: 0 is nobody")
    new = Chat(
        address=Address(read.chat_id, read.thread_id),
        kind=read.type or _kind_of(read.chat_id),
        language=read.language or defaults.language,
        timezone=read.timezone or defaults.timezone,
        gone_since=read.gone_since,
    )
    mode = read.mode or (Mode.BOTH if read.briefing else Mode.INSTANT)
    plan = _plan(read, mode, defaults)
    return Imported(new, _change(read, new, mode, plan, clock), plan is not None and mode is not Mode.INSTANT)


def _change(line: _Line, new: Chat, mode: Mode, plan: BriefingPlan | None, clock: Position) -> Change:
    # Once a line, not once a try: most of an import is this.
    begun = _begun(new, plan, clock) if plan else None

    def change(chat: Chat, now: Position) -> Chat:
        """Every setting as in the line. What is owed begins now, but what was followed and read before stays."""
        wakes_up = (chat.paused and not line.paused) or (mode.pushes and not chat.mode.pushes)
        since: Mapping[Tag, Position] = {} if wakes_up else chat.follows
        # Written out, not by replace(): an import makes a hundred thousand of them.
        return Chat(
            address=chat.address,
            kind=new.kind,
            language=new.language,
            timezone=new.timezone,
            mode=mode,
            follows={tag: since.get(tag, now) for tag in map(Tag, line.subscriptions)},
            briefing=_planned(chat, new.timezone, begun, mode, clock) if begun else None,
            quiet=line.quiet,
            alerts=tuple(_since(alert.rule(now), chat, wakes_up=wakes_up) for alert in line.alerts),
            paused=line.paused,
            gone_since=chat.gone_since,  # of a chat that is known, we have heard later than the line
            silent=line.silent,
            signature=line.signature,
        )

    return change


def _since(rule: RateRule, chat: Chat, *, wakes_up: bool) -> RateRule:
    """The rule, or since when the chat has it already."""
    known = next((had for had in chat.alerts if had == rule), None) if chat.alerts else None
    return known if known and not wakes_up else rule


def _plan(line: _Line, mode: Mode, defaults: LineDefaults) -> BriefingPlan | None:
    """The plan that the line asks for; a mode with a briefing and no word about it means the default time."""
    if line.briefing:
        asked = line.briefing
        return BriefingPlan(asked.time, asked.days, skip_empty=asked.skip_empty, rates=asked.rates)
    if mode is Mode.INSTANT or "briefing" in line.model_fields_set:
        return None
    return BriefingPlan(defaults.briefing_time)


def _planned(chat: Chat, timezone: str, begun: BriefingPlan, mode: Mode, now: Position) -> BriefingPlan:
    """The plan, begun now; one that the chat has already goes on as it is."""
    old = chat.briefing
    if old and (old.at, old.weekdays, chat.mode) == (begun.at, begun.weekdays, mode):
        return replace(old, skip_empty=begun.skip_empty, rates=begun.rates)
    if old is None or chat.mode is Mode.INSTANT:
        return begun
    return _begun(replace(chat, timezone=timezone), begun, now)


def _begun(chat: Chat, plan: BriefingPlan, now: Position) -> BriefingPlan:
    begun = choices.plan_briefing(chat, plan, dt.datetime.fromtimestamp(now / 1000, dt.UTC)).briefing
    return replace(begun or plan, skip_empty=plan.skip_empty, rates=plan.rates)


def _kind_of(chat_id: int) -> ChatKind:
    """Telegram's numbering: people above zero, plain groups below, supergroups and channels from -100…"""
    if chat_id > 0:
        return ChatKind.PRIVATE
    return ChatKind.SUPERGROUP if chat_id < -1_000_000_000_000 else ChatKind.GROUP


def _problem(details: ErrorDetails) -> str:
    where = ".".join(str(part) for part in details["loc"])
    what = str(details["ctx"]["error"]) if details["type"] == "value_error" else details["msg"]
    return f"{where}: {what}" if where else what
