"""Every error text of the Bot API that we tell apart, and what it means: data for ``outcomes`` and the docs.

The texts are those of the Bot API server (tdlib/telegram-bot-api, ``Client.cpp``) and of Telegram behind it
(tdlib/td, ``DialogManager.cpp``, ``MessagesManager.cpp``; and what bots met in the wild). Telegram moves
errors between 400 and 403 from time to time, so a row is found by its text, not by the status.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import GoneReason, RefusedReason


@dataclass(frozen=True, slots=True)
class Pause:
    """The fault lies with our bot as a whole: everything stays owed, and is tried again after a while."""

    after_s: float


Verdict = GoneReason | RefusedReason | Pause


@dataclass(frozen=True, slots=True)
class Row:
    """A description that holds ``text`` (in any letter case) gets ``verdict``; ``meaning`` is for people."""

    text: str
    verdict: Verdict
    meaning: str


OPERATOR_PAUSE_S = 300.0
"""How long pushes wait when only the operator can help: often enough to notice, rare enough not to nag."""

REFUSALS: tuple[Row, ...] = (
    # ── the person or group does not want us ─────────────────────────────────────────────────────────
    Row("bot was blocked by the user", GoneReason.BLOCKED, "the person blocked the bot"),
    Row("USER_IS_BLOCKED", GoneReason.BLOCKED, "the person blocked the bot"),
    Row("ALLOW_PAYMENT_REQUIRED", GoneReason.BLOCKED, "the person takes messages for payment only"),
    Row("PRIVACY_PREMIUM_REQUIRED", GoneReason.BLOCKED, "the person takes messages from few"),
    Row("bot was kicked from", GoneReason.KICKED, "the bot was removed from the group or channel"),
    Row(
        "bot is not a member of",
        GoneReason.KICKED,
        "the bot is not, or not any more, in the group or channel",
    ),
    Row("CHANNEL_PRIVATE", GoneReason.KICKED, "the channel is private and the bot is outside"),
    Row("can't access the chat", GoneReason.KICKED, "the bot cannot see the chat any more"),
    # ── there is nobody any more, or not yet ─────────────────────────────────────────────────────────
    Row("user is deactivated", GoneReason.DEACTIVATED, "the account was deleted"),
    Row("INPUT_USER_DEACTIVATED", GoneReason.DEACTIVATED, "the account was deleted"),
    Row("USER_DELETED", GoneReason.DEACTIVATED, "the account was deleted"),
    Row("group chat was deleted", GoneReason.DEACTIVATED, "the group was deleted"),
    Row("group chat was deactivated", GoneReason.DEACTIVATED, "the group was closed"),
    Row("group is deactivated", GoneReason.DEACTIVATED, "the group was closed"),
    Row("chat not found", GoneReason.NOT_FOUND, "no such chat, or the bot never met it"),
    Row("CHAT_ID_INVALID", GoneReason.NOT_FOUND, "no such chat"),
    Row("PEER_ID_INVALID", GoneReason.NOT_FOUND, "no such chat, or the bot never met it"),
    Row("chat_id is empty", GoneReason.NOT_FOUND, "no such chat"),
    Row("user not found", GoneReason.NOT_FOUND, "no such person"),
    Row("can't initiate conversation", GoneReason.NOT_FOUND, "the person never started the bot"),
    Row("can't send messages to bots", GoneReason.NOT_FOUND, "the address is another bot's"),
    Row("can't send messages to the bot", GoneReason.NOT_FOUND, "the address is another bot's"),
    Row(
        "group chat was upgraded",
        GoneReason.NOT_FOUND,
        "became a supergroup, but Telegram does not say which",
    ),
    # ── a topic of a forum ───────────────────────────────────────────────────────────────────────────
    Row("TOPIC_CLOSED", GoneReason.TOPIC_CLOSED, "the topic was closed"),
    Row("message thread is closed", GoneReason.TOPIC_CLOSED, "the topic was closed"),
    Row("TOPIC_DELETED", GoneReason.TOPIC_DELETED, "the topic was deleted"),
    Row("TOPIC_ID_INVALID", GoneReason.TOPIC_DELETED, "there is no such topic"),
    Row(
        "message thread not found",
        GoneReason.TOPIC_DELETED,
        "the topic was deleted, or topics were switched off",
    ),
    Row("invalid message thread identifier", GoneReason.TOPIC_DELETED, "there is no such topic"),
    Row("unknown forum topic identifier", GoneReason.TOPIC_DELETED, "there is no such topic"),
    Row("no message threads in the chat", GoneReason.TOPIC_DELETED, "the group has no topics any more"),
    Row("chat is not a forum", GoneReason.TOPIC_DELETED, "the group has no topics any more"),
    # ── we are in, but may not write ─────────────────────────────────────────────────────────────────
    Row("not enough rights", GoneReason.NO_RIGHTS, "administrators took the right to write"),
    Row("have no rights to send", GoneReason.NO_RIGHTS, "administrators took the right to write"),
    Row("no write access to the chat", GoneReason.NO_RIGHTS, "administrators took the right to write"),
    Row("need administrator rights", GoneReason.NO_RIGHTS, "the bot is no administrator of the channel"),
    Row("CHAT_ADMIN_REQUIRED", GoneReason.NO_RIGHTS, "the bot is no administrator of the channel"),
    Row("CHAT_WRITE_FORBIDDEN", GoneReason.NO_RIGHTS, "administrators took the right to write"),
    Row("CHAT_SEND_", GoneReason.NO_RIGHTS, "administrators forbade this kind of message"),
    Row("CHAT_GUEST_SEND_FORBIDDEN", GoneReason.NO_RIGHTS, "only members may write"),
    Row("CHAT_RESTRICTED", GoneReason.NO_RIGHTS, "Telegram restricted the chat"),
    Row("CHAT_FORBIDDEN", GoneReason.NO_RIGHTS, "the chat is closed to the bot"),
    Row("USER_BANNED_IN_CHANNEL", GoneReason.NO_RIGHTS, "Telegram restricted the bot in groups"),
    Row("BOT_ACCESS_FORBIDDEN", GoneReason.NO_RIGHTS, "the chat is closed to the bot"),
    # ── the message is at fault ──────────────────────────────────────────────────────────────────────
    Row("message is too long", RefusedReason.TOO_LONG, "more than 4096 characters"),
    Row("MESSAGE_TOO_LONG", RefusedReason.TOO_LONG, "more than 4096 characters"),
    Row("text is too long", RefusedReason.TOO_LONG, "more than 4096 characters"),
    Row("request entity too large", RefusedReason.TOO_LONG, "a request beyond all limits"),
    Row("message text is empty", RefusedReason.EMPTY, "nothing is left to show"),
    Row("text must be non-empty", RefusedReason.EMPTY, "nothing is left to show"),
    Row("MESSAGE_EMPTY", RefusedReason.EMPTY, "nothing is left to show"),
    Row("inline keyboard", RefusedReason.KEYBOARD, "a button that Telegram does not take"),
    Row("BUTTON_", RefusedReason.KEYBOARD, "a button that Telegram does not take"),
    Row("REPLY_MARKUP_", RefusedReason.KEYBOARD, "buttons that Telegram does not take"),
    Row("reply markup", RefusedReason.KEYBOARD, "more buttons than Telegram takes"),
    Row("reply keyboard markup", RefusedReason.KEYBOARD, "buttons that Telegram does not take"),
    Row("can't parse entities", RefusedReason.MARKUP, "broken HTML"),
    Row("can't parse message text", RefusedReason.MARKUP, "broken HTML"),
    Row("ENTITY_", RefusedReason.MARKUP, "formatting that Telegram cannot place"),
    Row("ENTITIES_TOO_LONG", RefusedReason.MARKUP, "more formatting than Telegram takes"),
    Row("wrong HTTP URL", RefusedReason.MARKUP, "a link that is no web address"),
    Row("WEBPAGE_", RefusedReason.MARKUP, "a preview that cannot be made"),
    Row("link preview options", RefusedReason.MARKUP, "a preview that cannot be made"),
    Row("strings must be encoded in UTF-8", RefusedReason.MARKUP, "text that is no Unicode"),
    Row("sent message was immediately deleted", RefusedReason.UNKNOWN, "arrived, and was removed at once"),
    # ── our bot as a whole is at fault ───────────────────────────────────────────────────────────────
    Row("FROZEN_", Pause(OPERATOR_PAUSE_S), "Telegram froze the bot's account"),
    Row("logged out", Pause(OPERATOR_PAUSE_S), "the bot was moved to another Bot API server"),
    Row("PEER_FLOOD", Pause(OPERATOR_PAUSE_S), "Telegram takes the bot for a spammer"),
)
