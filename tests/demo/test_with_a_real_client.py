"""python-telegram-bot understands every answer; the webhook and uploads work with real HTTP."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator

import pytest
import telegram as ptb
from aiohttp import web

from bot.demo.local_telegram import LocalTelegram
from bot.demo.webhook import SECRET_HEADER


def picture(width: int = 4, height: int = 3) -> bytes:
    """A PNG made by hand."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x0c\x6a\x67" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
async def client(telegram: LocalTelegram) -> AsyncIterator[ptb.Bot]:
    await telegram.user(7, "Aigul").say("/start")
    url = telegram.api_url
    async with ptb.Bot(telegram.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as bot:
        yield bot


async def test_messages_come_back_whole(telegram: LocalTelegram, client: ptb.Bot) -> None:
    question = await client.send_message(
        7,
        '<b>Hello</b> <a href="https://timesca.com/x">world</a>',
        parse_mode="HTML",
        reply_markup=ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("Go", callback_data="go")]]),
        link_preview_options=ptb.LinkPreviewOptions(url="https://timesca.com/x"),
        allow_paid_broadcast=True,
        disable_notification=True,
        protect_content=True,
    )
    assert question.parse_entities()[question.entities[1]] == "world"
    assert question.link_preview_options is not None
    assert question.reply_markup is not None
    answer = await client.send_message(7, "yes", reply_parameters=ptb.ReplyParameters(question.message_id))
    assert answer.reply_to_message is not None
    edited = await question.edit_text("changed")
    assert isinstance(edited, ptb.Message)
    assert edited.edit_date is not None
    assert await answer.delete()


async def test_a_topic_message_and_a_channel_post(telegram: LocalTelegram, client: ptb.Bot) -> None:
    owner = telegram.user(7)
    forum = telegram.supergroup(owner=owner, topics=["Energy"])
    thread_id = forum.topic("Energy").thread_id
    message = await client.send_message(forum.id, "x", message_thread_id=thread_id)
    assert (message.is_topic_message, message.message_thread_id) == (True, thread_id)
    post = await client.send_message(telegram.channel(owner=owner).id, "x")
    assert post.sender_chat == post.chat


async def test_photos_are_uploaded_sent_again_by_id_exchanged_and_downloaded(
    telegram: LocalTelegram, client: ptb.Bot
) -> None:
    sent = await client.send_photo(7, picture(), caption="<b>chart</b>", parse_mode="HTML")
    assert (sent.photo[-1].width, sent.photo[-1].height, sent.caption) == (4, 3, "chart")
    again = await client.send_photo(7, sent.photo[-1].file_id)
    changed = await again.edit_media(ptb.InputMediaPhoto(picture(8, 8), caption="new"))
    assert isinstance(changed, ptb.Message)
    assert changed.photo[-1].width == 8
    recaptioned = await changed.edit_caption("newer")
    assert isinstance(recaptioned, ptb.Message)
    file = await client.get_file(sent.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == picture()
    with pytest.raises(ptb.error.BadRequest, match=r"(?i)image_process_failed"):
        await client.send_photo(7, b"no picture")


async def test_the_bot_tells_about_itself(telegram: LocalTelegram, client: ptb.Bot) -> None:
    await client.set_my_commands([("start", "begin")])
    await client.set_my_commands(
        [("start", "начать")], scope=ptb.BotCommandScopeDefault(), language_code="ru"
    )
    assert [c.description for c in await client.get_my_commands(language_code="ru")] == ["начать"]
    await client.delete_my_commands(language_code="ru")
    assert await client.get_my_commands(language_code="ru") == ()
    await client.set_my_name("Briefing", language_code="en")
    assert (await client.get_my_name(language_code="en")).name == "Briefing"
    await client.set_my_description("News")
    assert (await client.get_my_description(language_code="kk")).description == "News"
    await client.set_my_short_description("Short")
    assert (await client.get_my_short_description()).short_description == "Short"
    rights = ptb.ChatAdministratorRights.no_rights()
    assert await client.set_my_default_administrator_rights(rights, for_channels=True)
    assert await client.get_my_default_administrator_rights(for_channels=True) == rights
    with pytest.raises(ptb.error.BadRequest, match=r"(?i)bot_command_invalid"):
        await client.set_my_commands([("Start", "begin")])


async def test_chats_and_members_are_understood(telegram: LocalTelegram, client: ptb.Bot) -> None:
    owner = telegram.user(7)
    for place in (
        telegram.group(owner=owner),
        telegram.supergroup(owner=owner),
        telegram.channel(owner=owner),
    ):
        chat = await client.get_chat(place.id)
        assert chat.type == str(place.chat.kind)
        assert isinstance(await client.get_chat_member(place.id, 7), ptb.ChatMemberOwner)
        assert await client.get_chat_member_count(place.id) == 2
        assert len(await client.get_chat_administrators(place.id)) >= 1
        assert await client.send_chat_action(place.id, "typing")
        assert await client.leave_chat(place.id)


async def test_refusals_become_the_clients_own_errors(telegram: LocalTelegram, client: ptb.Bot) -> None:
    telegram.user(7).block()
    with pytest.raises(ptb.error.Forbidden, match="blocked by the user"):
        await client.send_message(7, "x")
    owner = telegram.user(8)
    group = telegram.group(owner=owner)
    supergroup = telegram.migrate(group, by=owner)
    with pytest.raises(ptb.error.ChatMigrated) as migrated:
        await client.send_message(group.id, "x")
    assert migrated.value.new_chat_id == supergroup.id


async def test_a_webhook_gets_updates_in_order_until_it_takes_them(
    telegram: LocalTelegram, client: ptb.Bot
) -> None:
    seen: list[tuple[str | None, str]] = []
    answers = iter((500, 200, 200))

    async def receive(request: web.BaseRequest) -> web.Response:
        update = await request.json()
        seen.append((request.headers.get(SECRET_HEADER), update["message"]["text"]))
        return web.Response(status=next(answers))

    runner = web.ServerRunner(web.Server(receive))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        assert await client.set_webhook(url, secret_token="s3cret", drop_pending_updates=True)
        await telegram.user(7).say("one")
        await telegram.user(7).say("two")
        await telegram.wait_for(lambda: not telegram.world.updates.pending)
        assert seen == [("s3cret", "one"), ("s3cret", "one"), ("s3cret", "two")]
        info = await client.get_webhook_info()
        assert (info.url, info.last_error_message) == (url, "Wrong response from the webhook: 500")
        with pytest.raises(ptb.error.Conflict, match="webhook is active"):
            await client.get_updates()
        assert await client.delete_webhook()
        assert await client.get_updates() == ()
    finally:
        await runner.cleanup()
