"""People, and what they are in a chat: status and rights, as the Bot API shows them (``as_json``)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
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
