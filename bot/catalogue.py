"""What can be followed: countries, topics, currencies, with their names in seven languages and the words for
them.

``load_catalogue()`` reads the hand-written part (``catalogue.toml``) in a few milliseconds; CLDR's names
(Babel) are looked up when the first one is asked for. Handlers read what people type through it, the briefing
room names things.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

from bot.model import Tag

LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk")

_CLOSE_ENOUGH = 0.75  # below this a suggestion would puzzle more than it helps
_LONGEST_NAME = 4  # words: "Amerika Qo‘shma Shtatlari", "Соединенные Штаты Америки"
_NOT_LETTERS = re.compile(r"[^\w$€£¥₽₸₺₼₮₩₹₾\U0001F000-\U0001FAFF\u2600-\u27BF.+]+")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʻʼ`´"))


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO code. ``core`` marks the five whose region this is."""

    code: Tag
    flag: str
    core: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject by its catalogue code; ``names`` by language code."""

    code: Tag
    emoji: str
    names: Mapping[str, str]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO code; ``core`` ones are the default of /rates. ``country`` is for the flag."""

    code: str
    core: bool = False
    country: Tag | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What typed words mean: ``found`` in the order typed, each once, and the words that mean nothing."""

    found: tuple[Tag, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be followed or asked for, in the order in which it should be shown."""

    countries: tuple[Country, ...]
    topics: tuple[Topic, ...]
    currencies: tuple[Currency, ...]
    region_aliases: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def region(self) -> tuple[Tag, ...]:
        """The five countries that "Central Asia" means."""
        return tuple(country.code for country in self.countries if country.core)

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """Every code, countries first."""
        return tuple(self._by_code)

    def is_country(self, tag: str) -> bool:
        """Whether the tag is one of the countries (and not a topic)."""
        return isinstance(self._by_code.get(Tag(tag)), Country)

    def flag(self, tag: str) -> str:
        """The flag of a country, the emoji of a topic; nothing for a code that is neither."""
        match self._by_code.get(Tag(tag)):
            case Country() as country:
                return country.flag
            case Topic() as topic:
                return topic.emoji
            case _:
                return ""

    def name(self, tag: str, language: str = "en") -> str:
        """The name of a country or topic in ``language``, in English where that language has none."""
        match self._by_code.get(Tag(tag)):
            case Topic() as topic:
                return topic.names.get(language) or topic.names["en"]
            case Country() as country:
                return _territories(language).get(country.code) or _territories("en")[country.code]
            case _:
                return tag

    def currency_name(self, code: str, language: str = "en") -> str:
        """CLDR's name of a currency in ``language``, in English or by its code where there is none."""
        return _currencies(language).get(code) or _currencies("en").get(code) or code

    def find_tag(self, text: str) -> Tag | None:
        """The country or topic that all of ``text`` names: code, flag, or name in any language and case."""
        return self._tag_names.get(_key(text))

    def find_currency(self, text: str) -> str | None:
        """The currency that ``text`` as a whole names: code, sign, or name in any of the languages."""
        return self._currency_names.get(_key(text))

    def suggest(self, text: str) -> Tag | None:
        """What was probably meant by a name with a typing error in it, or None if nothing is near."""
        near = difflib.get_close_matches(_key(text), self._tag_names, n=1, cutoff=_CLOSE_ENOUGH)
        return self._tag_names[near[0]] if near else None

    def read(self, text: str) -> Reading:
        """Every tag named in a line like ``kazakhstan, united states energy 🇺🇿``; longest names win."""
        words = _words(text)
        found: dict[Tag, None] = {}
        unknown: list[str] = []
        at = 0
        while at < len(words):
            for size in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
                tags = self._tags_of(" ".join(words[at : at + size]))
                if tags:
                    found.update(dict.fromkeys(tags))
                    break
            else:
                size = 1
                unknown.append(words[at])
            at += size
        return Reading(tuple(found), tuple(unknown))

    def _tags_of(self, name: str) -> tuple[Tag, ...]:
        if _key(name) in self._region_names:
            return self.region
        tag = self.find_tag(name)
        return (tag,) if tag else ()

    @cached_property
    def _by_code(self) -> dict[Tag, Country | Topic]:
        entries: tuple[Country | Topic, ...] = (*self.countries, *self.topics)
        return {entry.code: entry for entry in entries}

    @cached_property
    def _region_names(self) -> frozenset[str]:
        return frozenset(map(_key, self.region_aliases))

    @cached_property
    def _tag_names(self) -> dict[str, Tag]:
        """Normalized name → tag. Codes come first, so that no alias can ever hide one."""
        index = {_key(code): code for code in self.tags}
        for country in self.countries:
            names = [
                country.flag,
                *country.aliases,
                *(_territories(lang).get(country.code) for lang in LANGUAGES),
            ]
            _add(index, names, country.code)
        for topic in self.topics:
            _add(index, [topic.emoji, *topic.names.values(), *topic.aliases], topic.code)
        return index

    @cached_property
    def _currency_names(self) -> dict[str, str]:
        index = {_key(currency.code): currency.code for currency in self.currencies}
        for currency in self.currencies:
            _add(index, currency.aliases, currency.code)
        for currency in self.currencies:
            _add(index, (_currencies(lang).get(currency.code) for lang in LANGUAGES), currency.code)
        return index


def load_catalogue() -> Catalogue:
    """The catalogue that comes with the program."""
    data = tomllib.loads(files("bot").joinpath("catalogue.toml").read_text(encoding="utf-8"))
    return Catalogue(
        countries=tuple(_country(entry) for entry in data["country"]),
        topics=tuple(Topic(**_tuples(entry)) for entry in data["topic"]),
        currencies=tuple(Currency(**_tuples(entry)) for entry in data["currency"]),
        region_aliases=tuple(data["region"]["aliases"]),
    )


def flag_of(country_code: str) -> str:
    """The flag of an ISO 3166 code: its two letters as regional indicator symbols (Unicode TS 51)."""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country_code)


def _country(entry: dict[str, Any]) -> Country:
    return Country(flag=flag_of(entry["code"]), **_tuples(entry))


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def _add(index: dict[str, Any], names: Iterable[str | None], code: str) -> None:
    for name in names:
        if name:
            index.setdefault(_key(name), code)


def _key(text: str) -> str:
    """One spelling of a name: no case, no accents, no apostrophes, single spaces."""
    return " ".join(_normal(word) for word in _words(text))


def _words(text: str) -> list[str]:
    """The words of a typed line; a flag is a word even where flags are typed without spaces between them."""
    spaced = re.sub("([\U0001f1e6-\U0001f1ff]{2})", r" \1 ", text.replace("\ufe0f", ""))
    return [
        word for word in _NOT_LETTERS.sub(" ", spaced.translate(_APOSTROPHES)).split() if word.strip(".+")
    ]


def _normal(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).strip(".")


def _territories(language: str) -> Mapping[str, str]:
    territories: Mapping[str, str] = _locale(language).territories
    return territories


def _currencies(language: str) -> Mapping[str, str]:
    currencies: Mapping[str, str] = _locale(language).currencies
    return currencies


def _locale(language: str) -> Any:
    from babel import Locale  # 25 ms to import: only who names something pays it

    return Locale.parse(language)
