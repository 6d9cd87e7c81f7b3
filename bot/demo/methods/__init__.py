"""The methods of the Bot API by name: each takes the platform and checked parameters, and returns JSON.

One module per family. What a method will not do it says by raising :class:`~bot.demo.refusals.Refusal`. To
serve another one: write it here, and its parameters into ``signatures.toml``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.demo.methods import about_bot, answering, chats, editing, receiving, sending
from bot.demo.platform import Platform
from bot.demo.who import Json

Method = Callable[[Platform, Json], Awaitable[Any] | Any]

METHODS: Mapping[str, Method] = {
    # receiving
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    # sending and changing
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    # answering
    "answerCallbackQuery": answering.answer_callback_query,
    "answerInlineQuery": answering.answer_inline_query,
    # chats
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "getFile": chats.get_file,
    # the bot itself
    "getMe": about_bot.get_me,
    "setMyCommands": about_bot.set_my_commands,
    "getMyCommands": about_bot.get_my_commands,
    "deleteMyCommands": about_bot.delete_my_commands,
    "setMyName": about_bot.set_my_name,
    "getMyName": about_bot.get_my_name,
    "setMyDescription": about_bot.set_my_description,
    "getMyDescription": about_bot.get_my_description,
    "setMyShortDescription": about_bot.set_my_short_description,
    "getMyShortDescription": about_bot.get_my_short_description,
    "setMyDefaultAdministratorRights": about_bot.set_my_default_administrator_rights,
    "getMyDefaultAdministratorRights": about_bot.get_my_default_administrator_rights,
}
