"""What people call money: codes, signs, and names in seven languages, with the endings that grammar puts on them.

Text in, ISO code out. Everyday words stand in a small table here; full names ("казахский тенге") come from the
catalogue and CLDR. The reader's language decides where a word is two currencies: *som* is Kyrgyz, but Uzbek to
an Uzbek.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from bot.catalogue import LANGUAGES, Catalogue

_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "$": "USD",
        "€": "EUR",
        "₽": "RUB",
        "₸": "KZT",
        "£": "GBP",
        "¥": "CNY",
        "₺": "TRY",
        "₼": "AZN",
        "⃀": "KGS",
    }
    | {"₾": "GEL", "₴": "UAH", "₹": "INR", "₩": "KRW", "₮": "MNT", "₪": "ILS", "₫": "VND", "₱": "PHP"}
)

_STEMS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("сом", "som"), "KGS")
    | dict.fromkeys(("тенге", "теңге", "tenge", "тенга", "танга", "teňňe", "тг"), "KZT")
    | dict.fromkeys(("сомони", "сомонӣ", "somoni", "somoniy"), "TJS")
    | dict.fromkeys(("сум", "сўм", "сӯм", "so'm", "sum", "soum"), "UZS")
    | dict.fromkeys(("манат", "manat", "manad"), "TMT")
    | dict.fromkeys(("доллар", "dollar", "долл", "бакс", "buck"), "USD")
    | dict.fromkeys(("евро", "еуро", "euro", "yevro", "ýewro", "evro"), "EUR")
    | dict.fromkeys(("рубл", "рубль", "руб", "rubl", "ruble", "rouble", "рубель"), "RUB")
    | dict.fromkeys(("юан", "yuan", "ýuan", "renminbi", "женьминьби"), "CNY")
    | dict.fromkeys(("фунт", "pound", "funt"), "GBP")
    | dict.fromkeys(("лир", "lira"), "TRY")
    | dict.fromkeys(("иен", "йен", "yen"), "JPY")
    | dict.fromkeys(("франк", "franc"), "CHF")
)
_LOCAL_STEMS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"uz": {"som": "UZS", "сом": "UZS", "сўм": "UZS"}, "tg": {"сом": "TJS", "som": "TJS"}}
)

_ENDINGS = frozenset(
    ending
    for endings in (
        "а у е ы и я ю ь ов ом ам ах ами ей ев ям ях ями ём ой ою й",  # Russian
        "ы і сы сі у ү су сү ға ге қа ке га го гө ка ко ды ді ду ди ты ті ту ны ні ну ни",  # Kazakh, Kyrgyz
        "мен бен пен дан ден дон тан тен тон нан нен ның нің дың дің тың тің нын нин дын дун тун",
        "лар лер дар дер тар тер лор ларға лерге дарға ларды дарды",
        "ga ka qa ni ning dan da lar larga larni lardan i si",  # Uzbek
        "и ро ҳо",  # Tajik
        "a e y yň iň den lary laryna na ne ny",  # Turkmen
        "s es",  # English
    )
    for ending in endings.split()
)
_ADJECTIVE_END = re.compile(r"ск[аеёиоуыюя][а-яё]{0,2}$")
_NOUN_END = re.compile(r"(?<=[а-яё]{3})(?<!ск)(?:ами|ями|ов|ам|ям|ах|ях|ом|ей|[аеиоуыюяьй])$")
_CLOSE_ENOUGH = 0.6
_MOST_SUGGESTIONS = 3


@dataclass(frozen=True)
class CurrencyNames:
    """Every way to name a currency. Cheap to make; the index of CLDR's names is built when first needed."""

    catalogue: Catalogue

    def find(self, text: str, language: str = "en") -> str | None:
        """The ISO code that all of ``text`` names, or None."""
        name = _normal(text)
        if not name:
            return None
        return (
            _SIGNS.get(name)
            or (name.upper() if name.upper() in self._current else None)
            or _by_stem(name, _LOCAL_STEMS.get(language, {}))
            or _by_stem(name, _STEMS)
            or self.catalogue.find_currency(text)
            or self._cldr_names.get(name)
            or (self._russian_names.get(_bare(name)) if " " in name else None)
        )

    def suggest(self, text: str) -> tuple[str, ...]:
        """The codes that were probably meant by a name with a slip in it, nearest first, at most three."""
        typed = _normal(text)
        near = difflib.get_close_matches(typed, self._likely_names, n=8, cutoff=_CLOSE_ENOUGH)
        near.sort(key=lambda name: name[0] != typed[0])  # a slip is seldom in the first letter
        return tuple(dict.fromkeys(self._likely_names[name] for name in near))[:_MOST_SUGGESTIONS]

    @cached_property
    def _current(self) -> frozenset[str]:
        """Codes of money that is legal tender somewhere now, by CLDR, and the IMF's drawing right."""
        from babel.core import get_global

        territories: Mapping[str, Any] = get_global("territory_currencies")
        tender = {
            code for uses in territories.values() for code, _, end, is_tender in uses if is_tender and not end
        }
        return frozenset(tender | {"XDR"})

    @cached_property
    def _cldr_names(self) -> dict[str, str]:
        index: dict[str, str] = {}
        for code in sorted(self._current):
            for name in _all_names(code):
                index.setdefault(_normal(name), code)
        return index

    @cached_property
    def _russian_names(self) -> dict[str, str]:
        """Names of two words and more without their endings: "казахских тенге", "туркменские манаты"."""
        index: dict[str, str] = {}
        for name, code in self._cldr_names.items():
            if " " in name and "ск" in name:
                index.setdefault(_bare(name.removeprefix("новый ")), code)
        return index

    @cached_property
    def _likely_names(self) -> dict[str, str]:
        """What a suggestion may come from: the catalogue's currencies, under every name that we know."""
        codes = [currency.code for currency in self.catalogue.currencies]
        full = {_normal(name): code for code in codes for name in _all_names(code)}
        return {code.casefold(): code for code in codes} | dict(_STEMS) | full


def _by_stem(name: str, stems: Mapping[str, str]) -> str | None:
    """The longest stem that the word begins with, if what follows is an ending (``сом|дон`` is not ``сомон|и``)."""
    for length in range(len(name), 1, -1):
        code = stems.get(name[:length])
        if code and (length == len(name) or name[length:] in _ENDINGS):
            return code
    return None


def _bare(name: str) -> str:
    """The words of a Russian name down to what all their cases have in common."""
    return " ".join(_ADJECTIVE_END.sub("ск", _NOUN_END.sub("", word)) for word in name.split())


def _normal(text: str) -> str:
    """One spelling: lower case, one kind of apostrophe and none at the edges, single spaces, no full stops."""
    straight = re.sub("[’‘ʻʼ`´]", "'", text.casefold()).replace(".", " ")
    return " ".join(straight.split()).strip("'")


def _all_names(code: str) -> Iterator[str]:
    from babel.numbers import get_currency_name  # Babel takes 25 ms to import: only who converts pays it

    for language in LANGUAGES:
        for count in (None, 1, 2, 5):  # enough to meet every plural form of the seven
            yield get_currency_name(code, count, locale=language)
