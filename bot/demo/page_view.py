"""The world as the chat page is told of it: plain JSON, only what "you" can see. Pure; called by
``page_api``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.demo.nouns import Chat, Message
from bot.demo.platform import Platform
from bot.demo.telegram_world import Event
from bot.demo.who import Json, Kind, Person

MOST_MESSAGES = 200
"""How many messages of a chat a freshly opened page gets."""


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What is known about a linked page without asking the network."""

    title: str
    description: str = ""
    emblem: str = ""
    site: str = ""


LinkLookup = Callable[[str], LinkCard | None]


@dataclass(frozen=True, slots=True)
class PageView:
    """What ``you`` see. ``look_up`` knows the sample stories' own pages."""

    platform: Platform
    you: Person
    look_up: LinkLookup

    def snapshot(self) -> Json:
        """Everything, for a page that has just been opened."""
        chats = [chat for chat in self.platform.world.chats.values() if self.sees(chat)]
        return {
            "you": {"id": self.you.id, "name": self.you.first_name, "language": self.you.language_code},
            "bot": {"name": self.platform.world.bot.first_name, "username": self.platform.world.bot.username},
            "about": self.platform.profile.text("description", self.you.language_code or ""),
            "chats": [self.chat(chat) for chat in chats],
            "messages": [
                self.message(message)
                for chat in chats
                for message in list(chat.messages.values())[-MOST_MESSAGES:]
            ],
        }

    def sees(self, chat: Chat) -> bool:
        """Whether a chat is in your list."""
        member = chat.member(self.you.id)
        return member is not None and member.status.present and chat.migrated_to is None

    def event(self, event: Event) -> Json | None:
        """An event as the page reads it; ``None`` if it is none of your business."""
        if event.chat is None:
            return {"kind": event.kind, "chats": [self.chat(c) for c in self._your_chats()]}
        if not self.sees(event.chat):
            return {"kind": "gone", "chat_id": event.chat.id} if event.kind == "chat" else None
        told: Json = {"kind": event.kind, "chat_id": event.chat.id, **(event.detail or {})}
        if event.kind == "chat":
            told["chat"] = self.chat(event.chat)
        elif event.message is not None and event.kind in ("message", "edited"):
            told["message"] = self.message(event.message)
        elif event.message is not None:
            told["message_id"] = event.message.message_id
        return told

    def _your_chats(self) -> list[Chat]:
        return [chat for chat in self.platform.world.chats.values() if self.sees(chat)]

    def chat(self, chat: Chat) -> Json:
        """A line of the chat list, with the command menu that you are shown there."""
        world = self.platform.world
        you = chat.members[self.you.id]
        menu = self.platform.profile.menu(chat, self.you.language_code, administrator=you.status.administers)
        private = chat.kind is Kind.PRIVATE
        return {
            "id": chat.id,
            "kind": str(chat.kind),
            "title": world.bot.first_name if private else chat.title,
            "forum": chat.is_forum,
            "topics": [
                {"id": topic.thread_id, "name": topic.name, "closed": topic.closed}
                for topic in chat.topics.values()
            ],
            "members": sum(member.status.present for member in chat.members.values()),
            "bot_is": str(world.bots_place(chat).status),
            "you_may_write": chat.kind is not Kind.CHANNEL or you.may("can_post_messages"),
            "commands": menu,
        }

    def message(self, message: Message) -> Json:
        """A bubble."""
        bot = self.platform.world.bot
        shown: Json = {
            "chat_id": message.chat.id,
            "id": message.message_id,
            "date": message.sent_at,
            "text": message.text or "",
            "entities": message.entities,
            "thread_id": message.thread_id,
            "mine": message.sender is self.you,
            "by_bot": message.sender is bot or bool(message.arrived_s),
            "who": message.sender.first_name if message.sender else message.chat.title,
            "edited": message.edited_at is not None,
            "silent": message.silent,
            "buttons": message.keyboard,
        }
        if message.markup is not None and "inline_keyboard" not in message.markup:
            shown["keyboard"] = message.markup
        if message.via_bot is not None:
            shown["via"] = message.via_bot.username
        if message.photo is not None:
            largest = message.photo[-1]
            shown["photo"] = {
                "url": f"page/photo/{largest['file_id']}",
                "width": largest["width"],
                "height": largest["height"],
            }
        if message.reply_to is not None:
            shown["reply_to"] = self._quoted(message.reply_to)
        if message.extras:
            shown["service"] = service_text(message)
        if (card := self._card(message)) is not None:
            shown["card"] = card
        return shown

    def _quoted(self, message: Message) -> Json:
        who = message.sender.first_name if message.sender else message.chat.title
        return {"id": message.message_id, "who": who, "text": (message.text or "Photo")[:120]}

    def _card(self, message: Message) -> Json | None:
        url = preview_url(message)
        if url is None:
            return None
        known = self.look_up(url)
        host = (known and known.site) or urlsplit(url).netloc.split("@")[-1].removeprefix("www.")
        return {
            "url": url,
            "host": host,
            "title": known.title if known else link_text(message, url) or host,
            "description": known.description if known else "",
            "emblem": known.emblem if known else "",
            "above": bool((message.preview_options or {}).get("show_above_text")),
        }


def preview_url(message: Message) -> str | None:
    """The link that gets a preview: the one the bot asked for, else the first in the text."""
    options = message.preview_options or {}
    if options.get("is_disabled") or message.photo is not None or not message.text:
        return None
    if options.get("url"):
        return str(options["url"])
    return next(
        (
            str(entity["url"]) if entity["type"] == "text_link" else _part(message.text, entity)
            for entity in message.entities
            if entity["type"] in ("text_link", "url")
        ),
        None,
    )


def link_text(message: Message, url: str) -> str:
    """The words that carry a link, which are the best title for an unknown page."""
    for entity in message.entities:
        if entity["type"] == "text_link" and entity["url"] == url:
            return _part(message.text or "", entity)
    return ""


def _part(text: str, entity: Json) -> str:
    units = text.encode("utf-16-le")
    return units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")


def service_text(message: Message) -> str:
    """A service message in words."""
    extras: dict[str, Any] = message.extras
    who = message.sender.first_name if message.sender else message.chat.title
    if "new_chat_members" in extras:
        names = ", ".join(member["first_name"] for member in extras["new_chat_members"])
        return f"{who} added {names}"
    if "forum_topic_created" in extras:
        return f"Topic “{extras['forum_topic_created']['name']}” was opened"
    if "forum_topic_closed" in extras:
        return "The topic was closed"
    if "migrate_to_chat_id" in extras or "migrate_from_chat_id" in extras:
        return "The group became a supergroup"
    if "chat_shared" in extras:
        return f"You chose {extras['chat_shared'].get('title') or 'a chat'}"
    return "Something happened"
