"""Words for numbers. Multipliers are stems; they make an amount of what stands before them, or are one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_RUSSIAN = {
    "двое": 2, "двух": 2, "две": 2, "два": 2, "трое": 3, "трёх": 3, "трех": 3, "три": 3, "четыре": 4, "четырё": 4,
    "пять": 5, "пяти": 5, "шесть": 6, "шести": 6, "семь": 7, "семи": 7, "восемь": 8, "восьми": 8, "девять": 9,
    "девяти": 9, "десять": 10, "десяти": 10, "одиннадцат": 11, "двенадцат": 12, "тринадцат": 13, "четырнадцат": 14,
    "пятнадцат": 15, "шестнадцат": 16, "семнадцат": 17, "восемнадцат": 18, "девятнадцат": 19, "двадцат": 20,
    "тридцат": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80, "девяност": 90,
}  # fmt: skip

_TURKIC_AND_TAJIK = {
    "екі": 2, "эки": 2, "икки": 2, "ikki": 2, "iki": 2, "үш": 3, "үч": 3, "uch": 3, "üç": 3, "төрт": 4, "тўрт": 4,
    "dört": 4, "бес": 5, "беш": 5, "besh": 5, "bäş": 5,
    "алты": 6, "олти": 6, "olti": 6, "alty": 6, "жеті": 7, "жети": 7,
    "етти": 7, "yetti": 7, "ýedi": 7, "сегіз": 8, "сегиз": 8, "саккиз": 8, "sakkiz": 8, "sekiz": 8, "тоғыз": 9,
    "тогуз": 9, "тўққиз": 9, "dokuz": 9, "ўн": 10, "жиырма": 20, "жыйырма": 20, "йигирма": 20, "yigirma": 20,
    "ýigrimi": 20, "отыз": 30, "отуз": 30, "ўттиз": 30, "otuz": 30, "қырық": 40, "кырк": 40, "қирқ": 40, "qirq": 40,
    "елу": 50, "элүү": 50, "эллик": 50, "ellik": 50, "алпыс": 60, "алтымыш": 60, "олтмиш": 60, "oltmish": 60,
    "жетпіс": 70, "жетимиш": 70, "етмиш": 70, "yetmish": 70, "сексен": 80, "sakson": 80, "тоқсан": 90,
    "токсон": 90, "тўқсон": 90, "чор": 4, "чаҳор": 4, "панҷ": 5, "шаш": 6, "ҳафт": 7, "ҳашт": 8, "нӯҳ": 9, "даҳ": 10,
    "понздаҳ": 15, "бист": 20, "чил": 40, "панҷоҳ": 50, "шаст": 60, "ҳафтод": 70, "ҳаштод": 80, "навад": 90,
}  # fmt: skip

UNITS: Mapping[str, float] = MappingProxyType(
    {word: float(number) for number, word in enumerate(_ENGLISH.split())}
    | {word: 20.0 + 10 * number for number, word in enumerate(_TENS.split())}
    | {
        "dozen": 12.0,
        "decade": 10.0,
        "twice": 2.0,
        "doubled": 2.0,
        "double": 2.0,
        "tripled": 3.0,
        "once": 1.0,
    }
    | {word: float(number) for word, number in (_RUSSIAN | _TURKIC_AND_TAJIK).items()}
    | {"decades": 10.0, "first": 1.0, "second": 2.0, "third": 3.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0}
)

FRACTIONS: Mapping[str, float] = MappingProxyType(
    {
        "half": 50.0,
        "third": 30.0,
        "quarter": 25.0,
        "fifth": 20.0,
        "tenth": 10.0,
        "треть": 30.0,
        "половина": 50.0,
    }
)
"""Parts of a whole, in percent and as tellers round them."""

MULTIPLIERS: Mapping[str, float] = MappingProxyType(
    {
        "hundred": 1e2, "centur": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
        "сотн": 1e2, "тысяч": 1e3, "миллион": 1e6, "млн": 1e6, "миллиард": 1e9, "млрд": 1e9,
        "жүз": 1e2, "юз": 1e2, "yuz": 1e2, "ýüz": 1e2, "мың": 1e3, "миң": 1e3, "минг": 1e3, "ming": 1e3, "müň": 1e3,
        "ҳазор": 1e3, "mlrd": 1e9, "milliard": 1e9, "mln": 1e6,
    }
)  # fmt: skip
