"""How the bot speaks: one :class:`Tongue` per language, with words (gettext) and formats (CLDR, by Babel).

A handler asks :class:`Tongues` for the tongue of a chat and words everything through it. The catalogues are
``bot/locales/<code>/LC_MESSAGES/bot.po``; they are compiled in memory at first use (a few milliseconds), so
there is no build step and nothing binary in git. English is the source: what a catalogue lacks is said in
English.

After changing a string (from the top of the checkout)::

    pybabel extract -F bot/locales/babel.cfg -k N_ --no-location -o bot.pot bot handlers
    pybabel update -D bot -i bot.pot -d bot/locales --no-fuzzy-matching --no-wrap --ignore-pot-creation-date

then fill in the empty entries; ``tests/test_locales.py`` names every one that is missing.
"""

from __future__ import annotations

import datetime as dt
import gettext
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel import Locale, dates, lists, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.settings import LANGUAGES

SOURCE_LANGUAGE = "en"
LOCALES = Path(__file__).with_name("locales")

# English here is read between Aqtau and Bishkek: days before months and 24-hour clocks, as in what people
# type.
CLDR_LOCALES = {"en": "en_GB"}

RELATIVE_UNTIL = dt.timedelta(days=1)
"""Younger than this is told as an age ("3 hours ago"), older as a date."""


def N_(message: str) -> str:  # noqa: N802 - the name that gettext users and pybabel know
    """Mark a string for the catalogues that is translated later, where the reader is known."""
    return message


def negotiate(wanted: str | None, default: str) -> str:
    """Choose one of our languages for an IETF tag, as in ``language_code``: ``ru``, ``uz-Cyrl``."""
    code = (wanted or "").replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES else default


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: translated phrases, and names, dates and numbers the way its readers write them."""

    code: str
    locale: Locale
    translations: gettext.NullTranslations

    def gettext(self, message: str) -> str:
        """Translate a phrase."""
        return self.translations.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate a phrase that depends on the number ``n``."""
        return self.translations.ngettext(singular, plural, n)

    def language_name(self, code: str) -> str:
        """Name a language, to stand at the head of a line."""
        return capitalised(str(self.locale.languages.get(code) or code))

    def listing(self, names: Sequence[str]) -> str:
        """Write names in a row: ``Kazakhstan, Uzbekistan and Energy``."""
        return lists.format_list(names, locale=self.locale)

    def date(self, day: dt.date) -> str:
        """Write a date with its year, in the short way: ``4 Mar 2026``."""
        return dates.format_date(day, "medium", locale=self.locale)

    def day(self, day: dt.date) -> str:
        """Write a date without its year: ``4 Mar``."""
        return dates.format_skeleton("MMMd", day, locale=self.locale)

    def weekday_and_day(self, day: dt.date) -> str:
        """Write a date as a heading of today: ``Wednesday, 4 March``."""
        weekday = dates.get_day_names("wide", "stand-alone", self.locale)[day.weekday()]
        return f"{capitalised(weekday)}, {dates.format_skeleton('MMMMd', day, locale=self.locale)}"

    def weekday(self, iso_weekday: int) -> str:
        """Name a day of the week in short; 1 is Monday."""
        names = dates.get_day_names("abbreviated", "stand-alone", self.locale)
        return capitalised(names[iso_weekday - 1])

    def time(self, at: dt.time) -> str:
        """Write a time of day: ``08:00``."""
        return dates.format_time(at, "short", locale=self.locale)

    def age(self, then: dt.datetime, now: dt.datetime) -> str:
        """Say how long ago ``then`` was, or its date when that is a day or more.

        The date is the one in the zone of ``now``: pass the reader's local time. What lies ahead (a clock
        that runs fast) counts as a minute ago.
        """
        passed = max(now - then, dt.timedelta(minutes=1))
        if passed < RELATIVE_UNTIL:
            return dates.format_timedelta(
                -passed, granularity="minute", threshold=1, add_direction=True, locale=self.locale
            )
        local_day = then.astimezone(now.tzinfo).date()
        return self.day(local_day) if local_day.year == now.year else self.date(local_day)

    def number(self, value: Decimal | int) -> str:
        """Write a number with exactly the digits that it carries: ``Decimal("12105.50")`` → ``12,105.50``."""
        return _written_number(str(value), self.locale)

    def percent(self, value: Decimal) -> str:
        """Write per cents with exactly the digits that they carry: ``Decimal("0.31")`` → ``0.31%``."""
        pattern = self.locale.percent_formats[None].pattern.replace("#,##0", _pattern(value))
        return numbers.format_percent(value / 100, format=pattern, locale=self.locale)


@dataclass(frozen=True, slots=True)
class Tongues:
    """Every tongue, loaded when it is first asked for and kept."""

    folder: Path = LOCALES
    _loaded: dict[str, Tongue] = field(default_factory=dict, repr=False)

    def __getitem__(self, code: str) -> Tongue:
        """Give the tongue of a language code; English for a language that we do not speak."""
        known = code if code in LANGUAGES else SOURCE_LANGUAGE
        if known not in self._loaded:
            self._loaded[known] = Tongue(
                known, Locale.parse(CLDR_LOCALES.get(known, known)), read_catalogue(self.folder, known)
            )
        return self._loaded[known]

    def __iter__(self) -> Iterator[Tongue]:
        """All of them, in the order of the settings."""
        return (self[code] for code in LANGUAGES)


def read_catalogue(folder: Path, code: str) -> gettext.NullTranslations:
    """Read and compile one catalogue; the source language has none, and needs none."""
    path = folder / code / "LC_MESSAGES" / "bot.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def capitalised(text: str) -> str:
    """Raise the first letter only: CLDR writes names as they stand inside a sentence."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=4096)
def _written_number(digits: str, locale: Locale) -> str:
    """Write a number. Keyed by its digits, because ``Decimal("1.0")`` equals ``Decimal("1")`` and looks different."""
    value = Decimal(digits)
    return numbers.format_decimal(value, format=_pattern(value), locale=locale)


def _pattern(value: Decimal | int) -> str:
    """Give the number pattern of Unicode TR 35 that shows every decimal place of ``value`` and no more."""
    exponent = Decimal(value).as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return "#,##0" + ("." + "0" * places if places else "")
