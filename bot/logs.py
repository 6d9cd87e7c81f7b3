"""Logs: one stream, one shape, no secrets. The command line calls :func:`configure_logs` once, first of all.

structlog's events and the standard library's (python-telegram-bot, aiohttp, asyncio, warnings) take the same
way: text for people, or JSON with a line per event, to standard error. The last step before a line leaves is
the redactor, so that neither an address inside an exception nor a library's message can carry the token out.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, TextIO

import orjson
import structlog

from bot.redaction import redactor
from bot.repeats import Repeats

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

QUIETEST_LEVELS = {
    "telegram": logging.INFO,  # its DEBUG repeats the texts of chats
    "matplotlib": logging.WARNING,
    "fontTools": logging.WARNING,
}
"""Libraries that say more than anybody wants, or more than may be said, below these levels."""


def configure_logs(
    level: str, form: Literal["text", "json"], *, secrets: Iterable[str], stream: TextIO | None = None
) -> None:
    """Send every log event from ``level`` up to ``stream`` (default: standard error), without ``secrets``."""
    stream = stream or sys.stderr
    threshold = logging.getLevelNamesMapping()[level]
    enrich: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True)
        if form == "json"
        else structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
    ]
    render = _json_lines() if form == "json" else _lines_for_people(coloured=stream.isatty())

    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=enrich,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *render,
                _without(secrets),
            ],
        )
    )
    logging.basicConfig(level=threshold, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name, quietest in QUIETEST_LEVELS.items():
        logging.getLogger(name).setLevel(max(quietest, threshold))

    structlog.configure(
        processors=[*enrich, Repeats(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _lines_for_people(*, coloured: bool) -> list[Processor]:
    # Plain tracebacks: the rich ones print local variables, and those hold what nobody should read.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=coloured, exception_formatter=plain, pad_event_to=36)]


def _json_lines() -> list[Processor]:
    def dumps(event: EventDict, **_: Any) -> str:
        return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()

    return [
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(serializer=dumps),
    ]


def _without(secrets: Iterable[str]) -> Processor:
    redact = redactor(secrets)

    def hide(_logger: WrappedLogger, _method: str, line: Any) -> str:
        return redact(line)

    return hide
