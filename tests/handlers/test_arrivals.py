"""The bot comes into groups, goes, moves, and comes back: what it says, and what becomes of the settings."""

from __future__ import annotations

import pytest

from bot.demo.people import Place, Someone
from bot.demo.who import Status
from bot.model import Address, ChatKind, Tag
from bot.store.connect import Database
from bot.store.departed import KEPT_S, Departed
from tests.conftest import Clock
from tests.handlers.conftest import World, labels, stories


@pytest.fixture
def boss(world: World) -> Someone:
    return world.telegram.user(2, "Boss")


async def gone(world: World, place: Place | Someone, thread_id: int | None = None) -> bool:
    chat = await world.services.chats.get(Address(place.id, thread_id))
    return chat is not None and chat.gone_since is not None


async def until_gone(world: World, place: Place | Someone, expected: bool = True) -> None:
    """Updates of the bot's own place are answered by silence: look at the store until it says so."""
    for _ in range(2000):
        if await gone(world, place) is expected:
            return
    raise AssertionError("the store still says otherwise")


async def test_added_to_a_group_it_says_one_line_with_a_way_to_the_settings(
    world: World, boss: Someone
) -> None:
    group = world.telegram.group("Herders", owner=boss, bot=Status.LEFT)
    group.set_bot(boss, Status.MEMBER)
    await world.telegram.wait_for(lambda: group.inbox)
    (greeting,) = group.inbox
    assert (greeting.text or "").count("\n") == 0
    assert labels(greeting) == ["⚙️ Set up"]
    assert await world.services.chats.addresses(group.id) == [], "nothing is stored before somebody chooses"
    await boss.tap(greeting, "Set up")
    await world.telegram.wait_for(lambda: "🇰🇿 Kazakhstan" in labels(group.inbox[-1]))
    await boss.tap(group.inbox[-1], "Kazakhstan")
    assert set((await world.stored(group)).follows) == {"KZ"}


async def test_the_greeting_is_in_the_language_of_who_added_it(world: World) -> None:
    ivan = world.telegram.user(3, "Ivan", language_code="ru")
    group = world.telegram.group("Пастухи", owner=ivan, bot=Status.LEFT)
    group.set_bot(ivan, Status.MEMBER)
    await world.telegram.wait_for(lambda: group.inbox)
    assert "Центральной Азии" in (group.inbox[0].text or "")


async def test_only_administrators_reach_the_settings_by_the_greeting(
    world: World, boss: Someone, aigul: Someone
) -> None:
    group = world.telegram.group("Herders", owner=boss, members=[aigul], bot=Status.LEFT)
    group.set_bot(boss, Status.MEMBER)
    await world.telegram.wait_for(lambda: group.inbox)
    answer = await aigul.tap(group.inbox[0], "Set up")
    assert answer.text == "Only administrators can change settings here."
    assert len(group.inbox) == 1


async def test_a_new_administrator_may_within_seconds_and_rights_are_asked_once_a_minute(
    world: World, boss: Someone, aigul: Someone
) -> None:
    group = world.telegram.group("Herders", owner=boss, members=[aigul])
    keyboard = await world.ask(boss, "/subscribe", group)
    for name in ("Kazakhstan", "Uzbekistan", "Tajikistan"):
        await boss.tap(keyboard, name)
    asked = [call for call in world.telegram.journal.calls if call.method == "getChatMember"]
    assert len(asked) == 1


async def test_a_short_kick_keeps_everything_and_owes_nothing_of_the_time_between(
    world: World, boss: Someone
) -> None:
    group = world.telegram.group("Herders", owner=boss)
    await world.ask(boss, "/subscribe KZ", group)
    await world.ask(boss, "/quiet 22:00-07:00", group)
    before = await world.stored(group)
    group.set_bot(boss, Status.KICKED)
    await until_gone(world, group)
    await world.services.articles.append(stories(2))
    group.set_bot(boss, Status.MEMBER)
    await until_gone(world, group, False)
    after = await world.stored(group)
    assert after.quiet == before.quiet
    assert after.follows[Tag("KZ")] > before.follows[Tag("KZ")]
    assert len(group.inbox) == 2, "no greeting: it is set up already"


