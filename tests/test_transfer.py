"""Moving house: every setting survives the way out and back, bad lines are named, and it works beside the bot."""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import load_catalogue
from bot.model import (
    Address,
    BriefingPlan,
    Chat,
    ChatKind,
    Mode,
    Position,
    QuietHours,
    RateAlert,
    RateThreshold,
    Side,
    Tag,
)
from bot.settings import LANGUAGES
from bot.store import keys
from bot.store.articles import Articles
from bot.store.chats import Chats
from bot.store.connect import Database, connect
from bot.store.embedded import embedded_redis
from bot.store.log_tail import LogTail
from bot.store.rate_moves import RateMoves
from bot.transfer import ImportCount, Progress, export_chats, import_chats
from bot.transfer_line import LineDefaults, read_line
from bot.transfer_writing import write_line
from tests.store.samples import an_article

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CLOCK = Position(int(NOW.timestamp() * 1000))
TAGS = load_catalogue().tags
DEFAULTS = LineDefaults("en", "Asia/Almaty", time(8), {tag.casefold(): tag for tag in TAGS})

PROMISED = {
    "chat_id": 42,
    "thread_id": None,
    "type": "private",
    "language": "ru",
    "timezone": "Asia/Almaty",
    "mode": "both",
    "subscriptions": ["KZ", "energy"],
    "briefing": {"time": "08:00", "days": "daily"},
    "quiet": "22:00-07:00",
    "alerts": [{"currency": "KZT", "percent": "1"}],
    "paused": False,
}

minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
any_chat = st.builds(
    Chat,
    address=st.builds(Address, st.integers(-(2**52), 2**52).filter(bool), st.none() | st.integers(1, 2**31)),
    kind=st.sampled_from(ChatKind),
    language=st.sampled_from(LANGUAGES),
    timezone=st.sampled_from(["Asia/Almaty", "Europe/Berlin", "UTC"]),
    mode=st.sampled_from(Mode),
    follows=st.dictionaries(st.sampled_from(TAGS), st.just(CLOCK), max_size=6),
    briefing=st.none()
    | st.builds(
        BriefingPlan,
        minutes,
        st.frozensets(st.integers(1, 7), min_size=1),
        skip_empty=st.booleans(),
        rates=st.booleans(),
    ),
    quiet=st.none() | st.builds(QuietHours, minutes, minutes).filter(lambda hours: hours.start != hours.end),
    alerts=st.lists(
        st.builds(RateAlert, st.sampled_from(["KZT", "UZS"]), st.decimals("0.01", 99, places=2))
        | st.builds(RateThreshold, st.just("KZT"), st.sampled_from(Side), st.decimals("0.01", 900, places=2)),
        max_size=3,
    ).map(tuple),
    paused=st.booleans(),
    gone_since=st.none() | st.just(NOW),
    silent=st.booleans(),
    signature=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)


def made_of(line: dict[str, Any] | bytes, stored: Chat | None = None) -> Chat:
    """What an import makes of a line."""
    read = read_line(line if isinstance(line, bytes) else json.dumps(line).encode(), DEFAULTS, CLOCK)
    return read.change(stored or read.new, CLOCK)


def without_beginning(chat: Chat) -> Chat:
    """A plan's first day is the business of whoever begins it."""
    plan = chat.briefing and replace(chat.briefing, first_day=None, since=None)
    return replace(chat, briefing=plan)


@given(any_chat)
def test_whatever_a_chat_chose_survives_the_way_out_and_back(chat: Chat) -> None:
    assert without_beginning(made_of(write_line(chat))) == chat


@given(any_chat, any_chat)
def test_an_import_makes_a_known_chat_what_the_line_says_and_the_second_changes_nothing(
    chat: Chat, other: Chat
) -> None:
    line = write_line(replace(chat, address=other.address))
    once = made_of(line, other)
    assert without_beginning(once) == replace(chat, address=other.address, gone_since=other.gone_since)
    assert made_of(line, once) == once


def test_the_promised_line_is_written_to_the_letter() -> None:
    assert json.loads(write_line(made_of(PROMISED))) == PROMISED
    assert list(json.loads(write_line(made_of(PROMISED)))) == list(PROMISED)


def test_a_chat_id_is_enough() -> None:
    assert made_of({"chat_id": 42}) == Chat(Address(42), ChatKind.PRIVATE, "en", "Asia/Almaty")
    assert made_of({"chat_id": -5}).kind is ChatKind.GROUP
    assert made_of({"chat_id": -1001234567890}).kind is ChatKind.SUPERGROUP


