"""People and the bot talk: what each side sees of the other."""

from __future__ import annotations

import asyncio

import pytest

from bot.demo.local_telegram import LocalTelegram
from tests.demo.conftest import BareBot


async def test_what_a_person_says_reaches_the_bot_as_an_update(telegram: LocalTelegram, bot: BareBot) -> None:
    aigul = telegram.user(7, "Aigul", language_code="kk")
    await aigul.say("/start KZ")
    (update,) = await bot.result("getUpdates")
    assert update["message"]["text"] == "/start KZ"
    assert update["message"]["from"]["language_code"] == "kk"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_updates_stay_until_a_higher_offset_confirms_them(
    telegram: LocalTelegram, bot: BareBot
) -> None:
    aigul = telegram.user(7)
    await aigul.say("one")
    await aigul.say("two")
    first, second = await bot.result("getUpdates")
    assert await bot.result("getUpdates", limit=1) == [first]
    assert await bot.result("getUpdates", offset=second["update_id"]) == [second]
    assert await bot.result("getUpdates", offset=second["update_id"] + 1) == []


async def test_a_long_poll_returns_as_soon_as_somebody_speaks(telegram: LocalTelegram, bot: BareBot) -> None:
    poll = asyncio.create_task(bot.result("getUpdates", timeout=30))
    await telegram.wait_for(lambda: telegram.world.updates.polls)
    await telegram.user(7).say("hello")
    assert [update["message"]["text"] for update in await poll] == ["hello"]


async def test_a_second_poller_throws_the_first_one_out(telegram: LocalTelegram, bot: BareBot) -> None:
    first = asyncio.create_task(bot.answer("getUpdates", timeout=30))
    await telegram.wait_for(lambda: telegram.world.updates.polls == 1)
    assert await bot.result("getUpdates") == []
    assert (await first)["description"].startswith("Conflict: terminated by other getUpdates request")


async def test_only_wanted_kinds_of_update_are_queued(telegram: LocalTelegram, bot: BareBot) -> None:
    await bot.result("getUpdates", allowed_updates=["my_chat_member"])
    aigul = telegram.user(7)
    await aigul.say("not wanted")
    aigul.block()
    (update,) = await bot.result("getUpdates")
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_tap_is_answered_and_the_edit_shows_in_the_inbox(
    telegram: LocalTelegram, bot: BareBot
) -> None:
    aigul = telegram.user(7)
    await aigul.say("/start")
    button = {"text": "🇰🇿 Kazakhstan", "callback_data": "follow:KZ"}
    await bot.result("sendMessage", chat_id=7, text="Choose", reply_markup={"inline_keyboard": [[button]]})
    tap = asyncio.create_task(aigul.tap(aigul.last, "Kazakhstan"))
    await asyncio.sleep(0)
    query = (await bot.result("getUpdates"))[-1]["callback_query"]
    assert query["data"] == "follow:KZ"
    await bot.result("editMessageText", chat_id=7, message_id=query["message"]["message_id"], text="✅")
    await bot.result("answerCallbackQuery", callback_query_id=query["id"], text="Followed")
    assert (await tap).text == "Followed"
    assert [message.text for message in aigul.inbox] == ["✅"]
    assert [delivery.text for delivery in telegram.deliveries(7)] == ["Choose"]


async def test_a_tap_can_be_answered_once(telegram: LocalTelegram, bot: BareBot) -> None:
    aigul = telegram.user(7)
    await aigul.say("/start")
    await bot.result("sendMessage", chat_id=7, text="Choose")
    tap = aigul.send_data(aigul.last, "junk")
    assert await bot.result("answerCallbackQuery", callback_query_id=tap.id)
    assert "query is too old" in await bot.refusal("answerCallbackQuery", callback_query_id=tap.id)


async def test_waiting_in_vain_names_the_newest_calls(telegram: LocalTelegram, bot: BareBot) -> None:
    await bot.result("getMe")
    with pytest.raises(TimeoutError, match="getMe 200"):
        await telegram.wait_for(lambda: False, timeout_s=0.05)


async def test_an_outage_breaks_connections_and_keeps_everything(
    telegram: LocalTelegram, bot: BareBot
) -> None:
    await telegram.user(7).say("before")
    async with telegram.outage():
        with pytest.raises(OSError, match=r"Cannot connect|Connection"):
            await bot.answer("getMe")
    (update,) = await bot.result("getUpdates")
    assert update["message"]["text"] == "before"
