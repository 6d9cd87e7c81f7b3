"""Operators have their own commands in private; to everybody else these are unknown words."""

from __future__ import annotations

import datetime as dt

import pytest
from telegram import Bot, BotCommandScopeChat, Chat, MessageEntity
from telegram import Message as TelegramMessage

from bot.demo.markup import read_text
from bot.demo.people import Someone
from bot.language import Tongues
from bot.store import keys
from bot.store.announcements import State
from bot.store.connect import Database
from bot.store.schedule import Schedule
from bot.store.source_states import SourceState, SourceStates
from handlers import FOR_OPERATORS
from handlers.incoming import html_args_of
from handlers.menus import publish_menus
from tests.handlers.conftest import OPERATOR, World, labels

UNKNOWN = "I don’t know that one. /help lists what I understand."


@pytest.fixture
def operator(world: World) -> Someone:
    return world.telegram.user(OPERATOR, "Operator")


@pytest.mark.parametrize("command", FOR_OPERATORS)
async def test_nobody_else_learns_that_there_is_such_a_command(
    world: World, aigul: Someone, operator: Someone, command: str
) -> None:
    assert await world.says(aigul, f"/{command} text") == UNKNOWN
    assert f"/{command} " not in await world.says(operator, "/help")
    group = world.telegram.group("Herders", owner=operator)
    await operator.say(f"/{command} text", to=group)
    await world.ask(operator, "/help", group)
    assert len(group.inbox) == 1, "not even an operator gets numbers in a group"
    assert not await world.services.desk.pushes.paused()


@pytest.mark.parametrize("data", ["A:0123456789ab", "X:0123456789ab", "W:0123456789ab"])
async def test_operators_buttons_mean_nothing_to_others(world: World, aigul: Someone, data: str) -> None:
    drafted = await world.services.desk.announcements.draft("Hello", 1)
    keyboard = await world.ask(aigul, "/start")
    tap = aigul.send_data(keyboard, data.replace("0123456789ab", drafted.id))
    await world.telegram.wait_for(lambda: tap.answer)
    assert tap.answer is not None
    assert "out of date" in tap.answer.text
    unchanged = await world.services.desk.announcements.get(drafted.id)
    assert unchanged is not None
    assert unchanged.state is State.DRAFT


async def test_stats_count_chats_languages_followers_and_activity(
    world: World, aigul: Someone, operator: Someone
) -> None:
    bek = world.telegram.user(2, "Bek", language_code="ru")
    await world.ask(aigul, "/subscribe KZ energy")
    await world.ask(bek, "/subscribe KZ")
    group = world.telegram.group("Herders", owner=aigul)
    await world.ask(aigul, "/subscribe UZ", group)
    await world.services.desk.sent.add(3)
    text = await world.says(operator, "/stats")
    assert "Chats: 3 (private 2, groups 1)" in text
    assert "en 2, ru 1" in text
    assert "Active within 7 days: 3" in text
    assert "🇰🇿 Kazakhstan 2" in text
    assert "Sent today: 3" in text
    assert "Waiting now: " in text


async def test_sources_are_listed_with_their_troubles_in_words_those_in_trouble_first(
    world: World, operator: Someone, database: Database
) -> None:
    assert await world.says(operator, "/sources") == "No source has been polled yet."
    schedule, states = Schedule(database, keys.SOURCE_SCHEDULE), SourceStates(database)
    await schedule.wake(["A good one", "A bad <one>"], in_s=600)
    an_hour_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    good = SourceState(url="https://a.example", last_success=an_hour_ago, items=40, took_s=0.4)
    await states.put("A good one", good)
    await states.put(
        "A bad <one>", SourceState(url="https://b.example", last_error="the server answered 500")
    )
    text = await world.says(operator, "/sources")
    assert text.index("🔴 A bad <one>") < text.index("🟢 A good one")
    assert "has not worked yet" in text
    assert "the server answered 500" in text
    assert "worked 1 hour ago, next poll in 10 min, 40 items" in text
    await states.put(
        "A bad <one>", SourceState(url="https://b.example", ended=True, last_error="gone for good (410)")
    )
    assert "🔴 A bad <one>\nhas not worked yet\ngone for good (410)" in await world.says(operator, "/sources")
    assert "Slowest source: A good one (0.4 s)" in await world.says(operator, "/stats")


async def test_pushes_can_be_stopped_and_go_on(world: World, operator: Someone) -> None:
    assert "stopped" in await world.says(operator, "/pause")
    assert await world.services.desk.pushes.paused()
    assert "/resume" in await world.says(operator, "/stats")
    await world.ask(operator, "/resume")
    assert not await world.services.desk.pushes.paused()


async def test_an_announcement_is_shown_as_it_will_look_and_asked_about(
    world: World, operator: Someone, aigul: Someone
) -> None:
    await world.ask(aigul, "/subscribe KZ")
    formatted = read_text(
        "/announce <b>Hello</b> & <a href='https://a.example/'>welcome</a> <i>all</i>", "HTML"
    )
    world.telegram.world.say(operator.person, operator.chat, "", formatted=formatted)
    await world.telegram.wait_for(lambda: operator.inbox)
    preview = operator.last
    assert preview.text == "📣 To 1 chat?\n\nHello & welcome all"
    assert [entity["type"] for entity in preview.entities] == ["bold", "bold", "text_link", "italic"]
    assert labels(preview) == ["📣 Send it", "✖️ Do not send"]
    await operator.tap(preview, "Do not send")
    await world.telegram.wait_for(lambda: "Stopped: 0 of 1" in (operator.last.text or ""))


def test_formatting_that_begins_before_the_text_is_cut_there() -> None:
    """🙂 counts two, as Telegram counts."""
    entities = [
        MessageEntity(MessageEntity.BOT_COMMAND, 0, 9),
        MessageEntity(MessageEntity.ITALIC, 4, 9),
        MessageEntity(MessageEntity.BOLD, 13, 4),
    ]
    now = dt.datetime.now(dt.UTC)
    message = TelegramMessage(1, now, Chat(1, "private"), text="/announce 🙂 <all>", entities=entities)
    assert html_args_of(message) == "<i>🙂 </i><b>&lt;all</b>&gt;"


@pytest.mark.parametrize("text", ["/announce", "/announce " + "x" * 4000])
async def test_an_announcement_without_a_text_or_with_too_much_of_it(
    world: World, operator: Someone, text: str
) -> None:
    answer = await world.says(operator, text)
    assert "\n" not in answer
    assert not operator.last.keyboard


async def test_operators_have_a_menu_of_their_own(world: World, operator: Someone) -> None:
    async with Bot(world.telegram.token, base_url=f"{world.telegram.api_url}/bot") as bot:
        await publish_menus(bot, Tongues(), [OPERATOR])
        theirs = await bot.get_my_commands(BotCommandScopeChat(OPERATOR))
        everybodys = await bot.get_my_commands()
    assert {command.command for command in theirs} - {command.command for command in everybodys} == set(
        FOR_OPERATORS
    )
