"""sendMessage, sendPhoto, sendChatAction."""

from __future__ import annotations

from bot.demo.markup import Formatted, finish, read_text, utf16_length
from bot.demo.methods.keyboards import checked
from bot.demo.methods.targets import readable, replied_to, writable
from bot.demo.platform import Platform
from bot.demo.refusals import bad_request
from bot.demo.strictness import Upload
from bot.demo.telegram_world import Event
from bot.demo.who import Json

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)


def send_message(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#sendmessage."""
    world = platform.world
    chat, thread_id = writable(world, params)
    formatted = message_text(params)
    message = world.deliver(
        chat,
        formatted,
        thread_id=thread_id,
        markup=checked(params.get("reply_markup")),
        reply_to=replied_to(chat, params),
        preview_options=params.get("link_preview_options"),
        silent=params.get("disable_notification", False),
    )
    return message.as_json()


def send_photo(platform: Platform, params: Json) -> Json:
    """https://core.telegram.org/bots/api#sendphoto."""
    world = platform.world
    chat, thread_id = writable(world, params)
    message = world.deliver(
        chat,
        caption(params),
        photo=photo(platform, params["photo"], params),
        thread_id=thread_id,
        markup=checked(params.get("reply_markup")),
        reply_to=replied_to(chat, params),
        silent=params.get("disable_notification", False),
    )
    return message.as_json()


def send_chat_action(platform: Platform, params: Json) -> bool:
    """https://core.telegram.org/bots/api#sendchataction."""
    if params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = readable(platform.world, params)
    detail = {"action": params["action"], "thread_id": params.get("message_thread_id")}
    platform.world.tell(Event("typing", chat, detail=detail))
    return True


def message_text(params: Json) -> Formatted:
    """The text of a message, parsed and measured. Raises Refusal."""
    formatted = _formatted(params["text"], params.get("parse_mode"), params.get("entities"))
    if not formatted.text:
        raise bad_request("message text is empty")
    if utf16_length(formatted.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return formatted


def caption(params: Json) -> Formatted:
    """The text under a picture, which may be empty. Raises Refusal."""
    formatted = _formatted(
        params.get("caption", ""), params.get("parse_mode"), params.get("caption_entities")
    )
    if utf16_length(formatted.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def _formatted(text: str, parse_mode: str | None, entities: list[Json] | None) -> Formatted:
    return read_text(text, parse_mode) if not entities else finish(Formatted(text, entities))


def photo(platform: Platform, wanted: str | Upload, params: Json) -> list[Json]:
    """The ``PhotoSize`` list of an upload, of ``attach://name``, or of a file id. Raises Refusal."""
    if isinstance(wanted, str) and wanted.startswith("attach://"):
        attached = params.get(wanted.removeprefix("attach://"))
        if not isinstance(attached, Upload):
            raise bad_request("attached file not found")
        wanted = attached
    stored = platform.files.keep(wanted.content) if isinstance(wanted, Upload) else platform.files.get(wanted)
    return [stored.as_json()]
