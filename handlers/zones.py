"""Time zones by what people type: a city in any of our languages, an IANA name, a UTC offset, small slips allowed.

The names of cities are CLDR's (through Babel), besides those of the region's other cities, listed here. The
index is built once, when the first person types a zone.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from rapidfuzz import fuzz, process

from bot.language import Tongue
from bot.settings import LANGUAGES

REGION = (
    "Asia/Almaty",
    "Asia/Bishkek",
    "Asia/Dushanbe",
    "Asia/Ashgabat",
    "Asia/Tashkent",
    "Asia/Kabul",
    "Asia/Baku",
    "Asia/Tehran",
    "Europe/Moscow",
    "Europe/Istanbul",
    "Asia/Dubai",
    "Asia/Shanghai",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
)
"""Those offered by buttons: the five, their neighbours, and where many of their people live."""

# Cities that are no zone of their own, by the names that people type.
_OTHER_CITIES = {
    "Asia/Almaty": "Astana Астана Nur-Sultan Нур-Султан Alma-Ata Алма-Ата Shymkent Шымкент Karaganda Караганда "
    "Қарағанды Pavlodar Павлодар Taraz Тараз Oskemen Өскемен Semey Семей Almaty",
    "Asia/Bishkek": "Osh Ош Frunze Фрунзе Karakol Каракол Jalal-Abad Джалал-Абад Naryn Нарын",
    "Asia/Dushanbe": "Khujand Худжанд Хуҷанд Kulob Куляб Кӯлоб Khorog Хорог Хоруғ Душанбе",
    "Asia/Ashgabat": "Mary Мары Turkmenabat Туркменабад Türkmenabat Dashoguz Дашогуз Daşoguz Ashkhabad",
    "Asia/Samarkand": "Bukhara Бухара Buxoro Nukus Нукус Khiva Хива Xiva Navoi Навои Navoiy",
    "Asia/Tashkent": "Namangan Наманган Andijan Андижан Andijon Fergana Фергана Fargʻona",
    "Europe/Moscow": "Petersburg Петербург Санкт-Петербург Kazan Казань Sochi Сочи",
    "Europe/Istanbul": "Ankara Анкара Antalya Анталья Анталия",
    "Europe/Berlin": "Munich München Мюнхен Frankfurt Франкфурт Hamburg Гамбург Bonn",
    "Asia/Shanghai": "Beijing Пекин Guangzhou",
    "Asia/Kolkata": "Delhi Дели Mumbai Мумбаи",
    "Asia/Karachi": "Islamabad Исламабад Lahore Лахор",
    "America/New_York": "Washington Вашингтон Boston Бостон",
    "America/Los_Angeles": "Seattle Сиэтл",
}
_NOT_PLACES = ("Etc/", "SystemV/", "posix/", "right/")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+−-])\s*([0-9]{1,2})(?::?00)?", re.IGNORECASE)

SURE, POSSIBLE = 88, 72
"""Likeness, of 100, from which a slip of the finger is certain, and from which it is worth a question."""


@dataclass(frozen=True, slots=True)
class ZoneReading:
    """The zone that was named, or else those that may have been meant."""

    zone: str | None
    suggestions: tuple[str, ...] = ()


def read_zone(text: str) -> ZoneReading:
    """Find the time zone that a person typed."""
    if (match := _OFFSET.fullmatch(text.strip())) and int(match[2]) <= 12:
        return ZoneReading(_zone_of_offset(match[1], int(match[2])))
    names = _names()
    key = _key(text)
    if key in names:
        return ZoneReading(names[key])
    near = process.extract(key, names.keys(), scorer=fuzz.ratio, score_cutoff=POSSIBLE, limit=12)
    zones = tuple(dict.fromkeys(names[name] for name, _, _ in near))[:3]
    if near and near[0][1] >= SURE:
        return ZoneReading(zones[0])
    return ZoneReading(None, zones)


def zone_label(zone: str, tongue: Tongue) -> str:
    """Name a zone by its city, in CLDR's words where it has them."""
    if zone.startswith("Etc/GMT"):
        return offset_label(dt.timedelta(hours=-int(zone.removeprefix("Etc/GMT") or 0)))
    known = get_global("zone_aliases").get(zone, zone)
    city = tongue.locale.time_zones.get(known, {}).get("city")
    return str(city or zone.rpartition("/")[2].replace("_", " "))


def offset_label(offset: dt.timedelta) -> str:
    """Write an offset as people know it: ``UTC+5``, ``UTC+5:30``, ``UTC−3``."""
    minutes = abs(int(offset.total_seconds())) // 60
    sign = "−" if offset < dt.timedelta() else "+"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def _zone_of_offset(sign: str, hours: int) -> str:
    """POSIX signs point the other way round: ``Etc/GMT-5`` is five hours ahead of Greenwich."""
    if hours == 0:
        return "UTC"
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"


@cache
def _names() -> Mapping[str, str]:
    """Every name of every zone; where two claim one, the region's own and then the plain IANA name win."""
    names: dict[str, str] = {}
    zones = sorted(zone for zone in available_timezones() if not zone.startswith(_NOT_PLACES))
    for zone in (*REGION, *zones):
        names.setdefault(_key(zone), zone)
    for zone in (*REGION, *(zone for zone in zones if "/" in zone)):
        for name in (zone.rpartition("/")[2], *_cities(zone)):
            names.setdefault(_key(name), zone)
    return names


def _cities(zone: str) -> Iterator[str]:
    yield from _OTHER_CITIES.get(zone, "").split()
    known = get_global("zone_aliases").get(zone, zone)
    for language in LANGUAGES:
        if city := Locale.parse(language).time_zones.get(known, {}).get("city"):
            yield city


def _key(name: str) -> str:
    """One spelling of a name: no case, no accents, no punctuation."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in decomposed if char.isalnum() or char in "+/")
