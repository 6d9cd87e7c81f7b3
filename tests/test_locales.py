"""Every phrase is marked, translated into every language, and fits where it is put."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from bot.language import LOCALES, SOURCE_LANGUAGE, Tongues
from bot.settings import LANGUAGES
from handlers.menu import MENU
from handlers.menus import about, description

PROJECT = Path(__file__).parent.parent
TRANSLATED = [code for code in LANGUAGES if code != SOURCE_LANGUAGE]


@cache
def phrases() -> frozenset[str | tuple[str, ...]]:
    """What the code says, as ``pybabel extract`` finds it."""
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    found = (
        message
        for room in ("bot", "handlers")
        for _, _, message, _, _ in extract_from_dir(
            PROJECT / room, [("**.py", "python")], {"**.py": {"encoding": "utf-8"}}, keywords=keywords
        )
    )
    return frozenset(tuple(phrase) if isinstance(phrase, (tuple, list)) else phrase for phrase in found)


@cache
def catalogue(code: str) -> Catalog:
    with (LOCALES / code / "LC_MESSAGES" / "bot.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def entries(code: str) -> list[Message]:
    return [message for message in catalogue(code) if message.id]


def forms(message: Message) -> tuple[str, ...]:
    """The translation, or one for each form of the plural; empty where there is none."""
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return tuple(form or "" for form in strings)


def placeholders(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_is_missing_and_nothing_is_left_over(code: str) -> None:
    known = {message.id for message in entries(code)}
    assert phrases() - known == set(), "run the two commands at the top of bot/language.py"
    assert known - phrases() == set(), "these are no longer said"
    assert not catalogue(code).obsolete


@pytest.mark.parametrize("code", TRANSLATED)
def test_nothing_is_empty_or_fuzzy(code: str) -> None:
    assert [message.id for message in entries(code) if message.fuzzy or not all(forms(message))] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_placeholders_are_those_of_the_phrase(code: str) -> None:
    for message in entries(code):
        wanted = placeholders(message.id if isinstance(message.id, str) else message.id[0])
        assert [form for form in forms(message) if placeholders(form) != wanted] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_plurals_have_the_forms_of_the_language(code: str) -> None:
    assert catalogue(code).num_plurals == get_plural(code).num_plurals
    for message in entries(code):
        if message.pluralizable:
            assert len(forms(message)) == catalogue(code).num_plurals


def test_plurals_are_right_in_russian() -> None:
    tongue = Tongues()["ru"]
    said = [tongue.ngettext("{count} new story", "{count} new stories", n) for n in (1, 2, 5, 11, 21)]
    assert [phrase.partition(" ")[2] for phrase in said] == [
        "новость",
        "новости",
        "новостей",
        "новостей",
        "новость",
    ]


@pytest.mark.parametrize("code", TRANSLATED)
def test_signs_and_commands_stay_what_they_are(code: str) -> None:
    """A command, an emoji or the end of a sentence is not lost on the way."""
    for message in entries(code):
        phrase = message.id if isinstance(message.id, str) else message.id[0]
        for form in forms(message):
            assert set(re.findall(r"/[a-z]+|[☀-➿]", phrase)) <= set(re.findall(r"/[a-z]+|[☀-➿]", form)), (
                form
            )
            assert form == form.strip()


CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
LETTERS = {
    "ru": CYRILLIC,
    "kk": CYRILLIC + "әғқңөұүһі",
    "ky": CYRILLIC + "ңөү",
    "uz": "abcdefghijklmnopqrstuvxyzʻʼ",
    "tg": CYRILLIC.translate(str.maketrans("", "", "ыщць")) + "ғӣқӯҳҷ",
    "tk": "abcdefghijklmnoprstuwyzäçňöşüýž",
}
"""What each language is written with; a letter of another script that looks the same breaks search."""


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_word_is_in_the_letters_of_its_language(code: str) -> None:
    for message in entries(code):
        for form in forms(message):
            words = re.sub(r"\{\w*\}|/[a-z]+( instant)?", " ", form)
            assert set(filter(str.isalpha, words.lower())) <= set(LETTERS[code]), form
            assert not set(words) & set("‘'`"), form


@pytest.mark.parametrize("code", LANGUAGES)
def test_menus_and_descriptions_keep_telegrams_limits(code: str) -> None:
    tongue = Tongues()[code]
    assert all(3 <= len(tongue.gettext(entry.phrase)) <= 256 for entry in MENU)
    assert len(description(tongue)) <= 512
    assert len(about(tongue)) <= 120


# ── what people see comes through gettext ────────────────────────────────────────────────────────────

SAID_BY = {"text", "Button", "Toast", "UserError", "Edit", "fill", "answer", "italic", "bold"}
"""Calls whose literal arguments people would read."""


def spoken_files() -> list[Path]:
    rooms = (PROJECT / "handlers", PROJECT / "bot" / "briefing")
    return sorted(path for room in rooms for path in room.rglob("*.py"))


def unmarked(source: str) -> Iterator[str]:
    """Find words of a language, not of a format, that go to people without gettext."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in SAID_BY:
            yield from (words for argument in node.args for words in literals(argument) if is_prose(words))


def literals(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as words):
            yield words
        case ast.JoinedStr(values=values):
            yield from (str(part.value) for part in values if isinstance(part, ast.Constant))
        case ast.BinOp(left=left, right=right):
            yield from literals(left)
            yield from literals(right)
        case ast.IfExp(body=body, orelse=orelse):
            yield from literals(body)
            yield from literals(orelse)


def is_prose(words: str) -> bool:
    without_formats = re.sub(r"\{\w*\}|/\w+|\b[A-Z]{3}\b", "", words)
    return bool(re.search(r"[^\W\d_]{2}", without_formats))


@pytest.mark.parametrize("path", spoken_files(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_everything_said_is_marked_for_translation(path: Path) -> None:
    assert list(unmarked(path.read_text(encoding="utf-8"))) == []


def test_the_search_for_unmarked_words_finds_them() -> None:
    assert list(unmarked('html.text("Hello there")')) == ["Hello there"]
    assert list(unmarked('Button(f"{flag} More", data="x:y")')) == [" More"]
    assert list(unmarked('html.text("✅ " + "Done")')) == ["Done"]
    assert list(unmarked('html.text(_("Hello")); html.text(f"1 {code} = {rate} USD /help")')) == []
