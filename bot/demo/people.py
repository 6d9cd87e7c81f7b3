"""What people do, for tests and for the chat page: thin handles on somebody, or on a chat, of the world.

``Someone`` speaks, taps, asks inline, blocks; ``Place`` is a group or channel in which people come and go.
Reading is by properties, doing by methods; what waits for the bot's answer is awaited and raises
TimeoutError.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from bot.demo.nouns import Chat, Message, Topic
from bot.demo.platform import Platform
from bot.demo.queries import InlineAnswer, Tap, TapAnswer
from bot.demo.telegram_world import ANONYMOUS_ADMINISTRATOR
from bot.demo.who import Json, Kind, Member, Person, Status

ANSWER_WITHIN_S = 10.0


class Someone:
    """A person, who has a private chat with the bot."""

    def __init__(self, platform: Platform, person: Person) -> None:
        self._platform = platform
        self._world = platform.world
        self.person = person

    @property
    def id(self) -> int:
        """The user id, which is also the id of the private chat."""
        return self.person.id

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self._world.chats[self.person.id]

    @property
    def inbox(self) -> list[Message]:
        """What the bot wrote in the private chat, as it stands now (edits applied, deleted ones gone)."""
        return [m for m in self.chat.messages.values() if m.sender is self._world.bot]

    @property
    def last(self) -> Message:
        """The newest message in the inbox. Raises LookupError if it is empty."""
        if not self.inbox:
            raise LookupError(f"the bot has written nothing to {self.person.first_name}")
        return self.inbox[-1]

    async def say(
        self,
        text: str,
        *,
        to: Place | None = None,
        topic: Topic | None = None,
        reply_to: Message | None = None,
        anonymously: bool = False,
    ) -> Message:
        """Write something, in the private chat or ``to`` a group, and let the bot's loop have a turn."""
        chat = self.chat if to is None else to.chat
        message = self._world.say(
            ANONYMOUS_ADMINISTRATOR if anonymously else self.person,
            chat,
            text,
            thread_id=topic.thread_id if topic else None,
            reply_to=reply_to,
            sender_chat=chat if anonymously else None,
        )
        await asyncio.sleep(0)
        return message

    def press(self, message: Message, label_or_data: str) -> Tap:
        """Tap a button of ``message`` (as it stands now) and do not wait. Raises LookupError, ValueError."""
        button = message.button(label_or_data)
        if "callback_data" not in button:
            raise ValueError(f"the button {button['text']!r} does not come back to the bot")
        return self.send_data(message, str(button["callback_data"]))

    def send_data(self, message: Message, data: str) -> Tap:
        """Send any callback data, as a crafted client could."""
        return self._platform.queries.tap(self.person, message, data)

    async def tap(
        self, message: Message, label_or_data: str, *, timeout_s: float = ANSWER_WITHIN_S
    ) -> TapAnswer:
        """Tap a button and wait for the bot's answer to the tap."""
        tap = self.press(message, label_or_data)
        return await self._world.bell.wait_for(lambda: tap.answer, timeout_s) or TapAnswer()

    async def inline(
        self, query: str, *, offset: str = "", chat_type: str = "sender", timeout_s: float = ANSWER_WITHIN_S
    ) -> InlineAnswer:
        """Type ``@bot query`` in some chat and wait for the results."""
        question = self._platform.queries.ask_inline(self.person, query, offset, chat_type)
        answer = await self._world.bell.wait_for(lambda: question.answer, timeout_s)
        assert answer is not None
        return answer

    def choose(self, result: Json, query: str, *, to: Place | None = None) -> Message:
        """Send one of the inline results into a chat."""
        return self._platform.queries.choose(self.person, result, query, self.chat if to is None else to.chat)

    async def share_chat(self, message: Message, place: Place) -> Message:
        """Use the chat-picker button (``request_chat``) under ``message``. Raises LookupError without one."""
        rows = (message.markup or {}).get("keyboard", [])
        wishes = [button["request_chat"] for row in rows for button in row if "request_chat" in button]
        if not wishes:
            raise LookupError("the message has no button that asks for a chat")
        shared = {"request_id": wishes[0]["request_id"], "chat_id": place.chat.id, "title": place.chat.title}
        return self._world.announce(self.chat, self.person, chat_shared=shared)

    def delete(self, message: Message) -> None:
        """Delete a message for both sides; the bot is not told."""
        self._world.remove(message)

    def block(self) -> None:
        """Stop the bot."""
        self._set_own_bot(Status.KICKED)

    def unblock(self) -> None:
        """Restart it."""
        self._set_own_bot(Status.MEMBER)

    def deactivate(self) -> None:
        """Delete the account."""
        self.person.deactivated = True

    def _set_own_bot(self, status: Status) -> None:
        self._world.set_member(self.chat, Member(self._world.bot, status), self.person)


class Place:
    """A group, supergroup or channel."""

    def __init__(self, platform: Platform, chat: Chat) -> None:
        self._world = platform.world
        self._platform = platform
        self.chat = chat

    @property
    def id(self) -> int:
        """The chat id (negative)."""
        return self.chat.id

    @property
    def inbox(self) -> list[Message]:
        """What the bot wrote here, as it stands now."""
        return [m for m in self.chat.messages.values() if m.arrived_s]

    @property
    def topics(self) -> list[Topic]:
        """The topics of a forum, besides General."""
        return list(self.chat.topics.values())

    def topic(self, name: str) -> Topic:
        """A topic by name. Raises LookupError."""
        for topic in self.topics:
            if topic.name == name:
                return topic
        raise LookupError(f"no topic {name!r} among {[topic.name for topic in self.topics]}")

    def open_topic(self, name: str, by: Someone) -> Topic:
        """Start a topic."""
        return self._world.open_topic(self.chat, name, by.person)

    def close_topic(self, topic: Topic, by: Someone) -> None:
        """Close a topic: only administrators may write."""
        topic.closed = True
        self._world.say(
            by.person, self.chat, "", thread_id=topic.thread_id, extras={"forum_topic_closed": {}}
        )

    def delete_topic(self, topic: Topic) -> None:
        """Delete a topic and what was written in it (bots are not told)."""
        del self.chat.topics[topic.thread_id]
        for message in [m for m in self.chat.messages.values() if m.thread_id == topic.thread_id]:
            self._world.remove(message)

    async def post(self, text: str) -> Message:
        """A channel writes (signed by nobody)."""
        if self.chat.kind is not Kind.CHANNEL:
            raise ValueError("only channels write by themselves")
        message = self._world.say(None, self.chat, text)
        await asyncio.sleep(0)
        return message

    def set_status(
        self, who: Someone, status: Status, *, by: Someone | None = None, lacks: Iterable[str] = ()
    ) -> None:
        """Promote, demote, restrict, remove somebody; ``lacks`` are an administrator's missing rights."""
        actor = by.person if by is not None else who.person
        self._world.set_member(self.chat, Member(who.person, status, frozenset(lacks)), actor)

    def set_bot(self, by: Someone, status: Status, *, lacks: Iterable[str] = ()) -> None:
        """Take the bot in, promote, restrict or remove it; a group greets it by a service message."""
        bot = self._world.bot
        newcomer = status.present and not self._world.bots_place(self.chat).status.present
        self._world.set_member(self.chat, Member(bot, status, frozenset(lacks)), by.person)
        if newcomer and self.chat.kind is not Kind.CHANNEL:
            self._world.announce(self.chat, by.person, new_chat_members=[bot.as_json()])

    def delete(self) -> None:
        """Delete the chat; the bot finds out when it writes."""
        self.chat.deleted = True
