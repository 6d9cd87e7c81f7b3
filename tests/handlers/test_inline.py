"""Inline mode: what is typed after the bot's name in any chat."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.demo.people import Someone
from bot.model import Quote
from tests.handlers.conftest import World, stories

TODAY = dt.datetime.now(dt.UTC).date()
QUOTES = [
    Quote("USD", code, Decimal(value), TODAY, "Bank", Decimal("0.3"))
    for code, value in (("KZT", "505.05"), ("KGS", "87.4"), ("UZS", "12105"))
]


@pytest.fixture
async def filled(world: World) -> World:
    await world.services.articles.fill(
        [replace(story, image_url=f"https://news.example/{story.id}.jpg") for story in stories(45)]
    )
    await world.services.rates.put(QUOTES)
    return world


async def titles(who: Someone, query: str) -> list[str]:
    return [str(result["title"]) for result in (await who.inline(query)).results]


async def test_nothing_typed_gives_the_rates_and_the_latest(filled: World, aigul: Someone) -> None:
    answer = await aigul.inline("")
    assert answer.results[0]["title"] == "💱 Exchange rates"
    assert answer.results[1]["title"] == "🇺🇿 Story 0"
    assert answer.results[1]["thumbnail_url"] == "https://news.example/a0.jpg"


@pytest.mark.parametrize("query", ["kzt", "KZT", "tenge", "тенге"])
async def test_a_currency_by_code_or_name(filled: World, aigul: Someone, query: str) -> None:
    assert await titles(aigul, query) == ["💱 1 USD = 505.05 KZT  ▲ 0.30%"]


async def test_a_conversion_both_ways_and_as_a_message(filled: World, aigul: Someone) -> None:
    answer = await aigul.inline("100 usd kzt")
    assert [result["title"] for result in answer.results] == [
        "💱 100.00 USD = 50,505.00 KZT",
        "💱 100.00 KZT = 0.20 USD",
    ]
    bek = filled.telegram.group("Herders", members=[aigul])
    message = aigul.choose(answer.results[0], "100 usd kzt", to=bek)
    assert (message.text or "").startswith("💱 100.00 USD = 50,505.00 KZT")
    assert answer.cache_time == 300


@pytest.mark.parametrize("query", ["kazakhstan", "KZ", "🇰🇿", "казахстан"])
async def test_a_country_by_any_name(filled: World, aigul: Someone, query: str) -> None:
    assert (await titles(aigul, query))[:2] == ["🇰🇿 Story 1", "🇰🇿 Story 3"]


async def test_a_topic_and_words(filled: World, aigul: Someone) -> None:
    assert len(await titles(aigul, "energy")) == 20
    assert await titles(aigul, "story 17") == ["🇰🇿 Story 17"]
    assert await titles(aigul, "no such thing") == []


async def test_pages_follow_each_other_until_the_end(filled: World, aigul: Someone) -> None:
    seen: list[str] = []
    offset = ""
    for _ in range(3):
        answer = await aigul.inline("energy", offset=offset)
        seen += [str(result["id"]) for result in answer.results]
        offset = answer.next_offset
    assert offset == ""
    assert len(set(seen)) == len(seen) == 45


@pytest.mark.parametrize(
    "query",
    ["x" * 256, "<b>&", "100", "100 usd", "0 usd kzt", "1e9 usd kzt", "-5 usd kzt", "🙂" * 50, "100 usd zzz"],
)
async def test_anything_typed_gets_a_well_formed_answer(filled: World, aigul: Someone, query: str) -> None:
    for offset in ("", "junk", "-1", "99999999999", "20"):
        assert len((await aigul.inline(query, offset=offset)).results) <= 50


async def test_the_words_are_in_the_language_of_who_asks(filled: World) -> None:
    ivan = filled.telegram.user(8, "Иван", language_code="ru")
    assert (await titles(ivan, ""))[0] == "💱 Курсы валют"
    assert (await ivan.inline("")).is_personal


async def test_a_flood_of_inline_queries_is_not_answered_and_commands_are(
    filled: World, aigul: Someone
) -> None:
    queries = filled.telegram.platform.queries
    asked = [queries.ask_inline(aigul.person, f"story {number}", "", "sender") for number in range(200)]
    await filled.ask(aigul, "/help")
    answered = [question for question in asked if question.answer]
    assert 0 < len(answered) < 100
