"""Telegram's HTML into plain text and entities, with Telegram's own complaints about broken markup.

A message goes in as the bot wrote it; text, entities (offsets in UTF-16 units) come out, trimmed as Telegram
trims. Links, mentions and commands that stand in the open are found as Telegram finds them. The result for a
text is remembered, because a broadcast sends the same one to everybody. Format:
https://core.telegram.org/bots/api#html-style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from bot.demo.refusals import bad_request, unparsable
from bot.demo.who import Json

ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
}
MOST_ENTITIES = 100
"""Telegram forgets the entities after the hundredth."""

_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)(?=[\s>])))?""")
_IN_THE_OPEN = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])"
    r"|(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})\b"
    r"|(?<![\w#&])(?P<hashtag>#\w*[^\W\d]\w*)"
)


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as people see it, and what is bold, linked, quoted in it. Treat ``entities`` as read-only."""

    text: str
    entities: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class _OpenTag:
    name: str
    argument: str | None
    start: int


def utf16_length(text: str) -> int:
    """The length in the units in which Telegram counts."""
    return len(text) + sum(1 for letter in text if letter > "\uffff") if not text.isascii() else len(text)


@lru_cache(maxsize=4096)
def read_text(text: str, parse_mode: str | None) -> Formatted:
    """Parse ``text`` as the parse mode says. Raises Refusal in Telegram's words."""
    match (parse_mode or "").lower():
        case "":
            formatted = Formatted(text)
        case "html":
            formatted = _HtmlReader(text).read()
        case "markdown" | "markdownv2":
            raise bad_request(f'the local Telegram reads HTML only, not parse_mode "{parse_mode}"')
        case _:
            raise bad_request(f'unsupported parse_mode "{parse_mode}"')
    return finish(formatted)


def finish(formatted: Formatted) -> Formatted:
    """Trim the white space at both ends, add what stands in the open, sort, keep a hundred."""
    trimmed = _trim(formatted)
    taken = [
        (e["offset"], e["offset"] + e["length"])
        for e in trimmed.entities
        if e["type"] in ("text_link", "code", "pre")
    ]
    found = [
        entity
        for entity in _in_the_open(trimmed.text)
        if all(
            entity["offset"] >= end or entity["offset"] + entity["length"] <= start for start, end in taken
        )
    ]
    for entity in trimmed.entities:
        if entity["type"] == "code":
            entity.pop("language", None)  # a language is shown on code blocks only
    entities = sorted((*trimmed.entities, *found), key=lambda e: (e["offset"], -e["length"]))
    return Formatted(trimmed.text, entities[:MOST_ENTITIES])


