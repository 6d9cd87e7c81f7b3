"""/alert: rules are set, listed and dropped, by typing and by tapping."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.demo.people import Someone
from bot.model import RateAlert, RateThreshold, Side
from handlers.alert import MOST_RULES
from tests.handlers.conftest import World, labels
from tests.handlers.test_rates import TICKER


async def test_rules_are_set_listed_and_dropped(world: World, aigul: Someone) -> None:
    assert "No rate alerts are set" in await world.says(aigul, "/alert")
    assert "I’ll tell you. KZT: 1% or more within a day" in await world.says(aigul, "/alert тенге 1%")
    await world.ask(aigul, "/alert KZT > 510")
    listed = await world.ask(aigul, "/alert")
    assert "KZT: above 510.00" in (listed.text or "")
    assert labels(listed) == ["✖️ KZT"]
    assert (await world.stored(aigul)).alerts == (
        RateAlert("KZT", Decimal(1)),
        RateThreshold("KZT", Side.ABOVE, Decimal(510)),
    )
    await aigul.tap(listed, "✖️ KZT")
    await world.telegram.wait_for(lambda: "No rate alerts are set" in (aigul.last.text or ""))
    assert (await world.stored(aigul)).alerts == ()


async def test_a_rule_takes_the_place_of_its_like(world: World, aigul: Someone) -> None:
    for typed in ("KZT 1%", "KZT 2%", "KZT > 500", "KZT > 510", "KZT < 400", "UZS 1%"):
        await world.ask(aigul, f"/alert {typed}")
    rules = (await world.stored(aigul)).alerts
    assert [rule.tag for rule in rules] == ["$KZT2%", "$KZT>510", "$KZT<400", "$UZS1%"]
    await world.ask(aigul, "/alert off kzt")
    assert [rule.tag for rule in (await world.stored(aigul)).alerts] == ["$UZS1%"]
    assert "No rate alerts" in await world.says(aigul, "/alert off")


async def test_rules_by_tapping_from_the_rates(world: World, aigul: Someone) -> None:
    await world.services.rates.put(TICKER)
    table = await world.ask(aigul, "/rates KZT")
    await aigul.tap(table, "🔔 Alert")
    await world.telegram.wait_for(lambda: "moves within a day" in (aigul.last.text or ""))
    await aigul.tap(aigul.last, "2%")
    await world.telegram.wait_for(lambda: "KZT: 2% or more" in (aigul.last.text or ""))
    assert (await world.stored(aigul)).alerts == (RateAlert("KZT", Decimal(2)),)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("KZT", "Tell me when"),
        ("tenje 1%", "Did you mean KZT"),
        ("XQZ 1%", "no currency called “XQZ”"),
        ("KZT 90%", "between 0.1% and 50%"),
        ("USD 1%", "dollar does not move"),
    ],
)
async def test_what_cannot_be_watched_is_explained(
    world: World, aigul: Someone, typed: str, said: str
) -> None:
    answer = await world.says(aigul, f"/alert {typed}")
    assert said in answer
    assert "/alert KZT 1%" in answer


async def test_there_is_an_end_to_rules(world: World, aigul: Someone) -> None:
    await world.ask(aigul, "/alert KZT 1%")
    chat = await world.stored(aigul)
    many = tuple(RateAlert(f"A{number:02}", Decimal(1)) for number in range(MOST_RULES))
    await world.services.chats.update(chat.address, lambda old, _now: replace(old, alerts=many), new=chat)
    assert "too many alerts" in await world.says(aigul, "/alert UZS 1%")