def test_a_briefing_alone_means_both_and_a_mode_alone_means_the_usual_time() -> None:
    assert made_of({"chat_id": 1, "briefing": {"time": "07:30"}}).mode is Mode.BOTH
    planned = made_of({"chat_id": 1, "mode": "briefing"}).briefing
    assert planned is not None
    assert planned.at == time(8)
    assert made_of({"chat_id": 1, "mode": "briefing", "briefing": None}).briefing is None


def test_a_plan_that_is_known_goes_on_as_it_was() -> None:
    plan = BriefingPlan(time(8), first_day=date(2026, 1, 1))
    stored = replace(made_of(PROMISED), briefing=plan)
    assert made_of(PROMISED, stored).briefing == plan


def test_what_a_known_chat_is_owed_already_stays_owed() -> None:
    stored = replace(made_of(PROMISED), follows={Tag("KZ"): Position(1)})
    assert made_of(PROMISED, stored).follows == {Tag("KZ"): 1, Tag("energy"): CLOCK}


def test_who_wakes_up_by_an_import_is_owed_nothing_of_the_past() -> None:
    stored = replace(made_of(PROMISED), follows={Tag("KZ"): Position(1)}, paused=True)
    assert set(made_of(PROMISED, stored).follows.values()) == {CLOCK}


