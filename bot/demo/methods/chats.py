"""getChat and what else can be asked about chats; leaveChat; getFile."""

from __future__ import annotations

from bot.demo.methods.targets import readable
from bot.demo.platform import Platform
from bot.demo.refusals import bad_request
from bot.demo.who import Json, Kind, Member, Status

GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
)


def get_chat(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#getchat."""
    chat = readable(platform.world, params)
    full: Json = {
        **chat.as_json(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": GIFTS,
    }
    if chat.username is not None:
        full["active_usernames"] = [chat.username]
    return full


def get_chat_member(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#getchatmember."""
    chat = readable(platform.world, params)
    member = chat.member(params["user_id"])
    if member is None:
        person = platform.world.people.get(params["user_id"])
        if person is None:
            raise bad_request("user not found")
        member = Member(person, Status.LEFT)
    return member.as_json(chat.kind)


def get_chat_administrators(platform: Platform, params: Json) -> list[Json]:
    """https://core.telegram.org/bots/api#getchatadministrators: the bot itself, but no other bots."""
    chat = readable(platform.world, params)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    return [
        member.as_json(chat.kind)
        for member in chat.members.values()
        if member.status.administers
        and (not member.person.is_bot or member.person is platform.world.bot or params.get("return_bots"))
    ]


def get_chat_member_count(platform: Platform, params: Json) -> int:
    """https://core.telegram.org/bots/api#getchatmembercount."""
    chat = readable(platform.world, params)
    return sum(member.status.present for member in chat.members.values())


def leave_chat(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#leavechat."""
    world = platform.world
    chat = readable(world, params)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("chat not found")
    world.set_member(chat, Member(world.bot, Status.LEFT), world.bot)
    return True


def get_file(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#getfile."""
    stored = platform.files.get(params["file_id"])
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_id[-16:],
        "file_size": len(stored.content),
        "file_path": stored.path,
    }
