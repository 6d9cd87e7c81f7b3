"""Chats with their topics and messages, as mutable state. (Who is in them is in ``who``.)

Each knows how it looks in the Bot API (``as_json``) and nothing else; what happens to them is decided in
``telegram_world``. Names and fields follow https://core.telegram.org/bots/api#available-types.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.demo.who import Json, Kind, Member, Person


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

    @property
    def words(self) -> str:
        """The text; empty for a picture without one."""
        return self.text or ""

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
