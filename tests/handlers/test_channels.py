"""A channel is connected by those who may post there, and set up in private."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.demo.people import Place, Someone
from bot.demo.who import Status
from bot.model import Address, ChatKind, Mode
from handlers.remote_buttons import for_channel
from tests.handlers.conftest import World, labels


@pytest.fixture
def editor(world: World) -> Someone:
    return world.telegram.user(5, "Editor")


@pytest.fixture
def channel(world: World, editor: Someone) -> Place:
    return world.telegram.channel("Steppe Daily", username="steppe_daily", owner=editor)


async def not_stored(world: World, place: Place) -> bool:
    return await world.services.chats.get(Address(place.id)) is None


async def redrawn(world: World, who: Someone, condition: Callable[[], object]) -> None:
    await world.telegram.wait_for(condition)


async def test_by_name_the_settings_of_the_channel_open_in_private(
    world: World, editor: Someone, channel: Place
) -> None:
    settings = await world.ask(editor, "/channel @steppe_daily")
    assert (settings.text or "").startswith("⚙️ Settings · Steppe Daily\n")
    chat = await world.stored(channel)
    assert chat.kind is ChatKind.CHANNEL
    assert not channel.inbox, "nothing is posted by setting up"
    await editor.tap(settings, "You follow")
    await redrawn(world, editor, lambda: "You follow nothing yet." in (editor.last.text or ""))
    await editor.tap(editor.last, "Add or change")
    await redrawn(world, editor, lambda: "🇰🇿 Kazakhstan" in labels(editor.last))
    await editor.tap(editor.last, "Kazakhstan")
    await redrawn(world, editor, lambda: "✅ 🇰🇿 Kazakhstan" in labels(editor.last))
    assert set((await world.stored(channel)).follows) == {"KZ"}
    assert await world.services.chats.get(Address(editor.id)) is None, "the person's own settings are others"
    assert len(editor.inbox) == 1


async def test_by_the_picker(world: World, editor: Someone, channel: Place) -> None:
    question = await world.ask(editor, "/channel")
    await editor.share_chat(question, channel)
    await redrawn(world, editor, lambda: "Steppe Daily" in (editor.last.text or ""))
    assert not await not_stored(world, channel)


async def test_by_making_the_bot_an_administrator(world: World, editor: Someone) -> None:
    channel = world.telegram.channel("Steppe Daily", owner=editor, bot=Status.LEFT)
    await world.ask(editor, "/start")
    channel.set_bot(editor, Status.ADMINISTRATOR)
    await redrawn(world, editor, lambda: "Steppe Daily" in (editor.last.text or ""))
    await editor.tap(editor.last, "Stories")
    await redrawn(world, editor, lambda: "Only the briefing" in labels(editor.last))
    await editor.tap(editor.last, "Only the briefing")
    assert (await world.stored(channel)).mode is Mode.BRIEFING


async def test_made_an_administrator_who_may_not_post_it_says_what_is_missing(
    world: World, editor: Someone
) -> None:
    channel = world.telegram.channel("Steppe Daily", owner=editor, bot=Status.LEFT)
    await world.ask(editor, "/start")
    channel.set_bot(editor, Status.ADMINISTRATOR, lacks=["can_post_messages"])
    await redrawn(world, editor, lambda: "I may not post there yet" in (editor.last.text or ""))
    assert await not_stored(world, channel)
    channel.set_bot(editor, Status.ADMINISTRATOR)
    await redrawn(world, editor, lambda: "Steppe Daily" in (editor.last.text or ""))


async def test_who_never_started_the_bot_still_connects_by_adding_it(world: World) -> None:
    stranger = world.telegram.user(77, "Stranger")
    channel = world.telegram.channel("Steppe Daily", owner=stranger, bot=Status.LEFT)
    channel.set_bot(stranger, Status.ADMINISTRATOR)
    while await not_stored(world, channel):
        pass


async def test_nobody_connects_a_channel_that_is_not_theirs(
    world: World, aigul: Someone, channel: Place
) -> None:
    answer = await world.says(aigul, "/channel @steppe_daily")
    assert answer == "Only administrators who may post there can set up a channel."
    assert await not_stored(world, channel)
    channel.set_status(aigul, Status.ADMINISTRATOR, lacks=["can_post_messages"])
    assert "Only administrators who may post" in await world.says(aigul, "/channel @steppe_daily")
    question = await world.ask(aigul, "/channel")
    before = len(aigul.inbox)
    await aigul.share_chat(question, channel)
    await world.telegram.wait_for(lambda: len(aigul.inbox) > before)
    assert "Only administrators who may post" in (aigul.last.text or "")
    assert await not_stored(world, channel)


async def test_the_bot_must_be_able_to_post_itself(world: World, editor: Someone) -> None:
    channel = world.telegram.channel(
        "Steppe Daily", username="steppe_daily", owner=editor, bot=Status.ADMINISTRATOR
    )
    bot = world.telegram.world.bots_place(channel.chat)
    bot.lacks = frozenset({"can_post_messages"})
    assert "I may not post there yet" in await world.says(editor, "/channel @steppe_daily")
    assert await not_stored(world, channel)


async def test_an_unknown_channel_is_explained(world: World, editor: Someone) -> None:
    for handle in ("@nobody_is_here", "nonsense!", "-1001", "@" + "x" * 500):
        assert "/channel @name" in await world.says(editor, f"/channel {handle}")


async def test_who_lost_the_rights_cannot_use_old_buttons(
    world: World, editor: Someone, channel: Place
) -> None:
    settings = await world.ask(editor, "/channel @steppe_daily")
    other = world.telegram.user(6, "Other")
    channel.set_status(other, Status.ADMINISTRATOR)
    theirs = await world.ask(other, "/channel @steppe_daily")
    channel.set_status(other, Status.MEMBER)
    # What was granted is remembered for a minute at most; another process, or this one later, asks again.
    data = str(theirs.button("Stories")["callback_data"])
    aigul = world.telegram.user(7, "Aigul")
    keyboard = await world.ask(aigul, "/start")
    tap = aigul.send_data(keyboard, data)
    await world.telegram.wait_for(lambda: tap.answer)
    assert tap.answer is not None
    assert tap.answer.text == "Only administrators who may post there can set up a channel."
    assert settings.text


@pytest.mark.parametrize(
    "data", ["@1:f:KZ:e", "@:o:a", "@zzzzzzzzzzzzz:o:a", "@" + "9" * 60, "@2s:A:abc", "@2s:@2s:o:a"]
)
async def test_crafted_channel_buttons_change_nothing_and_get_a_toast(
    world: World, aigul: Someone, data: str
) -> None:
    keyboard = await world.ask(aigul, "/start KZ")
    before = await world.stored(aigul)
    tap = aigul.send_data(keyboard, data)
    await world.telegram.wait_for(lambda: tap.answer)
    assert tap.answer is not None
    assert tap.answer.text
    assert await world.stored(aigul) == before


async def test_every_view_of_the_settings_fits_behind_buttons(world: World, editor: Someone) -> None:
    channel = world.telegram.channel("Far away", owner=editor, chat_id=-1_997_852_516_352)
    settings = await world.ask(editor, f"/channel {channel.id}")
    for label in ("You follow", "Stories", "Briefing", "Quiet hours", "Time zone", "Language", "Posts"):
        answer = await editor.tap(settings, label)
        assert answer.text == "", label
        await redrawn(world, editor, lambda: any("Settings" in label for label in labels(editor.last)))
        await editor.tap(editor.last, "Settings")
        await redrawn(world, editor, lambda: "📢 Posts" in labels(editor.last))


async def test_posts_can_be_silent_and_signed_and_paused(
    world: World, editor: Someone, channel: Place
) -> None:
    settings = await world.ask(editor, "/channel @steppe_daily")
    await editor.tap(settings, "Posts")
    await redrawn(world, editor, lambda: "🔕 Silent" in labels(editor.last))
    await editor.tap(editor.last, "Silent")
    assert (await world.stored(channel)).silent
    signed = await world.ask(editor, "/channel @steppe_daily signature Read us: <b>@steppe_daily</b>")
    assert (await world.stored(channel)).signature == "Read us: <b>@steppe_daily</b>"
    assert "Read us: <b>@steppe_daily</b>" in (signed.text or "")
    await editor.tap(signed, "Pause")
    assert (await world.stored(channel)).paused
    await redrawn(world, editor, lambda: "▶️ Resume" in labels(editor.last))
    await editor.tap(editor.last, "No signature")
    await editor.tap(editor.last, "Resume")
    chat = await world.stored(channel)
    assert (chat.signature, chat.paused) == ("", False)


async def test_commands_may_be_typed_for_the_channel(world: World, editor: Someone, channel: Place) -> None:
    await world.ask(editor, "/channel @steppe_daily quiet 22:00-07:00")
    await world.ask(editor, "/channel @Steppe_Daily subscribe KZ energy")
    await world.ask(editor, "/channel https://t.me/steppe_daily language kk")
    chat = await world.stored(channel)
    assert chat.quiet is not None
    assert set(chat.follows) == {"KZ", "energy"}
    assert chat.language == "kk"
    stopped = await world.ask(editor, "/channel @steppe_daily stop")
    assert "▶️ Resume" in labels(stopped)
    assert "\nPaused" not in await world.says(editor, "/channel @steppe_daily settings")
    assert "/start" not in await world.says(editor, "/channel @steppe_daily subscriptions")
    assert "“dance”" in await world.says(editor, "/channel @steppe_daily dance")
    assert "22:00-25:00" in await world.says(editor, "/channel @steppe_daily quiet 22:00-25:00")
    assert not channel.inbox


async def test_the_settings_speak_the_persons_language_and_show_the_channels(
    world: World, channel: Place
) -> None:
    ivan = world.telegram.user(8, "Иван", language_code="ru")
    channel.set_status(ivan, Status.ADMINISTRATOR)
    await world.ask(ivan, "/channel @steppe_daily language kk")
    settings = await world.ask(ivan, "/channel @steppe_daily")
    assert "Настройки · Steppe Daily" in (settings.text or "")
    assert "Казахский" in (settings.text or "")


async def test_in_the_channel_itself_only_those_who_may_post_can_tap(
    world: World, editor: Someone, aigul: Someone, channel: Place
) -> None:
    await channel.post("/subscribe")
    await world.telegram.wait_for(lambda: channel.inbox)
    keyboard = channel.inbox[-1]
    refused = await aigul.tap(keyboard, "Kazakhstan")
    assert refused.text == "Only administrators can change settings here."
    assert await not_stored(world, channel)
    await editor.tap(keyboard, "Kazakhstan")
    assert set((await world.stored(channel)).follows) == {"KZ"}


async def test_readers_of_a_channel_cannot_make_it_post(world: World, aigul: Someone, channel: Place) -> None:
    await channel.post("/latest")
    await world.telegram.wait_for(lambda: channel.inbox)
    before = len(channel.inbox)
    tap = aigul.send_data(channel.inbox[-1], "l:")
    await world.telegram.wait_for(lambda: tap.answer)
    assert tap.answer is not None
    assert tap.answer.text == "Only administrators can change settings here."
    assert len(channel.inbox) == before


def test_what_does_not_fit_is_a_mistake_of_ours() -> None:
    from bot.model import Button, Message

    message = Message("x", ((Button("a", data="z:" + "x" * 60),),))
    with pytest.raises(ValueError, match="cannot be written"):
        for_channel(message, -1001234567890)