def test_that_telegram_refuses_a_chat_is_not_forgotten_by_an_import() -> None:
    stored = replace(made_of(PROMISED), gone_since=NOW)
    assert made_of(PROMISED, stored).gone_since == NOW


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"nonsense", "Invalid JSON"),
        (b"[]", "object"),
        (b"{}", "chat_id: Field required"),
        (b'{"chat_id": "42"}', "chat_id"),
        (b'{"chat_id": 0}', "chat_id: 0 is nobody"),
        (b'{"chat_id": true}', "chat_id"),
        (b'{"chat_id": 1, "timezone": "Almaty"}', "timezone: must be a time zone"),
        (b'{"chat_id": 1, "language": "xx"}', "language"),
        (b'{"chat_id": 1, "subscriptions": ["KZ", "XX"]}', "'xx' is no country or topic"),
        (b'{"chat_id": 1, "subscriptions": "KZ"}', "subscriptions"),
        (b'{"chat_id": 1, "briefing": {"time": "24:00"}}', "briefing.time: must be a time of day"),
        (b'{"chat_id": 1, "briefing": {"time": "08:00", "days": "someday"}}', "briefing.days: must be"),
        (b'{"chat_id": 1, "quiet": "22:00"}', "quiet: must be like 22:00-07:00"),
        (b'{"chat_id": 1, "alerts": [{"currency": "KZT", "percent": "-1"}]}', "alerts.0.percent"),
        (b'{"chat_id": 1, "mode": "sometimes"}', "mode"),
        (b'{"chat_id": 1, "signature": "\xff"}', "Invalid JSON"),
    ],
)
def test_a_bad_line_is_refused_with_words_that_help(line: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        read_line(line, DEFAULTS, CLOCK)


# ── through Redis ────────────────────────────────────────────────────────────────────────────────────


async def imported(
    database: Database, text: str | bytes, complain: Callable[[str], None] = print
) -> ImportCount:
    lines = io.BytesIO(text if isinstance(text, bytes) else text.encode())
    progress = Progress("chats", io.StringIO())
    return await import_chats(Chats(database), lines, DEFAULTS, lambda: NOW, complain, progress)


async def exported(database: Database) -> bytes:
    out = io.BytesIO()
    await export_chats(Chats(database), out, Progress("chats", io.StringIO()))
    return out.getvalue()


async def test_many_chats_go_out_and_back(database: Database) -> None:
    chats = [replace(made_of(PROMISED), address=Address(number * 7919)) for number in range(1, 2500)]
    lines = b"".join(map(write_line, chats))
    assert await imported(database, lines) == ImportCount(chats=2499, bad=0)
    first = await exported(database)
    assert sorted(first.splitlines()) == sorted(lines.splitlines())
    await imported(database, first)
    assert await exported(database) == first


async def test_bad_lines_are_named_by_number_and_the_rest_goes_on(database: Database) -> None:
    complaints: list[str] = []
    text = '{"chat_id": 1}\n\nnonsense\n{"chat_id": 2}\n{"chat_id": 3, "mode": "x"}'
    assert await imported(database, text, complaints.append) == ImportCount(chats=2, bad=2)
    assert [words.partition(":")[0] for words in complaints] == ["line 3", "line 5"]
    assert len((await exported(database)).splitlines()) == 2


async def test_of_two_lines_about_one_chat_the_later_counts(database: Database) -> None:
    await imported(database, '{"chat_id": 1, "language": "ru"}\n{"chat_id": 1, "language": "kk"}')
    (line,) = (await exported(database)).splitlines()
    assert json.loads(line)["language"] == "kk"


async def test_imported_chats_are_owed_what_comes_later_and_nothing_older(database: Database) -> None:
    articles = Articles(database, 86_400)
    await articles.append([an_article("KZ", title="Old")])
    await imported(database, '{"chat_id": 7, "subscriptions": ["KZ"]}')
    chat = await Chats(database).get(Address(7))
    assert chat is not None
    tail = LogTail(database, articles)
    await tail.refresh()
    assert tail.index.owed(chat.follows, Position(0)) == []
    await articles.append([an_article("KZ", title="New")])
    await tail.refresh()
    assert len(tail.index.owed(chat.follows, Position(0))) == 1
    followers = keys.followers_like(chat.address, Tag("KZ"))
    assert await database.run(("SMEMBERS", followers.members(keys.home(chat.address).bucket))) == {b"7"}
    assert await database.run(("ZCARD", keys.chat_schedule(keys.home(chat.address).shard).due)) == 0


async def test_the_sender_will_look_when_an_imported_briefing_is_due(database: Database) -> None:
    await imported(database, '{"chat_id": 7, "briefing": {"time": "10:00"}}')
    schedule = keys.chat_schedule(keys.home(Address(7)).shard)
    _, due_ms = await database.run(("ZRANGE", schedule.due, 0, -1, "WITHSCORES"))
    seconds, _ = await database.run(("TIME",))
    # NOW is 09:00 in Almaty.
    assert 3600 <= float(due_ms) / 1000 - int(seconds) <= 3600 + 130


async def test_an_imported_alert_is_one_that_a_fixing_can_meet(database: Database) -> None:
    line = (
        '{"chat_id": 7, "alerts": [{"currency": "KZT", "above": "510"}, {"currency": "UZS", "percent": "1"}]}'
    )
    await imported(database, line)
    moves = RateMoves(database, "desk")
    (threshold,) = await moves.rules("KZT")
    assert threshold == RateThreshold("KZT", Side.ABOVE, Decimal(510))
    followers = keys.followers_like(Address(7), threshold.tag)
    assert await database.run(("SMEMBERS", followers.members(keys.home(Address(7)).bucket))) == {b"7"}
    (out,) = (await exported(database)).splitlines()
    assert json.loads(out)["alerts"] == json.loads(line)["alerts"]


async def test_progress_is_for_terminals_only() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    quiet, terminal = io.StringIO(), Terminal()
    Progress("chats", quiet).show(5, "\n")
    Progress("chats", terminal).show(12_000, "\n")
    assert quiet.getvalue() == ""
    assert terminal.getvalue() == "\r12,000 chats\n"


# ── as commands ──────────────────────────────────────────────────────────────────────────────────────


async def command(folder: Path, *arguments: str, given: bytes = b"") -> tuple[int, bytes, str]:
    """Run briefing-bot with an embedded Redis in ``folder``; its exit code and both outputs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"DATA_DIR": str(folder), "PATH": "/usr/bin:/bin"},
    )
    out, errors = await process.communicate(given)
    assert process.returncode is not None
    return process.returncode, out, errors.decode()


async def test_the_commands_stream_and_tell_by_their_exit_code(tmp_path: Path) -> None:
    line = json.dumps(PROMISED).encode() + b"\n"
    assert await command(tmp_path, "import", "-", given=line) == (0, b"", "")
    code, out, errors = await command(tmp_path, "export", "-")
    assert (code, json.loads(out), errors) == (0, PROMISED, "")
    code, _, errors = await command(tmp_path, "import", "-", given=line + b"{}\n")
    assert code == 1
    assert errors.splitlines() == [
        "line 2: chat_id: Field required",
        "1 bad lines were passed over, 1 chats imported",
    ]


async def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    code, _, errors = await command(tmp_path, "import", str(tmp_path / "nowhere"))
    assert code == 1
    assert errors.splitlines() == [f"{tmp_path / 'nowhere'}: No such file or directory"]


async def test_it_works_beside_a_running_bot_on_the_same_embedded_redis(tmp_path: Path) -> None:
    async with embedded_redis(tmp_path) as url:
        code, _, _ = await command(tmp_path, "import", "-", given=b'{"chat_id": 7}\n')
        assert code == 0
        async with connect(url) as database:
            assert await Chats(database).get(Address(7)) is not None
