"""answerCallbackQuery, answerInlineQuery."""

from __future__ import annotations

from bot.demo.markup import read_text, utf16_length
from bot.demo.methods.keyboards import checked
from bot.demo.methods.sending import message_text
from bot.demo.platform import Platform
from bot.demo.queries import InlineAnswer, TapAnswer
from bot.demo.refusals import bad_request
from bot.demo.who import Json

LONGEST_TOAST = 200
MOST_RESULTS = 50
LONGEST_RESULT_ID_BYTES = 64


def answer_callback_query(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery."""
    text = params.get("text", "")
    if utf16_length(text) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    platform.queries.answer_tap(
        params["callback_query_id"], TapAnswer(text, params.get("show_alert", False), params.get("url"))
    )
    return True


def answer_inline_query(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#answerinlinequery."""
    results = params["results"]
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [str(result.get("id", "")) for result in results]
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result, result_id in zip(results, ids, strict=True):
        if not 1 <= len(result_id.encode()) <= LONGEST_RESULT_ID_BYTES:
            raise bad_request("RESULT_ID_INVALID")
        _check(result)
    if len(params.get("next_offset", "").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    platform.queries.answer_inline(
        params["inline_query_id"],
        InlineAnswer(
            results,
            params.get("next_offset", ""),
            params.get("cache_time", 300),
            params.get("is_personal", False),
            params.get("button"),
        ),
    )
    return True


def _check(result: Json) -> None:
    checked(result.get("reply_markup"))
    content = result.get("input_message_content")
    if content is not None and "message_text" in content:
        message_text({**content, "text": content["message_text"]})
    elif result.get("type") == "article":
        raise bad_request('can\'t parse inline query result: field "input_message_content" is required')
    if "caption" in result:
        read_text(result["caption"], result.get("parse_mode"))
