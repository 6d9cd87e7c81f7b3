"""What an earlier version wrote stays readable: logs and histories outlive an update."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import msgpack

from bot.model import BriefingPlan, Quote, RateMove
from bot.store.chat_record import pack_chat, unpack_chat
from bot.store.packing import pack_article, pack_move, unpack_article, unpack_move
from tests.store.samples import a_chat, an_article

OLD = Quote("USD", "KZT", Decimal("500.10"), date(2026, 3, 1), "Bank")
NEW = Quote("USD", "KZT", Decimal("505.05"), date(2026, 3, 2), "Bank", Decimal("0.99"))
MOVE = RateMove(NEW, OLD)


def without_credit(move: RateMove) -> bytes:
    """A move as it was kept before sources were credited."""
    packed: bytes = msgpack.packb(msgpack.unpackb(pack_move(move))[:2])
    return packed


def test_a_move_comes_back_whole() -> None:
    for move in (MOVE, RateMove(NEW, None), replace(MOVE, credit="By a bank")):
        assert unpack_move(pack_move(move)) == move
        assert unpack_article(pack_article(replace(an_article("KZT>0.1"), move=move))).move == move


def test_a_move_without_a_credit_is_read() -> None:
    assert unpack_move(without_credit(MOVE)) == MOVE


def test_a_logged_move_that_was_bytes_is_read() -> None:
    fields = msgpack.unpackb(pack_article(replace(an_article("KZT>0.1"), move=MOVE)))
    fields["r"] = without_credit(MOVE)
    assert unpack_article(msgpack.packb(fields)).move == MOVE


def test_a_briefing_planned_before_there_was_a_choice_has_rates() -> None:
    chat = replace(a_chat(1), briefing=BriefingPlan(time(8), skip_empty=True))
    fields = msgpack.unpackb(pack_chat(chat))
    (name,) = [name for name, value in fields.items() if isinstance(value, list) and len(value) == 6]
    fields[name].pop()
    assert unpack_chat(chat.address, msgpack.packb(fields)) == chat