async def test_after_thirty_days_away_a_group_is_new_again(
    world: World, boss: Someone, database: Database, clock: Clock
) -> None:
    group = world.telegram.group("Herders", owner=boss)
    await world.ask(boss, "/subscribe KZ", group)
    group.set_bot(boss, Status.KICKED)
    await until_gone(world, group)
    clock.advance(KEPT_S + 3600)
    assert await Departed(database, world.services.chats).forget_some() == 1
    before = len(group.inbox)
    group.set_bot(boss, Status.MEMBER)
    await world.telegram.wait_for(lambda: len(group.inbox) > before)
    assert labels(group.inbox[-1]) == ["⚙️ Set up"]


async def test_topics_go_and_come_back_with_their_group(world: World, boss: Someone) -> None:
    forum = world.telegram.supergroup("Newsroom", topics=["Energy", "Kazakhstan"], owner=boss)
    energy, kazakhstan = forum.topics
    for topic, what in ((energy, "energy"), (kazakhstan, "KZ")):
        before = len(forum.inbox)
        await boss.say(f"/subscribe {what}", to=forum, topic=topic)
        await world.telegram.wait_for(lambda: len(forum.inbox) > before)  # noqa: B023
    assert set((await world.stored(forum, energy.thread_id)).follows) == {"energy"}
    assert set((await world.stored(forum, kazakhstan.thread_id)).follows) == {"KZ"}
    forum.set_bot(boss, Status.LEFT)
    for topic in (energy, kazakhstan):
        while not await gone(world, forum, topic.thread_id):
            pass
    forum.set_bot(boss, Status.MEMBER)
    for topic in (energy, kazakhstan):
        while await gone(world, forum, topic.thread_id):
            pass


async def test_without_the_right_to_write_a_group_waits(world: World, boss: Someone) -> None:
    group = world.telegram.supergroup("Herders", owner=boss)
    await world.ask(boss, "/subscribe KZ", group)
    group.set_bot(boss, Status.RESTRICTED)
    await until_gone(world, group)
    group.set_bot(boss, Status.ADMINISTRATOR)
    await until_gone(world, group, False)


async def test_who_blocks_the_bot_is_gone_and_back_after_unblocking(world: World, aigul: Someone) -> None:
    await world.ask(aigul, "/subscribe KZ")
    aigul.block()
    await until_gone(world, aigul)
    aigul.unblock()
    await until_gone(world, aigul, False)
    assert set((await world.stored(aigul)).follows) == {"KZ"}


async def test_a_group_that_becomes_a_supergroup_takes_everything_along(world: World, boss: Someone) -> None:
    group = world.telegram.group("Herders", owner=boss)
    await world.ask(boss, "/subscribe KZ energy", group)
    await world.ask(boss, "/language ru", group)
    before = await world.stored(group)
    supergroup = world.telegram.migrate(group, boss)
    while await world.services.chats.get(Address(group.id)) is not None:
        pass
    after = await world.stored(supergroup)
    assert after.kind is ChatKind.SUPERGROUP
    assert (after.follows, after.language) == (before.follows, "ru")
    assert len(group.inbox) == 2
    assert not supergroup.inbox, "nobody is greeted who was there before"


async def test_an_answer_that_meets_the_new_id_first_moves_the_settings_too(
    world: World, boss: Someone
) -> None:
    group = world.telegram.group("Herders", owner=boss)
    await world.ask(boss, "/subscribe KZ", group)
    # The service message is still on its way: the bot learns it from the 400 of its answer.
    supergroup = world.telegram.migrate(group, boss)
    world.telegram.world.updates.drop()
    await boss.say("/latest", to=group)
    while await world.services.chats.get(Address(supergroup.id)) is None:
        pass
    assert set((await world.stored(supergroup)).follows) == {"KZ"}


async def test_a_reopened_topic_gets_its_stories_again(world: World, boss: Someone) -> None:
    forum = world.telegram.supergroup("Newsroom", topics=["Energy"], owner=boss)
    (topic,) = forum.topics
    await boss.say("/subscribe energy", to=forum, topic=topic)
    await world.telegram.wait_for(lambda: forum.inbox)
    await world.services.chats.mark_gone([Address(forum.id, topic.thread_id)])
    world.telegram.world.say(
        boss.person, forum.chat, "", thread_id=topic.thread_id, extras={"forum_topic_reopened": {}}
    )
    while await gone(world, forum, topic.thread_id):
        pass
