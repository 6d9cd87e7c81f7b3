"""Groups, topics, channels: who may ask, who may change, and where the answer goes."""

from bot.demo.local_telegram import LocalTelegram
from bot.demo.people import Someone
from bot.model import ChatKind, Mode
from tests.handlers.conftest import World, labels


async def test_in_a_group_only_administrators_change_settings(world: World, aigul: Someone) -> None:
    boss = world.telegram.user(2, "Boss")
    group = world.telegram.group("Herders", owner=boss, members=[aigul])
    assert await world.says(aigul, "/subscribe KZ", group) == "Only administrators can change settings here."
    assert "You now follow" in await world.says(boss, "/subscribe KZ", group)
    chat = await world.stored(group)
    assert chat.kind is ChatKind.GROUP
    assert set(chat.follows) == {"KZ"}


async def test_anybody_may_ask_in_a_group_and_gets_a_reply(world: World, aigul: Someone) -> None:
    group = world.telegram.group("Herders", members=[aigul])
    answer = await world.ask(aigul, "/latest", group)
    assert "Nothing here yet" in (answer.text or "")
    assert answer.reply_to is not None


async def test_an_administrator_who_is_anonymous_counts(world: World, aigul: Someone) -> None:
    group = world.telegram.supergroup("Herders", administrators=[aigul])
    await aigul.say("/subscribe KZ", to=group, anonymously=True)
    await world.telegram.wait_for(lambda: group.inbox)
    assert set((await world.stored(group)).follows) == {"KZ"}


async def test_others_tapping_get_a_toast_and_no_message(world: World, aigul: Someone) -> None:
    boss = world.telegram.user(2, "Boss")
    group = world.telegram.group("Herders", owner=boss, members=[aigul])
    keyboard = await world.ask(boss, "/subscribe", group)
    answer = await aigul.tap(keyboard, "Kazakhstan")
    assert answer.text == "Only administrators can change settings here."
    assert len(group.inbox) == 1
    await boss.tap(keyboard, "Kazakhstan")
    await world.telegram.wait_for(lambda: "✅ 🇰🇿 Kazakhstan" in labels(group.inbox[-1]))


async def test_a_topic_is_an_address_of_its_own_and_keeps_its_answers(world: World, aigul: Someone) -> None:
    forum = world.telegram.supergroup("Newsroom", topics=["Energy"], owner=aigul)
    topic = forum.topic("Energy")
    await aigul.say("/subscribe energy", to=forum, topic=topic)
    await world.telegram.wait_for(lambda: forum.inbox)
    assert forum.inbox[-1].thread_id == topic.thread_id
    assert set((await world.stored(forum, topic.thread_id)).follows) == {"energy"}
    assert await world.services.chats.get((await world.stored(forum, topic.thread_id)).address) is not None


async def test_chatter_and_commands_for_other_bots_are_met_with_silence(
    world: World, telegram: LocalTelegram, aigul: Someone
) -> None:
    group = telegram.group("Herders", members=[aigul])
    for words in ("hello", "/unknown", "/latest@otherbot", "/start@otherbot KZ"):
        await aigul.say(words, to=group)
    await world.ask(aigul, "/help", group)
    assert len(group.inbox) == 1


async def test_a_channel_may_be_set_up_by_its_posts(world: World) -> None:
    channel = world.telegram.channel("Steppe news")
    await channel.post("/subscribe KZ")
    await world.telegram.wait_for(lambda: any("You now follow" in (m.text or "") for m in channel.inbox))
    assert (await world.stored(channel)).kind is ChatKind.CHANNEL


async def test_unknown_words_in_a_private_chat_point_to_help(world: World, aigul: Someone) -> None:
    for words in ("/weather", "hello", "/latest@otherbot"):
        assert "/help" in await world.says(aigul, words)


async def test_a_channels_command_is_not_answered_once_more_in_its_discussion_group(
    world: World, aigul: Someone
) -> None:
    channel = world.telegram.channel("Steppe news", owner=aigul)
    group = world.telegram.supergroup("Steppe talk", owner=aigul)
    copied = {"is_automatic_forward": True, "sender_chat": channel.chat.as_json()}
    world.telegram.world.say(aigul.person, group.chat, "/latest", extras=copied)
    await world.ask(aigul, "/help", group)
    assert len(group.inbox) == 1


async def test_topics_choose_modes_and_briefings_of_their_own(world: World, aigul: Someone) -> None:
    forum = world.telegram.supergroup("Newsroom", topics=["Energy", "Kazakhstan"], owner=aigul)
    energy, kazakhstan = forum.topics
    for topic, command in (
        (energy, "/briefing 07:30"),
        (kazakhstan, "/quiet 22:00-07:00"),
        (energy, "/mode briefing"),
    ):
        before = len(forum.inbox)
        await aigul.say(command, to=forum, topic=topic)
        await world.telegram.wait_for(lambda: len(forum.inbox) > before)  # noqa: B023
    of_energy, of_kazakhstan = (
        await world.stored(forum, energy.thread_id),
        await world.stored(forum, kazakhstan.thread_id),
    )
    assert (of_energy.mode, of_energy.quiet) == (Mode.BRIEFING, None)
    assert (of_kazakhstan.mode, of_kazakhstan.briefing) == (Mode.INSTANT, None)


async def test_a_question_in_a_closed_topic_is_answered_nowhere_else(world: World, aigul: Someone) -> None:
    forum = world.telegram.supergroup("Newsroom", topics=["Energy"], owner=aigul)
    (topic,) = forum.topics
    forum.close_topic(topic, aigul)
    await aigul.say("/latest", to=forum, topic=topic)
    await world.ask(aigul, "/help", forum)
    assert [message.thread_id for message in forum.inbox] == [None]
    assert "/latest" in (forum.inbox[0].text or ""), "the answer to /help, and no apology"
