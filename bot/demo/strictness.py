"""The parameters of a call, checked to the letter against ``signatures.toml``.

A raw mapping goes in (strings where the body was a form, values where it was JSON), typed values come out.
Unlike the real Telegram, which ignores what it does not know, a parameter or object key of unknown name is
refused: that is how a test finds a typing mistake.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import orjson

from bot.demo.refusals import bad_request
from bot.demo.who import Json

Reader = Callable[[str, Any], Any]

# What Telegram says where a required parameter is missing; for the rest the name is in the text.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "message_id": "message identifier is not specified",
    "user_id": "invalid user_id specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "inline_query_id": "query is too old and response timeout expired or query ID is invalid",
    "file_id": "file_id not specified",
}
# These are told apart by a key of their own; what is not listed is checked by nobody but the method.
BY_TYPE = {
    "InputMedia": {"photo": "InputMediaPhoto"},
    "InlineQueryResult": {"article": "InlineQueryResultArticle"},
}
SAME_AS = {"InputMessageContent": "InputTextMessageContent"}
BY_KEY = {
    "inline_keyboard": "InlineKeyboardMarkup",
    "keyboard": "ReplyKeyboardMarkup",
    "remove_keyboard": "ReplyKeyboardRemove",
    "force_reply": "ForceReply",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart body."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """What a method or an object takes: how to read each field, and which ones must be there."""

    readers: Mapping[str, Reader]
    required: frozenset[str]


@cache
def table() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """``signatures.toml``: methods and objects, each a mapping from name to type."""
    return tomllib.loads(resources.files("bot.demo").joinpath("signatures.toml").read_text())


@cache
def method_names() -> Mapping[str, str]:
    """Every served method by its lower-case name (Telegram does not care about letter case)."""
    return {name.lower(): name for name in table()["methods"]}


@cache
def _signature(section: str, name: str) -> Signature:
    fields = table()[section][name]
    return Signature(
        {field: _reader(kind.removesuffix("!")) for field, kind in fields.items()},
        frozenset(field for field, kind in fields.items() if kind.endswith("!")),
    )


def read_parameters(method: str, raw: Mapping[str, Any]) -> Json:
    """Typed values of the parameters given. Raises Refusal for a wrong, unknown or missing one.

    Empty strings count as not given. Uploaded files that the parameters refer to (``attach://``) pass
    through.
    """
    signature = _signature("methods", method)
    values = {}
    for name, value in raw.items():
        if value is None or value == "":
            continue
        reader = signature.readers.get(name)
        if reader is not None:
            values[name] = reader(name, value)
        elif isinstance(value, Upload):
            values[name] = value
        else:
            raise bad_request(f'{method} has no parameter "{name}"')
    for name in signature.required:
        if name not in values and not (method == "setWebhook" and name == "url"):
            raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
    return values


def _read_object(kind: str, where: str, value: Any) -> Json:
    if not isinstance(value, dict):
        raise bad_request(f"can't parse {where}: object expected")
    kind = SAME_AS.get(kind, kind)
    if kind in BY_TYPE:
        kind = BY_TYPE[kind].get(str(value.get("type")), kind)
    if kind not in table()["objects"]:
        return value
    signature = _signature("objects", kind)
    for name in value:
        if name not in signature.readers:
            raise bad_request(f'can\'t parse {where}: {kind} has no field "{name}"')
    for name in signature.required - value.keys():
        raise bad_request(f'can\'t parse {where}: field "{name}" of {kind} is required')
    return {name: signature.readers[name](name, field) for name, field in value.items() if field is not None}


@cache
def _reader(kind: str) -> Reader:
    simple: dict[str, Reader] = {
        "Integer": _integer,
        "String": _string,
        "Boolean": _boolean,
        "Float": _float,
        "Integer | String": _integer_or_string,
        "InputFile": _file,
        "InputFile | String": _file_or_string,
    }
    return simple[kind] if kind in simple else _structured(kind)


def _structured(kind: str) -> Reader:
    @lru_cache(maxsize=1024)
    def from_text(where: str, text: str) -> Any:
        try:
            return check(where, orjson.loads(text))
        except orjson.JSONDecodeError:
            raise bad_request(f"can't parse {where} JSON object") from None

    def check(where: str, value: Any) -> Any:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                raise bad_request(f"can't parse {where}: array expected")
            inner = _reader(kind.removeprefix("Array of "))
            return [inner(where, item) for item in value]
        if "|" in kind:
            named = next((BY_KEY[key] for key in BY_KEY if isinstance(value, dict) and key in value), None)
            if named is None or named not in kind.split(" | "):
                raise bad_request("object expected as reply markup")
            return _read_object(named, where, value)
        return _read_object(kind, where, value)

    def read(where: str, value: Any) -> Any:
        return from_text(where, value) if isinstance(value, str) else check(where, value)

    return read


def _integer(name: str, value: Any) -> int:
    try:
        if isinstance(value, bool | float):
            raise ValueError
        return int(value)
    except (TypeError, ValueError):
        raise bad_request(f'parameter "{name}" must be of type Integer') from None


def _float(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise bad_request(f'parameter "{name}" must be of type Float') from None


def _string(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    raise bad_request(f'parameter "{name}" must be of type String')


def _boolean(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", "1", "0", "yes", "no"):
        return value.lower() in ("true", "1", "yes")
    raise bad_request(f'parameter "{name}" must be of type Boolean')


def _integer_or_string(name: str, value: Any) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _string(name, value)
    try:
        return int(text)
    except ValueError:
        return text


def _file(name: str, value: Any) -> Upload:
    if isinstance(value, Upload):
        return value
    raise bad_request(f'parameter "{name}" must be a file')


def _file_or_string(name: str, value: Any) -> Upload | str:
    return value if isinstance(value, Upload) else _string(name, value)
