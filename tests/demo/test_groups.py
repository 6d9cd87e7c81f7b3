"""Groups, topics, channels, and how they and their people come and go."""

from __future__ import annotations

import asyncio

import pytest

from bot.demo.local_telegram import LocalTelegram
from bot.demo.who import Status
from tests.demo.conftest import BareBot


async def test_privacy_mode_lets_the_bot_hear_only_what_is_meant_for_it(
    telegram: LocalTelegram, bot: BareBot
) -> None:
    aigul = telegram.user(7)
    group = telegram.group(members=[aigul])
    sent = await bot.result("sendMessage", chat_id=group.id, text="hello")
    for text in (
        "chatter",
        "/rates",
        "/rates@local_briefing_bot",
        "/rates@another_bot",
        "@local_briefing_bot hi",
    ):
        await aigul.say(text, to=group)
    await aigul.say("an answer", to=group, reply_to=group.chat.messages[sent["message_id"]])
    heard = [update["message"]["text"] for update in await bot.result("getUpdates")]
    assert heard == ["/rates", "/rates@local_briefing_bot", "@local_briefing_bot hi", "an answer"]


async def test_without_privacy_mode_it_hears_everything(telegram: LocalTelegram, bot: BareBot) -> None:
    telegram.world.sees_all_group_messages = True
    aigul = telegram.user(7)
    await aigul.say("chatter", to=telegram.group(members=[aigul]))
    assert len(await bot.result("getUpdates")) == 1
    assert (await bot.result("getMe"))["can_read_all_group_messages"]


async def test_a_topic_gets_its_messages_until_it_is_closed_or_deleted(
    telegram: LocalTelegram, bot: BareBot
) -> None:
    owner = telegram.user(7)
    forum = telegram.supergroup(owner=owner, topics=["Energy", "Kazakhstan"])
    energy = forum.topic("Energy")
    target = {"chat_id": forum.id, "message_thread_id": energy.thread_id, "text": "x"}
    sent = await bot.result("sendMessage", **target)
    assert sent["is_topic_message"]
    assert sent["message_thread_id"] == energy.thread_id
    forum.close_topic(energy, owner)
    assert await bot.refusal("sendMessage", **target) == "Bad Request: TOPIC_CLOSED"
    forum.delete_topic(energy)
    assert await bot.refusal("sendMessage", **target) == "Bad Request: message thread not found"


async def test_what_is_said_in_a_topic_carries_its_thread(telegram: LocalTelegram, bot: BareBot) -> None:
    owner = telegram.user(7)
    forum = telegram.supergroup(owner=owner, topics=["Energy"])
    await bot.result("getUpdates", offset=-1)
    await owner.say("/latest", to=forum, topic=forum.topic("Energy"))
    message = (await bot.result("getUpdates"))[-1]["message"]
    assert message["message_thread_id"] == forum.topic("Energy").thread_id
    assert message["chat"]["is_forum"]


async def test_a_group_becomes_a_supergroup(telegram: LocalTelegram, bot: BareBot) -> None:
    owner = telegram.user(7)
    group = telegram.group("Readers", owner=owner)
    supergroup = telegram.migrate(group, by=owner)
    to, came_from = (update["message"] for update in await bot.result("getUpdates"))
    assert (to["chat"]["id"], to["migrate_to_chat_id"]) == (group.id, supergroup.id)
    assert (came_from["chat"]["id"], came_from["migrate_from_chat_id"]) == (supergroup.id, group.id)
    answer = await bot.answer("sendMessage", chat_id=group.id, text="x")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": supergroup.id}
    assert await bot.result("sendMessage", chat_id=supergroup.id, text="x")


async def test_each_way_of_being_unwelcome_has_its_own_text(telegram: LocalTelegram, bot: BareBot) -> None:
    aigul, bolat, silent = telegram.user(7), telegram.user(8), telegram.user(9)
    await aigul.say("/start")
    await bolat.say("/start")
    aigul.block()
    bolat.deactivate()
    group = telegram.group(owner=bolat)
    group.set_bot(bolat, Status.KICKED)
    left = telegram.supergroup(owner=bolat)
    await bot.result("leaveChat", chat_id=left.id)
    deleted = telegram.supergroup(owner=bolat)
    deleted.delete()
    mute = telegram.supergroup(owner=bolat, bot=Status.RESTRICTED)
    channel = telegram.channel(owner=bolat, bot=Status.MEMBER)
    expected = {
        aigul.id: "Forbidden: bot was blocked by the user",
        bolat.id: "Forbidden: user is deactivated",
        silent.id: "Forbidden: bot can't initiate conversation with a user",
        group.id: "Forbidden: bot was kicked from the group chat",
        left.id: "Forbidden: bot is not a member of the supergroup chat",
        deleted.id: "Forbidden: the supergroup chat was deleted",
        mute.id: "Bad Request: not enough rights to send text messages to the chat",
        channel.id: "Bad Request: need administrator rights in the channel chat",
    }
    for chat_id, complaint in expected.items():
        assert await bot.refusal("sendMessage", chat_id=chat_id, text="x") == complaint
    aigul.unblock()
    assert await bot.result("sendMessage", chat_id=aigul.id, text="welcome back")


