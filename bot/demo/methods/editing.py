"""editMessageText and its sisters, deleteMessage."""

from __future__ import annotations

from typing import Any

from bot.demo.methods.keyboards import checked
from bot.demo.methods.sending import caption, message_text, photo
from bot.demo.methods.targets import readable
from bot.demo.nouns import Chat, Message, unix_time
from bot.demo.platform import Platform
from bot.demo.refusals import bad_request
from bot.demo.telegram_world import TelegramWorld
from bot.demo.who import Json, Kind

DELETABLE_FOR_S = 48 * 3600


def edit_message_text(platform: Platform, params: Json) -> Json | bool:
    """https://core.telegram.org/bots/api#editmessagetext."""
    formatted = message_text({"text": "", **params})
    message = _own(platform.world, params)
    if message.photo is not None:
        raise bad_request("there is no text in the message to edit")
    return _change(
        platform.world,
        message,
        text=formatted.text,
        entities=formatted.entities,
        markup=checked(params.get("reply_markup")),
        preview_options=params.get("link_preview_options"),
    )


def edit_message_caption(platform: Platform, params: Json) -> Json | bool:
    """https://core.telegram.org/bots/api#editmessagecaption."""
    formatted = caption(params)
    message = _own(platform.world, params)
    if message.photo is None:
        raise bad_request("there is no caption in the message to edit")
    return _change(
        platform.world,
        message,
        text=formatted.text,
        entities=formatted.entities,
        markup=checked(params.get("reply_markup")),
    )


def edit_message_media(platform: Platform, params: Json) -> Json | bool:
    """https://core.telegram.org/bots/api#editmessagemedia (photos only)."""
    media = params["media"]
    if media.get("type") != "photo":
        raise bad_request(f'the local Telegram knows photos only, not media of type "{media.get("type")}"')
    formatted = caption(media)
    message = _own(platform.world, params)
    return _change(
        platform.world,
        message,
        photo=photo(platform, media["media"], params),
        text=formatted.text,
        entities=formatted.entities,
        markup=checked(params.get("reply_markup")),
        preview_options=None,
    )


def edit_message_reply_markup(platform: Platform, params: Json) -> Json | bool:
    """https://core.telegram.org/bots/api#editmessagereplymarkup."""
    message = _own(platform.world, params)
    return _change(platform.world, message, markup=checked(params.get("reply_markup")))


def delete_message(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#deletemessage."""
    world = platform.world
    chat = readable(world, params)
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not _deletable(world, chat, message):
        raise bad_request("message can't be deleted")
    world.remove(message)
    return True


def delete_messages(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#deletemessages: what cannot be deleted is skipped."""
    world = platform.world
    chat = readable(world, params)
    for message_id in params["message_ids"]:
        message = chat.messages.get(message_id)
        if message is not None and _deletable(world, chat, message):
            world.remove(message)
    return True


def _deletable(world: TelegramWorld, chat: Chat, message: Message) -> bool:
    if unix_time(world.clocks.now()) - message.sent_at > DELETABLE_FOR_S:
        return False
    own = _is_own(world, message)
    return own or chat.kind is Kind.PRIVATE or world.bots_place(chat).may("can_delete_messages")


def _is_own(world: TelegramWorld, message: Message) -> bool:
    return message.sender is world.bot or message.via_bot is world.bot or bool(message.arrived_s)


def _own(world: TelegramWorld, params: Json) -> Message:
    """The message to change, which the bot must have written. Raises Refusal."""
    if "inline_message_id" in params:
        raise bad_request("MESSAGE_ID_INVALID")
    if "chat_id" not in params:
        raise bad_request("chat_id is empty")
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    message = readable(world, params).messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if not _is_own(world, message):
        raise bad_request("message can't be edited")
    return message


def _change(world: TelegramWorld, message: Message, **fields: Any) -> Json:
    visible = {name: value for name, value in fields.items() if name != "preview_options"}
    if all(getattr(message, name) == value for name, value in visible.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    for name, value in fields.items():
        setattr(message, name, value)
    world.edited(message)
    return message.as_json()
