"""The state of the local Telegram and what happens in it: who there is, who says what, who joins and leaves.

Called by the Bot API's methods (what the bot does) and by ``people`` and the chat page (what people do).
Everything that happens ends in three places: the update queue (what the bot hears), the listeners (what pages
show) and the bell (what tests wait for). No input or output here, and no clock but the injected one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.demo.bell import Bell
from bot.demo.journal import Delivery, Journal
from bot.demo.markup import Formatted, read_text
from bot.demo.nouns import Chat, Message, Topic, unix_time
from bot.demo.refusals import bad_request
from bot.demo.updates import UpdateQueue
from bot.demo.who import Kind, Member, Person, Status

ANONYMOUS_ADMINISTRATOR = Person(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
"""Who writes when an administrator hides behind the group."""

FIRST_SUPERGROUP_ID = -1_001_000_000_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a page shows: ``kind`` is message, edited, deleted, typing, chat or commands."""

    kind: str
    chat: Chat | None = None
    message: Message | None = None
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time of day, for dates, and monotonic seconds, for limits and the journal."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]


class TelegramWorld:
    """One bot and everybody around it.

    ``hospitable``: ids that nobody introduced become people and groups on first use (for benchmarks that seed
    a hundred thousand chats); otherwise they are "chat not found".
    """

    def __init__(self, bot: Person, clocks: Clocks, journal: Journal, *, hospitable: bool = False) -> None:
        self.bot = bot
        self.clocks = clocks
        self.journal = journal
        self.hospitable = hospitable
        self.sees_all_group_messages = False
        self.people: dict[int, Person] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.updates = UpdateQueue()
        self.bell = Bell()
        self.listeners: list[Callable[[Event], None]] = []

    # ── who there is ──────────────────────────────────────────────────────────────────────────────

    def add_person(self, person: Person) -> Chat:
        """Introduce somebody; returns the private chat with the bot, which is still empty."""
        self.people[person.id] = person
        chat = Chat(person.id, Kind.PRIVATE, person=person, username=person.username)
        chat.members = {
            person.id: Member(person, Status.MEMBER),
            self.bot.id: Member(self.bot, Status.MEMBER),
        }
        return self.add_chat(chat)

    def add_chat(self, chat: Chat) -> Chat:
        """Introduce a chat."""
        self.chats[chat.id] = chat
        self.tell(Event("chat", chat))
        return chat

    def find(self, chat_id: int | str) -> Chat:
        """The chat with this id or @username. Raises Refusal: "chat not found"."""
        if isinstance(chat_id, int):
            chat = self.chats.get(chat_id)
        else:
            name = chat_id.removeprefix("@").lower()
            chats = (c for c in self.chats.values() if c.kind is not Kind.PRIVATE)
            chat = next((c for c in chats if (c.username or "").lower() == name), None)
        if chat is None and self.hospitable and isinstance(chat_id, int) and chat_id:
            chat = self._welcome(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _welcome(self, chat_id: int) -> Chat:
        if chat_id > 0:
            chat = self.add_person(Person(chat_id, f"Reader {chat_id}"))
            chat.started = True
            return chat
        kind = Kind.SUPERGROUP if chat_id <= -1_000_000_000_000 else Kind.GROUP
        members = {self.bot.id: Member(self.bot, Status.MEMBER)}
        return self.add_chat(Chat(chat_id, kind, title=f"Group {chat_id}", members=members))

    def bots_place(self, chat: Chat) -> Member:
        """What the bot is in a chat."""
        return chat.members.get(self.bot.id) or Member(self.bot, Status.LEFT)

    # ── what is said ──────────────────────────────────────────────────────────────────────────────

    def say(self, person: Person | None, chat: Chat, text: str, **fields: Any) -> Message:
        """Somebody writes (``None``: the channel itself). ``fields`` are those of :class:`Message`."""
        formatted = fields.pop("formatted", None) or read_text(text, None)
        message = self._message(chat, person, formatted, **fields)
        if chat.kind is Kind.PRIVATE:
            chat.started = True
        if self.bot_hears(message):
            kind = "channel_post" if chat.kind is Kind.CHANNEL else "message"
            self.updates.add(kind, message.as_json())
        self.tell(Event("message", chat, message))
        return message

    def announce(self, chat: Chat, by: Person | None, **extras: Any) -> Message:
        """A service message: ``extras`` are its fields in the Bot API."""
        return self.say(by, chat, "", extras=extras)

    def deliver(self, chat: Chat, formatted: Formatted, **fields: Any) -> Message:
        """The bot writes; the caller has checked that it may."""
        sender = None if chat.kind is Kind.CHANNEL else self.bot
        message = self._message(chat, sender, formatted, **fields)
        arrived_s = message.arrived_s = self.clocks.monotonic()
        self.journal.arrived(
            Delivery(chat.id, message.message_id, message.thread_id, message.said, message.silent, arrived_s)
        )
        self.tell(Event("message", chat, message))
        return message

    def _message(self, chat: Chat, sender: Person | None, formatted: Formatted, **fields: Any) -> Message:
        message = Message(
            chat=chat,
            message_id=chat.next_message_id(),
            sent_at=unix_time(self.clocks.now()),
            sender=sender,
            text=formatted.text,
            entities=formatted.entities,
            said=formatted.text,
            **fields,
        )
        chat.messages[message.message_id] = message
        return message

    def edited(self, message: Message) -> None:
        """The bot changed a message: date the edit and show it."""
        message.edited_at = unix_time(self.clocks.now())
        self.tell(Event("edited", message.chat, message))

    def remove(self, message: Message) -> None:
        """A message disappears."""
        del message.chat.messages[message.message_id]
        self.tell(Event("deleted", message.chat, message))

    def bot_hears(self, message: Message) -> bool:
        """Whether an update is due: the bot is there, and privacy mode lets it read this in a group."""
        chat, place = message.chat, self.bots_place(message.chat)
        if not place.status.present:
            return False
        if chat.kind is Kind.PRIVATE or chat.kind is Kind.CHANNEL:
            return True
        if message.extras or place.status.administers or self.sees_all_group_messages:
            return True
        if message.reply_to is not None and message.reply_to.sender is self.bot:
            return True
        text = message.text or ""
        name = (self.bot.username or "").lower()
        command, _, addressee = text.split(maxsplit=1)[0].partition("@") if text.strip() else ("", "", "")
        return (command.startswith("/") and addressee.lower() in ("", name)) or f"@{name}" in text.lower()

    # ── who joins and leaves ──────────────────────────────────────────────────────────────────────

    def set_member(self, chat: Chat, member: Member, by: Person) -> None:
        """Somebody becomes something in a chat; the bot hears of it as Telegram would tell it."""
        old = chat.members.get(member.person.id) or Member(member.person, Status.LEFT)
        change = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": unix_time(self.clocks.now()),
            "old_chat_member": old.as_json(chat.kind),
            "new_chat_member": member.as_json(chat.kind),
        }
        chat.members[member.person.id] = member
        if member.person is self.bot:
            self.updates.add("my_chat_member", change)
        elif self.bots_place(chat).status.administers:
            self.updates.add("chat_member", change)
        self.tell(Event("chat", chat))

    def migrate(self, group: Chat, by: Person, *, forum: bool = False) -> Chat:
        """A group becomes a supergroup with a new id; both chats get their service message."""
        taken = min((*self.chats, FIRST_SUPERGROUP_ID))
        supergroup = Chat(taken - 1, Kind.SUPERGROUP, title=group.title, is_forum=forum)
        supergroup.members = dict(group.members)
        self.add_chat(supergroup)
        self.announce(group, by, migrate_to_chat_id=supergroup.id)
        group.migrated_to = supergroup.id
        self.tell(Event("chat", group))
        self.announce(supergroup, ANONYMOUS_ADMINISTRATOR, migrate_from_chat_id=group.id)
        return supergroup

    def open_topic(self, chat: Chat, name: str, by: Person) -> Topic:
        """A forum gets a topic, which is known by the id of the message that opened it."""
        chat.last_message_id = max(chat.last_message_id, 1)  # thread 1 is General
        topic = Topic(chat.last_message_id + 1, name)
        chat.topics[topic.thread_id] = topic
        self.say(
            by,
            chat,
            "",
            thread_id=topic.thread_id,
            extras={"forum_topic_created": {"name": name, "icon_color": 7322096}},
        )
        self.tell(Event("chat", chat))
        return topic

    # ── who listens ───────────────────────────────────────────────────────────────────────────────

    def tell(self, event: Event) -> None:
        """Show an event to every page and wake every waiting test."""
        for listener in self.listeners:
            listener(event)
        self.bell.ring()