async def test_a_channel_is_known_by_name_and_its_posts_are_updates(
    telegram: LocalTelegram, bot: BareBot
) -> None:
    channel = telegram.channel("News", username="steppe_news", owner=telegram.user(7))
    await channel.post("/subscribe KZ")
    (update,) = await bot.result("getUpdates")
    assert update["channel_post"]["sender_chat"]["id"] == channel.id
    sent = await bot.result("sendMessage", chat_id="@steppe_news", text="x")
    assert "from" not in sent
    assert sent["chat"]["username"] == "steppe_news"


async def test_members_and_their_rights(telegram: LocalTelegram, bot: BareBot) -> None:
    owner, editor, reader, stranger = (telegram.user(number) for number in (1, 2, 3, 4))
    channel = telegram.channel(owner=owner, members=[reader])
    channel.set_status(editor, Status.ADMINISTRATOR, by=owner, lacks=["can_post_messages"])
    members = [
        await bot.result("getChatMember", chat_id=channel.id, user_id=who.id)
        for who in (owner, editor, reader, stranger)
    ]
    assert [member["status"] for member in members] == ["creator", "administrator", "member", "left"]
    assert not members[1]["can_post_messages"]
    administrators = await bot.result("getChatAdministrators", chat_id=channel.id)
    assert {member["user"]["id"] for member in administrators} == {1, 2, telegram.world.bot.id}
    assert await bot.result("getChatMemberCount", chat_id=channel.id) == 4


async def test_the_bot_is_told_when_it_joins_and_leaves(telegram: LocalTelegram, bot: BareBot) -> None:
    owner = telegram.user(7)
    group = telegram.group(owner=owner, bot=Status.LEFT)
    group.set_bot(owner, Status.MEMBER)
    group.set_bot(owner, Status.ADMINISTRATOR)
    group.set_bot(owner, Status.KICKED)
    updates = await bot.result("getUpdates")
    changes = [update["my_chat_member"] for update in updates if "my_chat_member" in update]
    assert [(c["old_chat_member"]["status"], c["new_chat_member"]["status"]) for c in changes] == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "kicked"),
    ]
    (service,) = (update["message"] for update in updates if "message" in update)
    assert service["new_chat_members"][0]["id"] == telegram.world.bot.id


async def test_anonymous_administrators_write_as_the_group(telegram: LocalTelegram, bot: BareBot) -> None:
    owner = telegram.user(7)
    group = telegram.supergroup(owner=owner)
    await owner.say("/settings", to=group, anonymously=True)
    message = (await bot.result("getUpdates"))[-1]["message"]
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == group.id


async def test_inline_results_are_answered_and_chosen(telegram: LocalTelegram, bot: BareBot) -> None:
    aigul = telegram.user(7)
    asked = asyncio.create_task(aigul.inline("kzt"))
    await asyncio.sleep(0)
    query = (await bot.result("getUpdates"))[-1]["inline_query"]
    result = {
        "type": "article",
        "id": "1",
        "title": "1 USD",
        "input_message_content": {"message_text": "<b>505</b>", "parse_mode": "HTML"},
    }
    await bot.result("answerInlineQuery", inline_query_id=query["id"], results=[result], cache_time=60)
    answer = await asked
    assert (query["query"], answer.results, answer.cache_time) == ("kzt", [result], 60)
    aigul.choose(answer.results[0], "kzt")
    chosen = next(u for u in await bot.result("getUpdates") if "chosen_inline_result" in u)
    assert chosen["chosen_inline_result"]["result_id"] == "1"


async def test_inline_results_with_broken_markup_are_refused(telegram: LocalTelegram, bot: BareBot) -> None:
    asked = asyncio.create_task(telegram.user(7).inline("kzt", timeout_s=0.3))
    await asyncio.sleep(0)
    query = (await bot.result("getUpdates"))[-1]["inline_query"]
    content = {"message_text": "<b>505", "parse_mode": "HTML"}
    result = {"type": "article", "id": "1", "title": "x", "input_message_content": content}
    complaint = await bot.refusal("answerInlineQuery", inline_query_id=query["id"], results=[result])
    assert complaint.startswith("Bad Request: can't parse entities")
    with pytest.raises(TimeoutError):
        await asked


async def test_a_chat_picker_tells_which_chat_was_chosen(telegram: LocalTelegram, bot: BareBot) -> None:
    aigul = telegram.user(7)
    channel = telegram.channel("News", owner=aigul)
    await aigul.say("/channel")
    keyboard = [[{"text": "Choose", "request_chat": {"request_id": 3, "chat_is_channel": True}}]]
    await bot.result("sendMessage", chat_id=7, text="Which?", reply_markup={"keyboard": keyboard})
    await aigul.share_chat(aigul.last, channel)
    shared = (await bot.result("getUpdates"))[-1]["message"]["chat_shared"]
    assert shared == {"request_id": 3, "chat_id": channel.id, "title": "News"}
