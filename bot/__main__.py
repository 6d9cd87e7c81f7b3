"""The command line: which roles to run, with which settings. ``briefing-bot --help`` describes it.

Nothing heavy is imported before it is known to be needed, so that ``--version`` and wrong settings are told
at once. What the operator did wrong is one line each and exit code 2; what went wrong on the way (no Redis, no
file) is one line and 1; a traceback, in the log, means that the mistake is ours.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from bot.errors import BriefingError, SettingsError

if TYPE_CHECKING:
    from bot.settings import Settings

ROLES = ("worker", "bot", "sender")

DEMO_PORT = 8090

WRONG_SETTINGS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    asked = _parser().parse_args(arguments)
    if asked.version:
        print(f"briefing-bot {version('briefing-bot')}")
        return 0
    try:
        return _run(asked)
    except SettingsError as wrong:
        _complain(*wrong.problems)
        return WRONG_SETTINGS
    except BriefingError as failed:
        _complain(str(failed))
        return 1
    except OSError as failed:
        _complain(f"{failed.filename}: {failed.strerror}" if failed.filename else str(failed))
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="briefing-bot",
        description="Briefings on Central Asia by Telegram: news, exchange rates, a morning digest.",
        epilog="Settings come from the environment and from .env; .env.example lists them all.",
    )
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def add(name: str, meaning: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=meaning, description=f"{meaning[0].upper()}{meaning[1:]}.")

    add("run", "every role in one process (the default); without BOT_TOKEN the demo")
    add("worker", "the role that polls the sources")
    add("bot", "the role that answers people")
    add("sender", "the role that delivers stories and briefings")
    demo = add("demo", "everything in one process against a local Telegram in the browser; needs no token")
    demo.add_argument("--port", type=_port, default=DEMO_PORT, help="of the chat page (default: %(default)s)")
    demo.add_argument("--live", action="store_true", help="poll the real sources instead of sample stories")
    add("check", "check settings, token, Redis and every source; exit 1 if anything is wrong").add_argument(
        "url", metavar="URL", nargs="?", help="try this address instead, and print the entry for SOURCES_FILE"
    )
    add("export", "write subscribers as JSON Lines").add_argument(
        "file", metavar="FILE", help="- is standard output"
    )
    add("import", "read subscribers from JSON Lines").add_argument(
        "file", metavar="FILE", help="- is standard input"
    )
    past = add("backfill-rates", "fill the history of rates from the banks that serve past dates")
    past.add_argument("--days", type=_days, default=90, help="how far back (default: %(default)s)")
    past.add_argument("--source", metavar="NAME", help="only this source, by its name or format")
    parser.set_defaults(command="run")
    return parser


def _run(asked: argparse.Namespace) -> int:
    from bot.logs import configure_logs
    from bot.settings import load_settings

    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format, secrets=settings.secrets)
    import structlog

    if asked.command in ("bot", "sender") and settings.bot_token is None:
        raise SettingsError([f"BOT_TOKEN: is needed by the {asked.command}; @BotFather gives you one"])
    try:
        return _run_command(asked, settings)
    except (BriefingError, OSError):
        structlog.get_logger(__name__).debug("the cause in full", exc_info=True)
        raise
    except Exception:
        # Python's own traceback would pass by the logs, which know what must not be shown.
        structlog.get_logger(__name__).critical("crashed", exc_info=True)
        return 1


def _run_command(asked: argparse.Namespace, settings: Settings) -> int:
    from bot.running import run_to_end, run_until_stopped

    if asked.command in ("export", "import"):
        from bot.assembly import transfer

        move = {"export": transfer.export_chats, "import": transfer.import_chats}
        return run_to_end(move[asked.command](settings, asked.file))

    from bot import assembly, commands

    def serve(*roles: str) -> int:
        return run_until_stopped(lambda stopping: assembly.serve(settings, frozenset(roles), stopping))

    def demo(port: int, live: bool) -> int:
        return run_until_stopped(lambda stopping: assembly.demo(settings, port, live, stopping))

    match asked.command:
        case "run" if settings.bot_token is None:
            print("No BOT_TOKEN: this is the demo, with a Telegram of its own.", flush=True)
            return demo(DEMO_PORT, live=False)
        case "run":
            return serve(*ROLES)
        case "demo":
            return demo(asked.port, asked.live)
        case "check" if asked.url is not None:
            return run_to_end(commands.check_url(asked.url))
        case "check":
            return run_to_end(commands.check(settings))
        case "backfill-rates":
            return run_to_end(commands.backfill(settings, asked.days, asked.source))
        case role:
            return serve(role)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 3650):
        raise argparse.ArgumentTypeError(f"{text} is not a number of days between 1 and 3650")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text} is not a port number")
    return int(text)


def _complain(*lines: str) -> None:
    from bot.redaction import redactor

    redact = redactor()
    for line in lines:
        print(redact(line), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
