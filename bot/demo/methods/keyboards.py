"""Keyboards under messages, checked as Telegram checks them."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.demo.refusals import bad_request
from bot.demo.who import Json

LONGEST_DATA_BYTES = 64
MOST_BUTTONS = 100
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
)


def checked(markup: Json | None) -> Json | None:
    """The markup, if Telegram would take it. Raises Refusal. An empty inline keyboard is none."""
    if markup is None or "inline_keyboard" not in markup:
        return markup
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("too many buttons in the inline keyboard")
    for row in rows:
        for button in row:
            _check(button)
    return {"inline_keyboard": rows} if rows else None


def _check(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = [action for action in ACTIONS if button.get(action) is not None]
    if not actions or button.get("callback_data") == "":
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("inline keyboard button must have exactly one action")
    if actions == ["callback_data"] and len(button["callback_data"].encode()) > LONGEST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if actions == ["url"] and not _is_url(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


@lru_cache(maxsize=4096)
def _is_url(url: str) -> bool:
    return re.fullmatch(r"(https?://[^\s/]+\S*|tg://\S+)", url) is not None
