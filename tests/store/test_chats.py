"""Chats: every setting comes back, changes never trample each other, forgetting leaves nothing."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StoreCorrupted
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
from bot.store import keys
from bot.store.chat_record import pack_chat, unpack_chat
from bot.store.chats import Chats
from bot.store.connect import Database
from tests.store.samples import a_chat

minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
positions = st.integers(1_600_000_000_000, 2_600_000_000_000).map(Position)
chats_of_any_kind = st.builds(
    Chat,
    address=st.builds(Address, st.integers(-(2**52), 2**52), st.none() | st.integers(1, 2**31)),
    kind=st.sampled_from(ChatKind),
    language=st.sampled_from(["en", "ru", "tg"]),
    timezone=st.sampled_from(["Asia/Almaty", "Europe/Berlin"]),
    mode=st.sampled_from(Mode),
    follows=st.dictionaries(st.sampled_from([Tag("KZ"), Tag("energy"), Tag("environment")]), positions),
    briefing=st.none()
    | st.builds(
        BriefingPlan,
        minutes,
        st.frozensets(st.integers(1, 7), min_size=1),
        st.none() | st.dates(),
        st.none() | st.integers(1, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
        st.booleans(),
    ),
    quiet=st.none() | st.builds(QuietHours, minutes, minutes),
    alerts=st.lists(
        st.builds(RateAlert, st.just("KZT"), st.decimals("0.01", 99, places=2))
        | st.builds(
            RateThreshold, st.just("UZS"), st.sampled_from(Side), st.decimals("0.01", 20_000, places=2)
        ),
        max_size=2,
    ).map(tuple),
    paused=st.booleans(),
    gone_since=st.none() | st.just(datetime(2026, 1, 2, tzinfo=UTC)),
    silent=st.booleans(),
    signature=st.text(max_size=100),
)


@given(chats_of_any_kind)
def test_whatever_a_chat_chose_comes_back(chat: Chat) -> None:
    assert unpack_chat(chat.address, pack_chat(chat)) == chat


@given(st.binary(max_size=60))
def test_foreign_bytes_are_called_corrupted_and_nothing_else_happens(packed: bytes) -> None:
    with suppress(StoreCorrupted):
        unpack_chat(Address(1), packed)


def test_a_usual_subscriber_takes_less_than_64_bytes() -> None:
    assert len(pack_chat(a_chat(follows=["KZ", "UZ", "energy"], since=1_764_000_000_000))) < 64


@pytest.fixture
def chats(database: Database) -> Chats:
    return Chats(database)


async def all_keys(database: Database) -> set[str]:
    return {key.decode() for key in await database.run(("KEYS", "*"))}


async def test_an_unknown_chat_is_none(chats: Chats) -> None:
    assert await chats.get(Address(1)) is None


async def test_following_puts_a_chat_among_the_followers_and_unfollowing_takes_it_out(
    chats: Chats, database: Database
) -> None:
    chat = a_chat(7)
    kept = keys.followers_like(chat.address, Tag("KZ"))
    bucket = keys.home(chat.address).bucket
    await chats.update(chat.address, lambda old, now: replace(old, follows={Tag("KZ"): now}), new=chat)
    assert await database.run(("SMEMBERS", kept.members(bucket))) == {b"7"}
    assert await database.run(("SMEMBERS", kept.buckets)) == {str(bucket).encode()}
    await chats.update(chat.address, lambda old, now: replace(old, follows={}), new=chat)
    assert await database.run(("SMEMBERS", kept.members(bucket))) == set()
    assert await database.run(("SMEMBERS", kept.buckets)) == set()


@pytest.mark.parametrize(
    "silent",
    [
        {"mode": Mode.BRIEFING},
        {"paused": True},
        {"gone_since": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
async def test_who_wants_no_pushes_is_nobodys_follower(
    chats: Chats, database: Database, silent: dict[str, Any]
) -> None:
    chat = a_chat(7, follows=["KZ"])
    await chats.update(
        chat.address, lambda old, now: replace(old, quiet=None), new=replace(chat, language="ru")
    )
    quiet = await chats.update(chat.address, lambda old, now: replace(old, **silent), new=chat)
    assert await chats.get(chat.address) == quiet
    assert not any(":f:" in key for key in await all_keys(database))


async def test_two_changes_at_once_both_count(chats: Chats) -> None:
    address = Address(7)

    async def add(tag: str) -> None:
        await chats.update(
            address, lambda old, now: replace(old, follows={**old.follows, Tag(tag): now}), new=a_chat(7)
        )

    await asyncio.gather(*(add(tag) for tag in ("KZ", "UZ", "TJ", "energy", "sport")))
    stored = await chats.get(address)
    assert stored is not None
    assert set(stored.follows) == {"KZ", "UZ", "TJ", "energy", "sport"}


async def test_forgetting_leaves_no_key_behind(chats: Chats, database: Database) -> None:
    for chat in (a_chat(7), a_chat(-1005, thread_id=3)):
        await chats.update(
            chat.address,
            lambda old, now: replace(old, follows={Tag("KZ"): now}, briefing=BriefingPlan(time(8))),
            new=chat,
            due_in_s=60,
        )
        await chats.forget(chat.address)
    assert await all_keys(database) == set()


async def test_a_group_that_moved_takes_its_settings_along(chats: Chats, database: Database) -> None:
    group = replace(
        a_chat(-55),
        kind=ChatKind.GROUP,
        alerts=(RateAlert("KZT", Decimal(1)),),
        quiet=QuietHours(time(22), time(7)),
    )
    before = await chats.update(
        group.address, lambda old, now: replace(old, follows={Tag("KZ"): now}), new=group
    )
    await chats.move(group.address, -10055)
    await chats.move(group.address, -10055)
    moved = await chats.get(Address(-10055))
    assert moved == replace(before, address=Address(-10055), kind=ChatKind.SUPERGROUP)
    assert await chats.get(group.address) is None
    kept = keys.followers_like(Address(-10055), Tag("KZ"))
    assert await database.run(("SMEMBERS", kept.members(keys.home(Address(-10055)).bucket))) == {b"-10055"}
