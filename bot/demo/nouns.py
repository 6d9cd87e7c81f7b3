"""The nouns of the local Telegram, as mutable state: people, chats with members and topics, messages.

Each knows how it looks in the Bot API (``as_json``) and nothing else; what happens to them is decided in
``telegram_world``. Names and fields follow https://core.telegram.org/bots/api#available-types.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


class Kind(enum.StrEnum):
    """The four kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Status(enum.StrEnum):
    """What somebody is in a chat."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"

    @property
    def present(self) -> bool:
        """Whether such a person reads the chat."""
        return self not in (Status.LEFT, Status.KICKED)

    @property
    def administers(self) -> bool:
        """Whether such a person may change things."""
        return self in (Status.CREATOR, Status.ADMINISTRATOR)


@dataclass(slots=True)
class Person:
    """A user, or a bot. ``deactivated`` people have deleted their account."""

    id: int
    first_name: str
    language_code: str | None = None
    username: str | None = None
    last_name: str | None = None
    is_bot: bool = False
    deactivated: bool = False

    def as_json(self) -> Json:
        """A ``User`` object."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if (value := getattr(self, name)) is not None:
                user[name] = value
        return user


RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
RESTRICTIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_react_to_messages",
    "can_edit_tag",
)


@dataclass(slots=True)
class Member:
    """Somebody in a chat. ``lacks`` names the rights that this administrator does not have."""

    person: Person
    status: Status
    lacks: frozenset[str] = frozenset()
    anonymous: bool = False

    def may(self, right: str) -> bool:
        """Whether an administrator has this right; everybody else has none."""
        return self.status is Status.CREATOR or (
            self.status is Status.ADMINISTRATOR and right not in self.lacks
        )

    def as_json(self, kind: Kind) -> Json:
        """A ``ChatMember`` object of the right subtype."""
        member: Json = {"status": str(self.status), "user": self.person.as_json()}
        match self.status:
            case Status.CREATOR:
                member["is_anonymous"] = self.anonymous
            case Status.ADMINISTRATOR:
                extra = CHANNEL_RIGHTS if kind is Kind.CHANNEL else GROUP_RIGHTS
                member |= {right: self.may(right) for right in (*RIGHTS, *extra)}
                member |= {"is_anonymous": self.anonymous, "can_be_edited": False}
            case Status.RESTRICTED:
                member |= dict.fromkeys(RESTRICTIONS, False)
                member |= {"is_member": True, "until_date": 0}
            case Status.KICKED:
                member["until_date"] = 0
        return member


@dataclass(slots=True)
class Topic:
    """A topic of a forum; the General topic has none of these."""

    thread_id: int
    name: str
    closed: bool = False


@dataclass(slots=True)
class Message:
    """A message as it stands now, edits applied.

    ``sender`` is ``None`` for channel posts. ``said`` is the text as it was first sent (or the caption).
    ``extras`` holds the fields of service messages (``new_chat_members`` …) as the Bot API shows them.
    """

    chat: Chat
    message_id: int
    sent_at: int
    sender: Person | None
    text: str | None = None
    entities: list[Json] = field(default_factory=list)
    markup: Json | None = None
    thread_id: int | None = None
    reply_to: Message | None = None
    preview_options: Json | None = None
    photo: list[Json] | None = None
    edited_at: int | None = None
    silent: bool = False
    via_bot: Person | None = None
    sender_chat: Chat | None = None
    extras: Json = field(default_factory=dict)
    said: str = ""
    arrived_s: float = 0.0

    @property
    def keyboard(self) -> list[list[Json]]:
        """The rows of inline buttons."""
        return list((self.markup or {}).get("inline_keyboard", []))

    @property
    def labels(self) -> list[list[str]]:
        """The rows of inline buttons, by label."""
        return [[str(button["text"]) for button in row] for row in self.keyboard]

    def buttons(self) -> Iterator[Json]:
        """Every inline button, row by row."""
        for row in self.keyboard:
            yield from row

    def button(self, label_or_data: str) -> Json:
        """The first button with this data or label, else the first whose label contains it.

        Raises LookupError with what there is instead.
        """
        buttons = list(self.buttons())
        for button in buttons:
            if label_or_data in (button.get("callback_data"), button["text"]):
                return button
        for button in buttons:
            if label_or_data in button["text"]:
                return button
        raise LookupError(f"no button {label_or_data!r} among {self.labels}")

    @property
    def links(self) -> list[str]:
        """The addresses that the text links to, in order."""
        return [str(entity["url"]) for entity in self.entities if entity["type"] == "text_link"]

    def as_json(self) -> Json:
        """A ``Message`` object."""
        shown = self._envelope()
        text, entities = ("text", "entities") if self.photo is None else ("caption", "caption_entities")
        if self.text:
            shown[text] = self.text
            if self.entities:
                shown[entities] = self.entities
        if self.photo is not None:
            shown["photo"] = self.photo
        if self.markup is not None and "inline_keyboard" in self.markup:
            shown["reply_markup"] = self.markup
        if self.preview_options:
            shown["link_preview_options"] = self.preview_options
        if self.reply_to is not None:
            shown["reply_to_message"] = self.reply_to._without_reply()
        if self.extras:
            shown |= self.extras
        return shown

    def _envelope(self) -> Json:
        envelope: Json = {"message_id": self.message_id, "date": self.sent_at, "chat": self.chat.as_json()}
        if self.sender is not None:
            envelope["from"] = self.sender.as_json()
        if self.chat.kind is Kind.CHANNEL:
            envelope["sender_chat"] = envelope["chat"]
        elif self.sender_chat is not None:
            envelope["sender_chat"] = self.sender_chat.as_json()
        if self.thread_id is not None:
            envelope |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.edited_at is not None:
            envelope["edit_date"] = self.edited_at
        if self.via_bot is not None:
            envelope["via_bot"] = self.via_bot.as_json()
        return envelope

    def _without_reply(self) -> Json:
        shown = self.as_json()
        shown.pop("reply_to_message", None)
        return shown


@dataclass(slots=True)
class Chat:
    """A chat of any kind. A private one has the id of its person, who is ``person``."""

    id: int
    kind: Kind
    title: str | None = None
    username: str | None = None
    person: Person | None = None
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    is_forum: bool = False
    migrated_to: int | None = None
    deleted: bool = False
    started: bool = False
    _json: Json | None = None

    def as_json(self) -> Json:
        """A ``Chat`` object; built once, because every message carries it."""
        if self._json is None:
            self._json = {"id": self.id, "type": str(self.kind)}
            if self.person is not None:
                own = self.person.as_json()
                self._json |= {k: own[k] for k in ("first_name", "last_name", "username") if k in own}
            self._json |= {"title": self.title} if self.title is not None else {}
            self._json |= {"username": self.username} if self.username is not None else {}
            self._json |= {"is_forum": True} if self.is_forum else {}
        return self._json

    def next_message_id(self) -> int:
        """Ids count up within a chat and are never given twice."""
        self.last_message_id += 1
        return self.last_message_id

    def member(self, person_id: int) -> Member | None:
        """That person's place in the chat, if there ever was one."""
        return self.members.get(person_id)


def unix_time(moment: datetime) -> int:
    """Whole seconds, as the Bot API counts."""
    return int(moment.timestamp())
