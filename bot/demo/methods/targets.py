"""Where a message goes, and whether the bot may write there: each "no" in the words that Telegram uses."""

from __future__ import annotations

from bot.demo.nouns import Chat, Message, Topic
from bot.demo.refusals import Refusal, bad_request, forbidden, migrated
from bot.demo.telegram_world import TelegramWorld
from bot.demo.who import Json, Kind, Member, Status

NAME_OF_KIND = {Kind.GROUP: "group", Kind.SUPERGROUP: "supergroup", Kind.CHANNEL: "channel"}


def readable(world: TelegramWorld, params: Json) -> Chat:
    """The chat that the call is about; the bot must be in it. Raises Refusal."""
    chat = world.find(params["chat_id"])
    if (refusal := _absent(chat, world.bots_place(chat))) is not None:
        raise refusal
    return chat


def writable(world: TelegramWorld, params: Json) -> tuple[Chat, int | None]:
    """The chat and topic to write to. Raises Refusal if the bot may not."""
    chat = readable(world, params)
    place = world.bots_place(chat)
    if chat.kind is Kind.PRIVATE:
        _check_person(chat)
    elif chat.kind is Kind.CHANNEL and not place.may("can_post_messages"):
        raise bad_request("need administrator rights in the channel chat")
    elif place.status is Status.RESTRICTED:
        raise bad_request("not enough rights to send text messages to the chat")
    return chat, _topic(chat, place, params.get("message_thread_id"))


def _absent(chat: Chat, place: Member) -> Refusal | None:
    if chat.migrated_to is not None:
        return migrated(chat.migrated_to)
    if chat.kind is Kind.PRIVATE:
        return None
    name = NAME_OF_KIND[chat.kind]
    if chat.deleted:
        return forbidden(f"the {name} chat was deleted")
    if place.status is Status.KICKED:
        return forbidden(f"bot was kicked from the {name} chat")
    if place.status is Status.LEFT:
        return forbidden(f"bot is not a member of the {name} chat")
    return None


def _check_person(chat: Chat) -> None:
    assert chat.person is not None
    if chat.person.deactivated:
        raise forbidden("user is deactivated")
    if chat.person.is_bot:
        raise forbidden("bot can't send messages to bots")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    if any(member.status is Status.KICKED for member in chat.members.values()):
        raise forbidden("bot was blocked by the user")


def _topic(chat: Chat, place: Member, thread_id: int | None) -> int | None:
    if thread_id is None or (chat.is_forum and thread_id == 1):
        return None
    topic: Topic | None = chat.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not place.may("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def replied_to(chat: Chat, params: Json) -> Message | None:
    """The message that this one answers. Raises Refusal if it is gone and that matters to the caller."""
    wish = params.get("reply_parameters")
    if wish is None:
        return None
    message = chat.messages.get(wish["message_id"])
    if message is None and not wish.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message
