"""What the bot says about itself: command menus by scope and language, name, descriptions, default rights."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.demo.nouns import Chat
from bot.demo.refusals import bad_request
from bot.demo.who import Json, Kind

TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}
SCOPES = (
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
)


def scope_key(scope: Json | None) -> str:
    """A scope as a key: ``default``, ``chat:-100123``. Raises Refusal for an unknown type."""
    scope = scope or {"type": "default"}
    if scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    parts = [str(scope["type"]), *(str(scope[key]) for key in ("chat_id", "user_id") if key in scope)]
    return ":".join(parts)


@dataclass(slots=True)
class Profile:
    """Everything that ``setMy…`` sets; the empty language is the one for everybody else."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    rights: dict[bool, Json] = field(default_factory=dict)

    def menu(self, chat: Chat, language: str | None, *, administrator: bool) -> list[Json]:
        """The commands that somebody is shown in a chat: the narrowest scope wins, then the language."""
        private = chat.kind is Kind.PRIVATE
        scopes = [f"chat:{chat.id}"]
        if administrator and not private:
            scopes = [f"chat_administrators:{chat.id}", *scopes, "all_chat_administrators"]
        scopes += ["all_private_chats" if private else "all_group_chats", "default"]
        for scope in scopes:
            for code in (language or "", ""):
                if found := self.commands.get((scope, code)):
                    return found
        return []

    def set_text(self, what: str, language: str, text: str) -> None:
        """Set or (with an empty text) remove a name or description. Raises Refusal if it is too long."""
        if len(text) > TEXT_LIMITS[what]:
            raise bad_request(f"bot {what.replace('_', ' ')} is too long")
        if text:
            self.texts[what, language] = text
        else:
            self.texts.pop((what, language), None)

    def text(self, what: str, language: str) -> str:
        """The name or description in a language, else the one for everybody."""
        return self.texts.get((what, language)) or self.texts.get((what, ""), "")
