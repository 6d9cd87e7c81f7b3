"""Who asks too much is told once and then ignored; everybody else, and all chatter, goes on as before."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.demo.people import Someone
from bot.store.connect import Database
from handlers.floods import MOST, SILENCE_S, WITHIN_S, Floods
from tests.handlers.conftest import World

SLOW_DOWN = "Slow down"


def told(messages: list[object]) -> int:
    return sum(SLOW_DOWN in (getattr(message, "text", "") or "") for message in messages)


def test_the_fastest_finger_is_not_a_flood() -> None:
    floods = Floods()
    assert not any(floods.count({1: MOST}, second / 4, second / 4) for second in range(1000))


def test_a_flood_is_stopped_once_and_forgiven_later() -> None:
    floods = Floods()
    stopped = [floods.count({1: MOST}, 0.0, 0.0) for _ in range(MOST + 1)]
    assert stopped == [False] * MOST + [True]
    assert not any(floods.count({1: MOST}, 1.0, 1.0) for _ in range(100))
    assert floods.silent([1], 1.0)
    assert not floods.silent([2], 1.0)
    assert not floods.silent([1], SILENCE_S + 1)


@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 3)), max_size=300))
def test_memory_is_of_the_last_seconds_only(requests: list[tuple[int, float]]) -> None:
    floods, now = Floods(), 0.0
    for key, pause in requests:
        now += pause
        floods.count({key: MOST}, now, now)
    later = now + SILENCE_S + 2 * WITHIN_S + 1
    floods.count({99: MOST}, later, later)
    assert len(floods) == 1


async def test_fifty_commands_at_once_get_one_slow_down_and_others_are_served(
    world: World, aigul: Someone
) -> None:
    bek = world.telegram.user(2, "Bek")
    for _ in range(50):
        await aigul.say("/help")
    assert "/latest" in await world.says(bek, "/help")
    await world.telegram.wait_for(lambda: told(list(aigul.inbox)))
    answered = len(aigul.inbox)
    assert answered <= MOST + 1
    await aigul.say("/help")
    await world.ask(bek, "/help")
    assert told(list(aigul.inbox)) == 1
    assert len(aigul.inbox) == answered


async def test_one_member_who_floods_does_not_silence_the_group(world: World, aigul: Someone) -> None:
    bek = world.telegram.user(2, "Bek")
    group = world.telegram.group("Herders", members=[aigul, bek])
    for _ in range(50):
        await aigul.say("/help", to=group)
    await world.telegram.wait_for(lambda: told(list(group.inbox)))
    before = len(group.inbox)
    assert "/latest" in await world.says(bek, "/help", group)
    assert len(group.inbox) == before + 1


async def test_fifty_taps_get_one_toast(world: World, aigul: Someone) -> None:
    keyboard = await world.ask(aigul, "/subscribe")
    taps = [aigul.press(keyboard, "Kazakhstan") for _ in range(50)]
    await world.telegram.wait_for(lambda: any(SLOW_DOWN in tap.answer.text for tap in taps if tap.answer))
    bek = world.telegram.user(2, "Bek")
    await world.ask(bek, "/help")
    assert sum(SLOW_DOWN in tap.answer.text for tap in taps if tap.answer) == 1


async def test_a_group_that_floods_is_ignored_as_a_whole_and_other_groups_are_not(world: World) -> None:
    members = [world.telegram.user(number, f"Member {number}") for number in range(100, 120)]
    noisy = world.telegram.group("Noisy", members=members)
    calm = world.telegram.group("Calm", members=members[:1])
    for member in members:
        for _ in range(3):
            await member.say("/rates", to=noisy)
    await world.telegram.wait_for(lambda: told(list(noisy.inbox)))
    await world.ask(members[0], "/help", calm)
    assert told(list(noisy.inbox)) == 1


async def test_anonymous_administrators_of_different_groups_are_not_one_person(
    world: World, aigul: Someone
) -> None:
    noisy = world.telegram.supergroup("Noisy", administrators=[aigul])
    calm = world.telegram.supergroup("Calm", administrators=[aigul])
    for _ in range(50):
        await aigul.say("/help", to=noisy, anonymously=True)
    await world.telegram.wait_for(lambda: told(list(noisy.inbox)))
    await aigul.say("/help", to=calm, anonymously=True)
    await world.telegram.wait_for(lambda: calm.inbox)
    assert "/latest" in (calm.inbox[0].text or "")


async def test_commands_for_other_bots_are_no_flood(world: World, aigul: Someone) -> None:
    world.telegram.world.sees_all_group_messages = True
    group = world.telegram.group("Herders", members=[aigul])
    for _ in range(60):
        await aigul.say("/rates@otherbot", to=group)
    await world.ask(aigul, "/help", group)
    assert len(group.inbox) == 1


async def test_eight_thousand_messages_between_people_leave_nothing_behind(
    world: World, database: Database
) -> None:
    """200 groups, 20 members each, 2 messages a member; the bot hears all of them."""
    world.telegram.world.sees_all_group_messages = True
    for number in range(200):
        members = [world.telegram.user(10_000 + 20 * number + i) for i in range(20)]
        group = world.telegram.group(f"Group {number}", members=members)
        for member in members:
            await member.say("Has anybody seen my horse?", to=group)
            await member.say("latest rates, anyone? /maybe", to=group)
    reader = world.telegram.user(1, "Aigul")
    await reader.say("/help")
    await world.telegram.wait_for(lambda: reader.inbox, timeout_s=60)
    while world.telegram.world.updates.pending:  # noqa: ASYNC110 - the queue rings no bell
        await asyncio.sleep(0.01)
    groups = [chat for chat in world.telegram.world.chats.values() if chat.id < 0]
    assert len(groups) == 200
    assert not any(message.arrived_s for chat in groups for message in chat.messages.values())
    kept = await database.run(("KEYS", "*"))
    assert [key for key in kept if not key.startswith(b"{n}:active:")] == []