def _in_the_open(text: str) -> list[Json]:
    return [
        {
            "type": str(match.lastgroup),
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for match in _IN_THE_OPEN.finditer(text)
    ]


def _trim(formatted: Formatted) -> Formatted:
    text = formatted.text.rstrip()
    cut = utf16_length(text) - utf16_length(text.lstrip())
    text = text.lstrip()
    end = utf16_length(text)
    entities = []
    for entity in formatted.entities:
        start = max(entity["offset"] - cut, 0)
        stop = min(entity["offset"] - cut + entity["length"], end)
        if stop > start:
            entities.append({**entity, "offset": start, "length": stop - start})
    return Formatted(text, entities)


class _HtmlReader:
    """One pass over the text; positions in complaints are byte offsets, as Telegram counts them."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.out: list[str] = []
        self.length = 0
        self.open: list[_OpenTag] = []
        self.entities: list[Json] = []

    def read(self) -> Formatted:
        position = 0
        while (tag_at := self.html.find("<", position)) >= 0:
            self._write(_decode(self.html[position:tag_at]))
            ends = self.html.startswith("</", tag_at)
            position = self._end_tag(tag_at) if ends else self._start_tag(tag_at)
        self._write(_decode(self.html[position:]))
        if self.open:
            raise unparsable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        return Formatted("".join(self.out), self.entities)

    def _write(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16_length(text)

    def _byte_offset(self, position: int) -> int:
        return len(self.html[:position].encode())

    def _start_tag(self, begin: int) -> int:
        name_match = re.compile(r"[^\s>]*").match(self.html, begin + 1)
        assert name_match is not None
        name, position = name_match.group().lower(), name_match.end()
        if position >= len(self.html):
            raise unparsable(f"Unclosed start tag at byte offset {self._byte_offset(begin)}")
        if name not in ENTITY_OF_TAG:
            raise unparsable(f'Unsupported start tag "{name}" at byte offset {self._byte_offset(begin)}')
        argument, position = self._attributes(name, position, begin)
        if name == "span" and argument != "spoiler":
            raise unparsable(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte_offset(begin)}'
            )
        self.open.append(_OpenTag(name, argument, self.length))
        return position

    def _attributes(self, tag: str, position: int, begin: int) -> tuple[str | None, int]:
        argument = None
        while True:
            while position < len(self.html) and self.html[position].isspace():
                position += 1
            if position >= len(self.html):
                raise unparsable(f"Unclosed start tag at byte offset {self._byte_offset(begin)}")
            if self.html[position] == ">":
                return argument, position + 1
            match = _ATTRIBUTE.match(self.html, position)
            if match is None:
                offset = self._byte_offset(begin)
                raise unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {offset}')
            value = next((v for v in match.groups()[1:] if v is not None), None)
            argument = _argument(tag, match.group(1).lower(), value) or argument
            position = match.end()

    def _end_tag(self, begin: int) -> int:
        offset = self._byte_offset(begin)
        if not self.open:
            raise unparsable(f"Unexpected end tag at byte offset {offset}")
        match = re.compile(r"</([^\s>]*)\s*>").match(self.html, begin)
        if match is None:
            raise unparsable(f"Unclosed end tag at byte offset {offset}")
        tag, found = self.open.pop(), match.group(1).lower()
        if found and found != tag.name:
            raise unparsable(
                f'Unmatched end tag at byte offset {offset}, expected "</{tag.name}>", found "</{found}>"'
            )
        if self.length > tag.start:
            self._close(tag)
        return match.end()

    def _close(self, tag: _OpenTag) -> None:
        kind = ENTITY_OF_TAG[tag.name]
        entity: Json = {"type": kind, "offset": tag.start, "length": self.length - tag.start}
        match tag.name:
            case "a":
                url = tag.argument or "".join(self.out).encode("utf-16-le")[tag.start * 2 :].decode(
                    "utf-16-le"
                )
                if not _is_link(url):
                    return
                entity["url"] = url
            case "blockquote" if tag.argument:
                entity["type"] = "expandable_blockquote"
            case "tg-emoji":
                entity["custom_emoji_id"] = tag.argument
            case "pre" if self.entities and self._is_code_of(entity):
                language = self.entities.pop().get("language")
                entity |= {"language": language} if language else {}
            case "code" if tag.argument:
                entity["language"] = tag.argument
        self.entities.append(entity)

    def _is_code_of(self, pre: Json) -> bool:
        last = self.entities[-1]
        return last["type"] == "code" and all(last[key] == pre[key] for key in ("offset", "length"))


def _argument(tag: str, attribute: str, value: str | None) -> str | None:
    match (tag, attribute):
        case ("blockquote", "expandable"):
            return "yes"
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return _decode(value or "")
        case ("code", "class") if value and value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value and value.startswith("tg-"):
            return value.removeprefix("tg-")
    return None


def _decode(text: str) -> str:
    return _CHARACTER.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, named = match.groups()
    if named:
        return _NAMED[named]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match.group()


def _is_link(url: str) -> bool:
    return bool(re.match(r"(?:https?://|tg://|mailto:|tel:)?[^\s/?#]+\.?[^\s]*$", url.strip()))
